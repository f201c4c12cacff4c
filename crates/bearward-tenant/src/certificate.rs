//! The certificate beside each published key: signed by the key itself, for SDKs that read `x5c`.

use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{Digest, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bearward::sign::SigningKey;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256,
};
use serde_json::{Value, json};

use crate::error::TenantError;
use crate::model::SigningAlgorithm;

/// Nobody checks the dates of these; ten years outlive the key.
const VALID_FOR: Duration = Duration::from_secs(10 * 365 * 86_400);

/// An X.509 certificate, DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Certificate(pub(crate) Vec<u8>);

impl Certificate {
    /// One for this key, in the name of the issuer's host.
    pub(crate) fn of(
        key: &SigningKey,
        algorithm: SigningAlgorithm,
        host: &str,
        now: SystemTime,
    ) -> Result<Certificate, TenantError> {
        let unmade = "the certificate of a signing key could not be made";
        let der = key.to_pkcs8().map_err(|error| TenantError::surroundings(unmade, error))?;
        let signing = match algorithm {
            SigningAlgorithm::Es256 => &PKCS_ECDSA_P256_SHA256,
            SigningAlgorithm::Rs256 | SigningAlgorithm::Rs512 | SigningAlgorithm::Ps256 => {
                &PKCS_RSA_SHA256
            }
        };
        let made = || -> Result<Vec<u8>, rcgen::Error> {
            let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der.into(), signing)?;
            let mut parameters = CertificateParams::default();
            parameters.distinguished_name = DistinguishedName::new();
            parameters.distinguished_name.push(DnType::CommonName, host);
            parameters.not_before = now.into();
            parameters.not_after = (now + VALID_FOR).into();
            Ok(parameters.self_signed(&pair)?.der().to_vec())
        };
        made().map(Certificate).map_err(|error| TenantError::surroundings(unmade, error))
    }

    /// Adds `x5c`, `x5t` and `x5t#S256` to a public JWK.
    ///
    /// Source: RFC 7517 sections 4.7 to 4.9.
    pub(crate) fn add_to(&self, jwk: &mut Value) {
        jwk["x5c"] = json!([STANDARD.encode(&self.0)]);
        jwk["x5t"] = URL_SAFE_NO_PAD.encode(self.sha1()).into();
        jwk["x5t#S256"] = URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.0)).into();
    }

    /// As `-----BEGIN CERTIFICATE-----`.
    pub(crate) fn pem(&self) -> String {
        let text = STANDARD.encode(&self.0);
        let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem + "-----END CERTIFICATE-----\n"
    }

    /// The SHA-1 of the certificate, which names it and secures nothing.
    pub(crate) fn sha1(&self) -> Digest {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// The hashes of `abc` as FIPS 180-4's example files give them.
    #[test]
    fn a_key_names_its_certificate_and_the_hashes_of_it() {
        let mut jwk = json!({});
        Certificate(b"abc".to_vec()).add_to(&mut jwk);
        assert_eq!(
            jwk,
            json!({
                "x5c": ["YWJj"],
                "x5t": "qZk-NkcGgWq6PiVxeFDCbJzQ2J0",
                "x5t#S256": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
            })
        );
    }
}
