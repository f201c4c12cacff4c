//! The tenant's applications.

use super::Tenant;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Application, CreatedApplication, NewApplication};
use crate::secret::ClientSecret;

impl Tenant {
    /// Makes an application. Its secret, if it can keep one, is returned here and never again.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_url`, `invalid_grant_type`; `duplicate_identifier` when a client id
    /// was chosen that is taken; `surroundings` when the operating system gives no randomness.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{ApplicationType, NewApplication, Tenant};
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// let report = NewApplication::new("Nightly report", ApplicationType::NonInteractive);
    /// let created = tenant.create_application(report).await?;
    /// println!("client id {}", created.application.client_id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 6749 section 2.
    pub async fn create_application(
        &self,
        application: NewApplication,
    ) -> Result<CreatedApplication, TenantError> {
        let created = application.check()?;
        self.store().insert_application(&created.application, self.now()).await?;
        Ok(created)
    }

    /// Every application, by name.
    ///
    /// # Errors
    /// `store`.
    pub async fn applications(&self) -> Result<Vec<Application>, TenantError> {
        self.store().applications().await
    }

    /// The application with this client id.
    ///
    /// # Errors
    /// `unknown_application`, `store`.
    pub async fn application(&self, client_id: &str) -> Result<Application, TenantError> {
        self.store().application(client_id).await?.ok_or_else(|| {
            let detail = format!("there is no application with the client id {client_id:?}");
            TenantError::new(TenantErrorKind::UnknownApplication, detail)
        })
    }

    /// Keeps what was changed of an application: everything but its client id, type and secret.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_url`, `invalid_grant_type`; `unknown_application` when it is gone.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let mut report = tenant.application("nightly-report").await?;
    /// report.name = "Report".to_owned();
    /// tenant.update_application(&report).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update_application(&self, application: &Application) -> Result<(), TenantError> {
        application.check()?;
        self.store().update_application(application).await
    }

    /// Gives an application a new secret. From here on the old one proves nothing.
    ///
    /// # Errors
    /// `unknown_application` when there is none with this client id that keeps a secret.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let secret = tenant.rotate_client_secret("nightly-report").await?;
    /// println!("{}", secret.expose()); // now or never: the tenant keeps a hash
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rotate_client_secret(&self, client_id: &str) -> Result<ClientSecret, TenantError> {
        let secret = ClientSecret::generate()?;
        self.store().replace_client_secret(client_id, &secret.hash()).await?;
        Ok(secret)
    }

    /// Deletes an application, with its grants and with every refresh token that it holds.
    ///
    /// # Errors
    /// `unknown_application`.
    pub async fn delete_application(&self, client_id: &str) -> Result<(), TenantError> {
        self.store().delete_application(client_id).await
    }
}
