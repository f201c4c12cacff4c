//! An application: who asks for tokens. OAuth calls it a client.

use super::name::check_name;
use crate::error::TenantError;
use crate::random;
use crate::secret::{ClientSecret, SecretHash};

/// What the tenant keeps of an application.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) client_id: String,
    pub(crate) authentication: ClientAuthentication,
}

/// How an application proves that it is itself.
///
/// Source: RFC 6749 section 2.1 (confidential and public clients).
#[derive(Clone, Debug)]
pub(crate) enum ClientAuthentication {
    /// By its secret, in the body or by Basic: a confidential client.
    Secret(SecretHash),
    /// Not at all: a public client.
    None,
}

/// An application that was just made, with the only copy of its secret.
///
/// `Debug` redacts the secret.
///
/// # Example
/// ```
/// # fn main() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
/// let application = tenant.create_application("Nightly report")?;
/// assert_eq!(application.client_id.len(), 32);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct CreatedApplication {
    /// Its public name in the protocol: 32 random letters and digits.
    pub client_id: String,
    /// What it proves itself with.
    pub client_secret: ClientSecret,
}

impl Application {
    /// A confidential client with a new id and a new secret.
    pub(crate) fn confidential(name: &str) -> Result<(Application, ClientSecret), TenantError> {
        let secret = ClientSecret::generate()?;
        let authentication = ClientAuthentication::Secret(secret.hash());
        Ok((Application::with_new_client_id(name, authentication)?, secret))
    }

    /// A public client with a new id.
    pub(crate) fn public(name: &str) -> Result<Application, TenantError> {
        Application::with_new_client_id(name, ClientAuthentication::None)
    }

    /// The tenant alone chooses client ids, so that none can be made to equal a user's `sub` (RFC
    /// 9700 section 4.15).
    fn with_new_client_id(
        name: &str,
        authentication: ClientAuthentication,
    ) -> Result<Application, TenantError> {
        let name = check_name("application", name.to_owned())?;
        let client_id = random::letters_and_digits(32)?;
        Ok(Application { name, client_id, authentication })
    }
}
