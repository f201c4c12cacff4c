//! Fixed private keys. They are public: anybody can sign with them, so trust them in tests only.

use bearward::sign::SigningKey;
use bearward::{Algorithm, JwkSet};

/// A fixed key that signs with this algorithm, under the algorithm's name in lower case as `kid`.
/// The six RSA algorithms share one RSA key of 2048 bits.
///
/// # Example
/// ```
/// use bearward::Algorithm;
/// assert_eq!(bearward_testkit::keys::signing_key(Algorithm::Rs256).kid(), "rs256");
/// ```
#[must_use]
pub fn signing_key(algorithm: Algorithm) -> SigningKey {
    let der: &[u8] = match algorithm {
        Algorithm::Es256 => include_bytes!("../keys/p256.der"),
        Algorithm::Es384 => include_bytes!("../keys/p384.der"),
        Algorithm::Es512 => include_bytes!("../keys/p521.der"),
        Algorithm::Ed25519 | Algorithm::EdDsa => include_bytes!("../keys/ed25519.der"),
        _ => include_bytes!("../keys/rsa.der"),
    };
    load(algorithm, der, &algorithm.name().to_lowercase())
}

/// A second RSA key, `kid` `stranger`, which no key set of this crate holds unless asked to.
///
/// # Example
/// ```
/// assert_eq!(bearward_testkit::keys::stranger().kid(), "stranger");
/// ```
#[must_use]
pub fn stranger() -> SigningKey {
    load(Algorithm::Rs256, include_bytes!("../keys/stranger.der"), "stranger")
}

/// The public halves of these keys as the text of a JWK set.
///
/// # Example
/// ```
/// use bearward_testkit::keys;
/// assert!(keys::jwks_text(&[keys::stranger()]).starts_with(r#"{"keys":[{"#));
/// ```
#[must_use]
pub fn jwks_text(keys: &[SigningKey]) -> String {
    let keys: Vec<String> = keys.iter().map(SigningKey::public_jwk).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

/// The public halves of these keys.
///
/// # Example
/// ```
/// use bearward_testkit::keys;
/// assert_eq!(keys::jwks(&[keys::stranger()]).usable(), 1);
/// ```
#[must_use]
pub fn jwks(keys: &[SigningKey]) -> JwkSet {
    JwkSet::parse(jwks_text(keys).as_bytes()).expect("public_jwk writes JWKs")
}

fn load(algorithm: Algorithm, der: &[u8], kid: &str) -> SigningKey {
    SigningKey::from_pkcs8(algorithm, der).expect("the keys of this crate load").with_kid(kid)
}
