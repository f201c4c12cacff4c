//! The tenant's APIs.

use super::Tenant;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Api, NewApi, Permission, SigningAlgorithm, Usage};

impl Tenant {
    /// Makes an API.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_identifier`, `invalid_permission`, `invalid_token_lifetime`;
    /// `duplicate_identifier` when there is an API with this identifier.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{NewApi, Tenant};
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// let api = tenant.create_api(NewApi::new("Messages", "http://localhost:3010")).await?;
    /// assert_eq!(api.identifier, "http://localhost:3010");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_api(&self, api: NewApi) -> Result<Api, TenantError> {
        let api = api.check()?;
        self.make_keys_for(&api).await?;
        self.store().insert_api(&api, self.now()).await?;
        Ok(api)
    }

    /// Those of RS256 are made when the tenant is served, whichever APIs there are.
    pub(crate) async fn make_keys_for(&self, api: &Api) -> Result<(), TenantError> {
        if api.signing_algorithm == SigningAlgorithm::Rs256 {
            return Ok(());
        }
        self.keys().make_for(api.signing_algorithm, self.clock()).await
    }

    /// Every API, by name.
    ///
    /// # Errors
    /// `store`.
    pub async fn apis(&self) -> Result<Vec<Api>, TenantError> {
        self.store().apis().await
    }

    /// The API with this identifier, or else with this id.
    ///
    /// # Errors
    /// `unknown_api`, `store`.
    pub async fn api(&self, identifier_or_id: &str) -> Result<Api, TenantError> {
        if let Some(api) = self.store().api(identifier_or_id).await? {
            return Ok(api);
        }
        let found = self.store().api_by_id(identifier_or_id).await?;
        found.ok_or_else(|| {
            let detail = format!("there is no API {identifier_or_id:?}");
            TenantError::new(TenantErrorKind::UnknownApi, detail)
        })
    }

    /// Keeps what was changed of an API: everything but its identifier and its permissions.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_token_lifetime`; `unknown_api` when it is gone.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let mut messages = tenant.api("http://localhost:3010").await?;
    /// messages.enforce_policies = true;
    /// tenant.update_api(&messages).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update_api(&self, api: &Api) -> Result<(), TenantError> {
        api.check()?;
        self.make_keys_for(api).await?;
        self.store().update_api(api).await
    }

    /// Deletes an API, with its permissions and every grant for it.
    ///
    /// # Errors
    /// `unknown_api`.
    pub async fn delete_api(&self, identifier_or_id: &str) -> Result<(), TenantError> {
        let api = self.api(identifier_or_id).await?;
        self.store().delete_api(&api.id).await
    }

    /// What has something of an API.
    ///
    /// # Errors
    /// `unknown_api`.
    pub async fn api_usage(&self, identifier_or_id: &str) -> Result<Usage, TenantError> {
        let api = self.api(identifier_or_id).await?;
        self.store().api_usage(&api.id).await
    }

    /// What has one permission of an API; nothing has one that the API does not know.
    ///
    /// # Errors
    /// `unknown_api`.
    pub async fn permission_usage(
        &self,
        identifier_or_id: &str,
        value: &str,
    ) -> Result<Usage, TenantError> {
        let api = self.api(identifier_or_id).await?;
        self.store().permission_usage(&api.id, value).await
    }

    /// Adds a permission to an API, or describes one anew that it has.
    ///
    /// # Errors
    /// `invalid_permission`, `unknown_api`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// tenant.put_permission("http://localhost:3010", "read:messages", "Read messages").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn put_permission(
        &self,
        identifier_or_id: &str,
        value: &str,
        description: &str,
    ) -> Result<(), TenantError> {
        let permission = Permission::new(value, description)?;
        let api = self.api(identifier_or_id).await?;
        self.store().put_permission(&api.id, &permission).await
    }

    /// Removes a permission from an API, and from every grant, role and user with it.
    ///
    /// # Errors
    /// `unknown_api`, `unknown_permission`.
    pub async fn delete_permission(
        &self,
        identifier_or_id: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let api = self.api(identifier_or_id).await?;
        self.store().delete_permission(&api.id, value).await
    }
}
