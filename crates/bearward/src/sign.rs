//! Making keys and signing tokens: the other side of [`crate`], for authorization servers and tests.
//!
//! Feature `sign`. A resource server needs none of this.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::algorithm::Algorithm;

/// A private key with the one algorithm it signs with and the `kid` it is published under.
///
/// `Debug` shows the algorithm and the `kid`, never the key.
///
/// # Example
/// ```
/// use bearward::{Algorithm, sign::SigningKey};
/// # fn main() -> Result<(), bearward::sign::SigningError> {
/// let key = SigningKey::generate(Algorithm::Es256)?;
/// let token = key.sign("at+jwt", &serde_json::json!({ "sub": "alice" }))?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok(())
/// # }
/// ```
///
/// Source: RFC 7515 section 5.1.
pub struct SigningKey {
    algorithm: Algorithm,
    kid: String,
    pair: Pair,
}

enum Pair {
    Rsa { pair: RsaKeyPair, padding: &'static dyn RsaEncoding },
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

enum Method {
    Rsa(&'static dyn RsaEncoding),
    Ec(&'static EcdsaSigningAlgorithm),
    Ed25519,
}

fn method(algorithm: Algorithm) -> Method {
    match algorithm {
        Algorithm::Rs256 => Method::Rsa(&RSA_PKCS1_SHA256),
        Algorithm::Rs384 => Method::Rsa(&RSA_PKCS1_SHA384),
        Algorithm::Rs512 => Method::Rsa(&RSA_PKCS1_SHA512),
        Algorithm::Ps256 => Method::Rsa(&RSA_PSS_SHA256),
        Algorithm::Ps384 => Method::Rsa(&RSA_PSS_SHA384),
        Algorithm::Ps512 => Method::Rsa(&RSA_PSS_SHA512),
        Algorithm::Es256 => Method::Ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::Es384 => Method::Ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::Es512 => Method::Ec(&ECDSA_P521_SHA512_FIXED_SIGNING),
        Algorithm::Ed25519 | Algorithm::EdDsa => Method::Ed25519,
    }
}

impl SigningKey {
    /// A new key from the operating system's randomness. RSA keys have 2048 bits. The `kid` is the
    /// key's RFC 7638 thumbprint.
    ///
    /// RSA key generation takes tens to hundreds of milliseconds.
    ///
    /// # Errors
    /// When the cryptographic library cannot make a key.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// assert!(SigningKey::generate(Algorithm::Ed25519).is_ok());
    /// ```
    pub fn generate(algorithm: Algorithm) -> Result<SigningKey, SigningError> {
        let failed = |_| SigningError("the cryptographic library could not generate a key");
        let pair = match method(algorithm) {
            Method::Rsa(padding) => {
                Pair::Rsa { pair: RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?, padding }
            }
            Method::Ec(ec) => Pair::Ec(EcdsaKeyPair::generate(ec).map_err(failed)?),
            Method::Ed25519 => Pair::Ed25519(Ed25519KeyPair::generate().map_err(failed)?),
        };
        Ok(SigningKey::new(algorithm, pair))
    }

    /// A key from its PKCS#8 DER bytes. The `kid` is the key's RFC 7638 thumbprint.
    ///
    /// # Errors
    /// When the bytes are no PKCS#8 key of the algorithm's kind, or the RSA key is outside
    /// 2048 to 8192 bits.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// let key = SigningKey::generate(Algorithm::Es256)?;
    /// let same = SigningKey::from_pkcs8(Algorithm::Es256, &key.to_pkcs8()?)?;
    /// assert_eq!(key.kid(), same.kid());
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<SigningKey, SigningError> {
        let rejected = |_| SigningError("expected a PKCS#8 private key of the algorithm's kind");
        let pair = match method(algorithm) {
            Method::Rsa(padding) => {
                Pair::Rsa { pair: RsaKeyPair::from_pkcs8(der).map_err(rejected)?, padding }
            }
            Method::Ec(ec) => Pair::Ec(EcdsaKeyPair::from_pkcs8(ec, der).map_err(rejected)?),
            Method::Ed25519 => Pair::Ed25519(Ed25519KeyPair::from_pkcs8(der).map_err(rejected)?),
        };
        Ok(SigningKey::new(algorithm, pair))
    }

    fn new(algorithm: Algorithm, pair: Pair) -> SigningKey {
        let mut key = SigningKey { algorithm, kid: String::new(), pair };
        key.kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, key.thumbprint_input().as_bytes()));
        key
    }

    /// The same key under another `kid`.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// let key = SigningKey::generate(Algorithm::Es256)?.with_kid("2026-11");
    /// assert_eq!(key.kid(), "2026-11");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> SigningKey {
        self.kid = kid.into();
        self
    }

    /// The `kid` that the key is published under and that stands in the header of its tokens.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// assert_eq!(SigningKey::generate(Algorithm::Es256)?.kid().len(), 43); // a SHA-256 thumbprint
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The algorithm that the key signs with.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// assert_eq!(SigningKey::generate(Algorithm::Es256)?.algorithm(), Algorithm::Es256);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The private key as PKCS#8 DER bytes, unencrypted: keep them as you keep a password.
    ///
    /// # Errors
    /// When the cryptographic library cannot encode the key.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// let der = SigningKey::generate(Algorithm::Ed25519)?.to_pkcs8()?;
    /// assert!(SigningKey::from_pkcs8(Algorithm::Ed25519, &der).is_ok());
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, SigningError> {
        let failed = |_| SigningError("the cryptographic library could not encode the key");
        match &self.pair {
            Pair::Rsa { pair, .. } => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                Ok(der.as_ref().to_vec())
            }
            Pair::Ec(pair) => Ok(pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.to_pkcs8().map_err(failed)?.as_ref().to_vec()),
        }
    }

    /// The public half as the text of a JWK, with `use`, `alg` and `kid`.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// let jwk = SigningKey::generate(Algorithm::Es256)?.public_jwk();
    /// assert!(jwk.contains(r#""kty":"EC""#) && !jwk.contains(r#""d":"#));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 7517 section 4.
    #[must_use]
    pub fn public_jwk(&self) -> String {
        let mut jwk = serde_json::Map::new();
        for (name, value) in self.public_members() {
            jwk.insert(name.into(), value.into());
        }
        jwk.insert("use".into(), "sig".into());
        jwk.insert("alg".into(), self.algorithm.name().into());
        jwk.insert("kid".into(), self.kid.as_str().into());
        serde_json::Value::Object(jwk).to_string()
    }

    /// Signs a token: the header gets `alg`, `kid` and this `typ`, the payload is `claims` as JSON.
    ///
    /// It checks nothing about the claims: a server that issues tokens decides what they hold.
    ///
    /// # Errors
    /// When `claims` do not become JSON, or the cryptographic library cannot sign.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// let key = SigningKey::generate(Algorithm::Es256)?;
    /// let token = key.sign("JWT", &serde_json::json!({ "iss": "https://example.com/" }))?;
    /// # assert!(token.starts_with("ey"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, SigningError> {
        let header =
            serde_json::json!({ "alg": self.algorithm.name(), "typ": typ, "kid": self.kid });
        let claims = serde_json::to_vec(claims)
            .map_err(|_| SigningError("the claims do not become JSON"))?;
        self.sign_parts(header.to_string().as_bytes(), &claims)
    }

    /// Signs these exact header and payload bytes, whatever they are: for tests of what a verifier
    /// must refuse.
    ///
    /// # Errors
    /// When the cryptographic library cannot sign.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), bearward::sign::SigningError> {
    /// let key = SigningKey::generate(Algorithm::Es256)?;
    /// let token = key.sign_parts(br#"{"alg":"none"}"#, b"not even JSON")?;
    /// # assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign_parts(&self, header: &[u8], payload: &[u8]) -> Result<String, SigningError> {
        let mut token = URL_SAFE_NO_PAD.encode(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let failed = |_| SigningError("the cryptographic library could not sign");
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa { pair, padding } => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&random, message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.try_sign(message).map_err(failed)?.as_ref().to_vec()),
        }
    }

    /// The members that make the key, in the order of RFC 7638 section 3.2 (lexicographic).
    fn public_members(&self) -> Vec<(&'static str, String)> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::Rsa { pair, .. } => {
                let public = pair.public_key();
                vec![
                    ("e", text(public.exponent().big_endian_without_leading_zero())),
                    ("kty", "RSA".into()),
                    ("n", text(public.modulus().big_endian_without_leading_zero())),
                ]
            }
            Pair::Ec(pair) => {
                // An uncompressed point: 0x04, x, y, the coordinates of equal length.
                let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                let crv = match self.algorithm {
                    Algorithm::Es384 => "P-384",
                    Algorithm::Es512 => "P-521",
                    _ => "P-256",
                };
                vec![("crv", crv.into()), ("kty", "EC".into()), ("x", text(x)), ("y", text(y))]
            }
            Pair::Ed25519(pair) => vec![
                ("crv", "Ed25519".into()),
                ("kty", "OKP".into()),
                ("x", text(pair.public_key().as_ref())),
            ],
        }
    }

    fn thumbprint_input(&self) -> String {
        let members: Vec<String> = self
            .public_members()
            .iter()
            .map(|(name, value)| format!("\"{name}\":\"{value}\""))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// A key could not be made or used. It says what was expected, never a byte of the key.
///
/// # Example
/// ```
/// use bearward::{Algorithm, sign::SigningKey};
/// let error = SigningKey::from_pkcs8(Algorithm::Rs256, b"no key").unwrap_err();
/// assert_eq!(error.to_string(), "expected a PKCS#8 private key of the algorithm's kind");
/// ```
#[derive(Debug)]
pub struct SigningError(&'static str);

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for SigningError {}
