//! Client secrets: shown once, kept as a hash.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use crate::error::{TenantError, TenantErrorKind};
use crate::random;

/// The secret of an application: 64 random letters and digits (381 bits), as long as Auth0's.
///
/// This is the only copy there will ever be; the tenant keeps a hash. `Debug` redacts, and there is
/// no `Display`: whoever wants the text asks for it with [`expose`](ClientSecret::expose).
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// use bearward_tenant::{ApplicationType, NewApplication, Tenant};
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let report = NewApplication::new("Nightly report", ApplicationType::NonInteractive);
/// if let Some(secret) = tenant.create_application(report).await?.client_secret {
///     assert_eq!(secret.expose().len(), 64);
///     assert_eq!(format!("{secret:?}"), "ClientSecret(redacted)");
/// }
/// # Ok(())
/// # }
/// ```
pub struct ClientSecret(String);

impl ClientSecret {
    pub(crate) fn generate() -> Result<ClientSecret, TenantError> {
        random::letters_and_digits(64).map(ClientSecret)
    }

    /// A secret that somebody chose, for a seed file.
    pub(crate) fn chosen(text: String) -> Result<ClientSecret, TenantError> {
        if (16..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(ClientSecret(text));
        }
        let detail = format!(
            "expected a client secret of 16 to 256 printable ASCII characters, found {} bytes",
            text.len()
        );
        Err(TenantError::new(TenantErrorKind::InvalidPassword, detail))
    }

    /// The secret itself, to hand to the application's owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(redacted)")
    }
}

/// The SHA-256 of a client secret.
///
/// One plain hash is enough because the secret is random and long: nobody tries 2^381 of them.
/// Passwords, which people choose, must never be kept like this.
#[derive(Clone, Copy)]
pub(crate) struct SecretHash([u8; SHA256_OUTPUT_LEN]);

impl SecretHash {
    pub(crate) fn of(text: &str) -> SecretHash {
        let mut hash = SecretHash([0; SHA256_OUTPUT_LEN]);
        hash.0.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        hash
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<SecretHash> {
        bytes.try_into().ok().map(SecretHash)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A hash that no text is known to have. Comparing with it takes the place of a hash that is
    /// not there, so that the work is the same.
    pub(crate) const OF_NOTHING: SecretHash = SecretHash([0; SHA256_OUTPUT_LEN]);

    /// Whether this is the hash of `text`, in a time that does not depend on where they differ.
    pub(crate) fn matches(&self, text: &str) -> bool {
        verify_slices_are_equal(&self.0, &SecretHash::of(text).0).is_ok()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(redacted)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_own_secret_alone() {
        let secret = ClientSecret::generate().unwrap();
        assert!(secret.hash().matches(secret.expose()));
        assert!(!secret.hash().matches(""));
        assert!(!secret.hash().matches(&secret.expose()[1..]));
        assert!(!SecretHash::OF_NOTHING.matches(secret.expose()));
        assert!(!SecretHash::OF_NOTHING.matches(""));
    }

    #[test]
    fn debug_shows_neither_secret_nor_hash() {
        let secret = ClientSecret::generate().unwrap();
        assert_eq!(format!("{secret:?}"), "ClientSecret(redacted)");
        assert_eq!(format!("{:?}", secret.hash()), "SecretHash(redacted)");
    }
}
