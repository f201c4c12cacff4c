//! The tenant's signing keys, for those who look after them.

use super::Tenant;
use crate::certificate::Certificate;
use crate::error::TenantError;
use crate::model::SigningAlgorithm;

/// A signing key as people see it. The private key does not leave the tenant.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// # let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
/// for key in tenant.signing_keys().await? {
///     println!("{} {} {}", key.role, key.algorithm.name(), key.kid);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SigningKeyState {
    /// What tokens and the key set call it.
    pub kid: String,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// `current`, `next` or `previous`.
    pub role: &'static str,
    /// Its certificate, as PEM.
    pub certificate: String,
    /// SHA-1 of the certificate, as upper-case hexadecimal pairs with colons.
    pub fingerprint: String,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created_at: u64,
    /// When it began to sign.
    pub current_since: Option<u64>,
    /// When it ceased to sign.
    pub current_until: Option<u64>,
    /// When it was taken out of the key set.
    pub revoked_at: Option<u64>,
}

impl Tenant {
    /// Every signing key, the revoked ones too, in the order in which they were made.
    ///
    /// # Errors
    /// `store`.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKeyState>, TenantError> {
        let unsigned = |kept: i64| u64::try_from(kept).unwrap_or_default();
        let kept = self.store().signing_keys().await?;
        let state = kept.into_iter().map(|key| {
            let certificate = Certificate(key.certificate);
            let pairs: Vec<_> =
                certificate.sha1().as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
            SigningKeyState {
                kid: key.kid,
                algorithm: key.algorithm,
                role: key.role.name(),
                fingerprint: pairs.join(":"),
                certificate: certificate.pem(),
                created_at: unsigned(key.created_at),
                current_since: key.current_since.map(unsigned),
                current_until: key.current_until.map(unsigned),
                revoked_at: key.revoked_at.map(unsigned),
            }
        });
        Ok(state.collect())
    }

    /// Makes the next key the current one, for every algorithm in use. The one that was current
    /// stays published, so that its tokens are good until they expire.
    ///
    /// # Errors
    /// `surroundings` when no key can be made; `store`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// tenant.rotate_signing_keys().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rotate_signing_keys(&self) -> Result<(), TenantError> {
        self.keys().rotate(self.clock()).await
    }

    /// Takes a previous key out of the key set: its tokens are refused from the moment that
    /// verifiers fetch the set anew.
    ///
    /// # Errors
    /// `unknown_signing_key` when it is not a previous key that is still published.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let keys = tenant.signing_keys().await?;
    /// for key in keys.iter().filter(|key| key.role == "previous" && key.revoked_at.is_none()) {
    ///     tenant.revoke_signing_key(&key.kid).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_signing_key(&self, kid: &str) -> Result<(), TenantError> {
        self.keys().revoke(kid, self.clock()).await
    }
}
