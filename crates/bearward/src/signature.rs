//! Keys and signatures: the only file that names the cryptographic library (besides `sign`).

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};

use crate::algorithm::Algorithm;
use crate::jwk::Material;
use crate::jws::UnverifiedJws;
use crate::rejection::{Reason, Rejection};

/// A public key, parsed once, for exactly one algorithm.
pub(crate) struct VerificationKey {
    algorithm: Algorithm,
    parsed: ParsedPublicKey,
}

/// Claims as bytes, signed by a key of the issuer.
pub(crate) struct VerifiedPayload(Vec<u8>);

/// Proof that a signature holds. Only [`VerificationKey::verify`] can make one.
pub(crate) struct SignatureHolds(());

enum Verifier {
    Rsa(&'static RsaParameters),
    Other(&'static dyn VerificationAlgorithm),
}

/// The ES verifiers take exactly R‖S in the curve's length (RFC 7518 section 3.4); the PSS ones
/// want the same hash in MGF1 and a salt as long as the hash (section 3.5).
fn verifier(algorithm: Algorithm) -> Verifier {
    match algorithm {
        Algorithm::Rs256 => Verifier::Rsa(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Verifier::Rsa(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Verifier::Rsa(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Verifier::Rsa(&RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Verifier::Rsa(&RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Verifier::Rsa(&RSA_PSS_2048_8192_SHA512),
        Algorithm::Es256 => Verifier::Other(&ECDSA_P256_SHA256_FIXED),
        Algorithm::Es384 => Verifier::Other(&ECDSA_P384_SHA384_FIXED),
        Algorithm::Es512 => Verifier::Other(&ECDSA_P521_SHA512_FIXED),
        Algorithm::Ed25519 | Algorithm::EdDsa => Verifier::Other(&ED25519),
    }
}

impl VerificationKey {
    /// `None` when the library refuses the key, such as a point that is not on its curve.
    pub(crate) fn parse(algorithm: Algorithm, material: &Material) -> Option<VerificationKey> {
        let parsed = match (verifier(algorithm), material) {
            (Verifier::Rsa(parameters), Material::Rsa { n, e }) => {
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters).ok()?
            }
            (Verifier::Other(other), Material::Point { bytes }) => {
                ParsedPublicKey::new(other, bytes).ok()?
            }
            _ => return None,
        };
        Some(VerificationKey { algorithm, parsed })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// One key, one algorithm: that they agree is checked here, at the moment of use
    /// (RFC 8725 section 3.1).
    pub(crate) fn holds(&self, jws: &UnverifiedJws<'_>) -> Result<SignatureHolds, Rejection> {
        if self.algorithm != jws.header.algorithm {
            return Err(Rejection::new(
                Reason::BadSignature,
                format!("the key is for {}, not for {}", self.algorithm, jws.header.algorithm),
            ));
        }
        self.parsed
            .verify_sig(jws.signing_input.as_bytes(), &jws.signature)
            .map(|()| SignatureHolds(()))
            .map_err(|_| {
                Rejection::new(
                    Reason::BadSignature,
                    format!("the {} signature does not fit the issuer's key", self.algorithm),
                )
            })
    }
}

impl VerifiedPayload {
    pub(crate) fn open(jws: UnverifiedJws<'_>, proof: SignatureHolds) -> VerifiedPayload {
        VerifiedPayload(jws.open(proof))
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
