//! What the tenant's applications may do on APIs without a user.

use super::Tenant;
use crate::error::TenantError;
use crate::model::Grant;

impl Tenant {
    /// Lets an application have tokens for an API, with these of its permissions (or with none).
    /// A grant that is there already gets these permissions instead of its own.
    ///
    /// # Errors
    /// `unknown_application`, `unknown_api`, `unknown_permission`.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{ApplicationType, NewApi, NewApplication, Tenant, TenantErrorKind};
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// tenant.create_api(NewApi::new("Messages", "http://localhost:3010")).await?;
    /// let report = NewApplication::new("Nightly report", ApplicationType::NonInteractive);
    /// let client_id = tenant.create_application(report).await?.application.client_id;
    /// let error = tenant.grant(&client_id, "http://localhost:3010", &["read:messages"]).await;
    /// assert_eq!(error.unwrap_err().kind(), TenantErrorKind::UnknownPermission);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn grant(
        &self,
        client_id: &str,
        audience: &str,
        scopes: &[&str],
    ) -> Result<Grant, TenantError> {
        let api = self.api(audience).await?;
        let grant = Grant::new(client_id, &api, scopes)?;
        self.store().put_grant(&grant, self.now()).await
    }

    /// Every grant, by application and API.
    ///
    /// # Errors
    /// `store`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// for grant in tenant.grants().await? {
    ///     println!("{} on {}: {}", grant.client_id, grant.audience, grant.scopes.join(" "));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn grants(&self) -> Result<Vec<Grant>, TenantError> {
        self.store().grants().await
    }

    /// Takes a grant away: the application gets no more tokens for the API. Tokens that it has are
    /// good until they expire.
    ///
    /// # Errors
    /// `unknown_grant`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// tenant.delete_grant("nightly-report", "http://localhost:3010").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_grant(&self, client_id: &str, audience: &str) -> Result<(), TenantError> {
        self.store().delete_grant(client_id, audience).await
    }
}
