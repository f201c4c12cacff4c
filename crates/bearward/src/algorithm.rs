//! The one table of signature algorithms: a row per name that may stand in `alg`.

use std::fmt;

/// A JWS signature algorithm that bearward verifies, by its registered name.
///
/// What it is not: there is no `none`, no HMAC and no ES256K, so none of them can be configured,
/// and a key can never be taken for a shared secret.
///
/// Ed25519 has two names: `Ed25519` (RFC 9864) and the older `EdDSA` (RFC 8037). Each is a value
/// of its own, so that an allow-list can hold one without the other.
///
/// # Example
/// ```
/// use bearward::Algorithm;
/// assert_eq!(Algorithm::from_name("RS256"), Some(Algorithm::Rs256));
/// assert_eq!(Algorithm::from_name("rs256"), None); // names are case-sensitive
/// assert_eq!(Algorithm::from_name("none"), None);
/// ```
///
/// Source: RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256, salt as long as the hash.
    Ps256,
    /// RSASSA-PSS with SHA-384, salt as long as the hash.
    Ps384,
    /// RSASSA-PSS with SHA-512, salt as long as the hash.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// EdDSA on Ed25519, under the name `Ed25519`.
    Ed25519,
    /// EdDSA on Ed25519, under the older name `EdDSA`.
    EdDsa,
}

/// The kind of key that an algorithm takes: `kty` and, where there is one, `crv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyFamily {
    Rsa,
    Ec { crv: &'static str, coordinate_bytes: usize },
    Okp { crv: &'static str, key_bytes: usize },
}

struct Row {
    algorithm: Algorithm,
    name: &'static str,
    family: KeyFamily,
}

const P256: KeyFamily = KeyFamily::Ec { crv: "P-256", coordinate_bytes: 32 };
const P384: KeyFamily = KeyFamily::Ec { crv: "P-384", coordinate_bytes: 48 };
const P521: KeyFamily = KeyFamily::Ec { crv: "P-521", coordinate_bytes: 66 };
const ED25519: KeyFamily = KeyFamily::Okp { crv: "Ed25519", key_bytes: 32 };

/// In the order of the enum, so that a row is found by its discriminant.
const TABLE: [Row; 11] = [
    Row { algorithm: Algorithm::Rs256, name: "RS256", family: KeyFamily::Rsa },
    Row { algorithm: Algorithm::Rs384, name: "RS384", family: KeyFamily::Rsa },
    Row { algorithm: Algorithm::Rs512, name: "RS512", family: KeyFamily::Rsa },
    Row { algorithm: Algorithm::Ps256, name: "PS256", family: KeyFamily::Rsa },
    Row { algorithm: Algorithm::Ps384, name: "PS384", family: KeyFamily::Rsa },
    Row { algorithm: Algorithm::Ps512, name: "PS512", family: KeyFamily::Rsa },
    Row { algorithm: Algorithm::Es256, name: "ES256", family: P256 },
    Row { algorithm: Algorithm::Es384, name: "ES384", family: P384 },
    Row { algorithm: Algorithm::Es512, name: "ES512", family: P521 },
    Row { algorithm: Algorithm::Ed25519, name: "Ed25519", family: ED25519 },
    Row { algorithm: Algorithm::EdDsa, name: "EdDSA", family: ED25519 },
];

impl Algorithm {
    /// Every algorithm there is. It is also the default allow-list of a resource server: all of
    /// them are asymmetric and none has a known weakness at the key sizes that bearward accepts.
    ///
    /// # Example
    /// ```
    /// assert!(bearward::Algorithm::ALL.contains(&bearward::Algorithm::Es256));
    /// ```
    pub const ALL: [Algorithm; TABLE.len()] = [
        Algorithm::Rs256,
        Algorithm::Rs384,
        Algorithm::Rs512,
        Algorithm::Ps256,
        Algorithm::Ps384,
        Algorithm::Ps512,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::Es512,
        Algorithm::Ed25519,
        Algorithm::EdDsa,
    ];

    /// The algorithm with exactly this registered name, if bearward verifies it.
    ///
    /// # Example
    /// ```
    /// assert!(bearward::Algorithm::from_name("HS256").is_none());
    /// ```
    ///
    /// Source: RFC 7515 section 4.1.1 (the value is case-sensitive).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Algorithm> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.algorithm)
    }

    /// The registered name, as it stands in `alg`.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward::Algorithm::Ps512.name(), "PS512");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    pub(crate) fn family(self) -> KeyFamily {
        self.row().family
    }

    fn row(self) -> &'static Row {
        // The table holds one row per discriminant, in order: see the test below.
        #[allow(clippy::indexing_slicing)]
        &TABLE[self as usize]
    }
}

impl fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_has_its_own_row() {
        for (i, row) in TABLE.iter().enumerate() {
            assert_eq!(row.algorithm as usize, i);
            assert_eq!(Algorithm::ALL[i], row.algorithm);
            assert_eq!(Algorithm::from_name(row.name), Some(row.algorithm));
            assert_eq!(row.algorithm.name(), row.name);
        }
    }
}
