//! The issuer in the data folder, for programs beside the one that serves.

use std::path::Path;

use super::Tenant;
use crate::error::TenantError;
use crate::store::Store;
use crate::store::settings::ISSUER;

impl Tenant {
    /// Writes the issuer into the data folder, so that [`issuer_of`](Tenant::issuer_of) finds it.
    /// Who serves the tenant does this; it says nothing to the tenant itself, whose issuer is
    /// configured at each start.
    ///
    /// # Errors
    /// `store`.
    pub async fn keep_issuer(&self) -> Result<(), TenantError> {
        self.store().put_setting(ISSUER, self.issuer()).await
    }

    /// The issuer that the tenant in this folder was last served as; none when there is no tenant,
    /// or it was never served. It makes nothing.
    ///
    /// # Errors
    /// `store` when there is a database that cannot be read.
    ///
    /// # Example
    /// ```no_run
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// use bearward_tenant::Tenant;
    /// if let Some(issuer) = Tenant::issuer_of("data").await? {
    ///     let tenant = Tenant::open(issuer, "data").await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn issuer_of(data_dir: impl AsRef<Path>) -> Result<Option<String>, TenantError> {
        let file = data_dir.as_ref().join("tenant.db");
        if !file.exists() {
            return Ok(None);
        }
        let store = Store::open(&file).await?;
        let issuer = store.setting(ISSUER).await;
        store.close().await;
        issuer
    }
}
