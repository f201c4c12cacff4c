//! An application: who asks for tokens. OAuth calls it a client.

use std::fmt;

use super::application_type::{ApplicationType, GrantType};
use super::name::check_name;
use super::web_address::{check_callback, check_logout_url, check_web_origin};
use crate::error::{TenantError, TenantErrorKind};
use crate::random;
use crate::secret::{ClientSecret, SecretHash};

/// An application that the tenant knows.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// use bearward_tenant::{ApplicationType, NewApplication, Tenant};
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let reader = NewApplication::new("Message reader", ApplicationType::Spa)
///     .callback("http://localhost:3010/");
/// let application = tenant.create_application(reader).await?.application;
/// assert_eq!(application.client_id.len(), 32);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Application {
    /// Its public name in the protocol: 32 random letters and digits. It never changes.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// What kind of program it is.
    pub app_type: ApplicationType,
    /// Whether it is the tenant's own. An application of a third party always asks for consent.
    pub is_first_party: bool,
    /// Where the tenant may send people after they have logged in: the allowed `redirect_uri`s.
    pub callbacks: Vec<String>,
    /// Where the tenant may send people after they have logged out.
    pub allowed_logout_urls: Vec<String>,
    /// Origins of pages that may read the tenant's answers in a browser.
    pub web_origins: Vec<String>,
    /// How it may get tokens.
    pub grant_types: Vec<GrantType>,
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
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// use bearward_tenant::{ApplicationType, NewApplication, Tenant};
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let report = NewApplication::new("Nightly report", ApplicationType::NonInteractive);
/// let created = tenant.create_application(report).await?;
/// if let Some(secret) = &created.client_secret {
///     println!("keep this: {}", secret.expose());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct CreatedApplication {
    /// What the tenant keeps.
    pub application: Application,
    /// What it proves itself with; nothing when it cannot keep a secret.
    pub client_secret: Option<ClientSecret>,
}

/// An application that is to be made: a name and a type, and what differs from the defaults.
///
/// It is checked when it is made, by [`Tenant::create_application`](crate::Tenant::create_application).
///
/// Defaults: first-party, nowhere to send people to, and the grant types of its type.
///
/// # Example
/// ```
/// use bearward_tenant::{ApplicationType, NewApplication};
/// let application = NewApplication::new("Message reader", ApplicationType::Spa)
///     .callback("http://localhost:3010/")
///     .allowed_logout_url("http://localhost:3010/")
///     .web_origin("http://localhost:3010");
/// # drop(application);
/// ```
#[derive(Clone)]
pub struct NewApplication {
    name: String,
    app_type: ApplicationType,
    is_first_party: bool,
    callbacks: Vec<String>,
    allowed_logout_urls: Vec<String>,
    web_origins: Vec<String>,
    grant_types: Option<Vec<GrantType>>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

impl NewApplication {
    /// An application with this name and of this type.
    #[must_use]
    pub fn new(name: impl Into<String>, app_type: ApplicationType) -> NewApplication {
        NewApplication {
            name: name.into(),
            app_type,
            is_first_party: true,
            callbacks: Vec::new(),
            allowed_logout_urls: Vec::new(),
            web_origins: Vec::new(),
            grant_types: None,
            client_id: None,
            client_secret: None,
        }
    }

    /// Adds an address that people may be sent to after they have logged in.
    #[must_use]
    pub fn callback(mut self, url: impl Into<String>) -> NewApplication {
        self.callbacks.push(url.into());
        self
    }

    /// Adds an address that people may be sent to after they have logged out.
    #[must_use]
    pub fn allowed_logout_url(mut self, url: impl Into<String>) -> NewApplication {
        self.allowed_logout_urls.push(url.into());
        self
    }

    /// Adds an origin whose pages may read the tenant's answers in a browser.
    #[must_use]
    pub fn web_origin(mut self, origin: impl Into<String>) -> NewApplication {
        self.web_origins.push(origin.into());
        self
    }

    /// Sets how it may get tokens. Default: [`ApplicationType::grant_types`].
    #[must_use]
    pub fn grant_types(mut self, grant_types: impl Into<Vec<GrantType>>) -> NewApplication {
        self.grant_types = Some(grant_types.into());
        self
    }

    /// Makes it somebody else's: it asks users for consent, always.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{ApplicationType, NewApplication};
    /// let mail = NewApplication::new("Somebody else's mail", ApplicationType::RegularWeb)
    ///     .callback("https://mail.example/callback")
    ///     .third_party();
    /// # drop(mail);
    /// ```
    #[must_use]
    pub fn third_party(mut self) -> NewApplication {
        self.is_first_party = false;
        self
    }

    /// Chooses the client id, for a seed file that must give the same each time. It has 8 to 64
    /// letters, digits, `-` and `_`, and so never equals a user's `sub`, which has a `|` (RFC 9700
    /// section 4.15).
    #[must_use]
    pub fn client_id(mut self, client_id: impl Into<String>) -> NewApplication {
        self.client_id = Some(client_id.into());
        self
    }

    /// Chooses the client secret, for a seed file: at least 16 printable ASCII characters.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<String>) -> NewApplication {
        self.client_secret = Some(client_secret.into());
        self
    }

    pub(crate) fn check(self) -> Result<CreatedApplication, TenantError> {
        let client_id = match self.client_id {
            Some(client_id) => chosen_client_id(client_id)?,
            None => random::letters_and_digits(32)?,
        };
        let client_secret = match (self.app_type.keeps_secrets(), self.client_secret) {
            (true, Some(secret)) => Some(ClientSecret::chosen(secret)?),
            (true, None) => Some(ClientSecret::generate()?),
            (false, None) => None,
            (false, Some(_)) => {
                let detail = format!(
                    "an application of the type {} cannot keep a secret; leave the secret out",
                    self.app_type.name()
                );
                return Err(TenantError::new(TenantErrorKind::InvalidPassword, detail));
            }
        };
        let application = Application {
            client_id,
            name: self.name,
            app_type: self.app_type,
            is_first_party: self.is_first_party,
            callbacks: self.callbacks,
            allowed_logout_urls: self.allowed_logout_urls,
            web_origins: self.web_origins,
            grant_types: self.grant_types.unwrap_or_else(|| self.app_type.grant_types().to_vec()),
            authentication: match &client_secret {
                Some(secret) => ClientAuthentication::Secret(secret.hash()),
                None => ClientAuthentication::None,
            },
        };
        application.check()?;
        Ok(CreatedApplication { application, client_secret })
    }
}

impl fmt::Debug for NewApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApplication").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Application {
    /// Whether it is a public client: one that cannot keep a secret.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self.authentication, ClientAuthentication::None)
    }

    pub(crate) fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    pub(crate) fn check(&self) -> Result<(), TenantError> {
        check_name("application", &self.name)?;
        self.callbacks.iter().try_for_each(|url| check_callback(self.app_type, url))?;
        self.allowed_logout_urls.iter().try_for_each(|url| check_logout_url(url))?;
        self.web_origins.iter().try_for_each(|origin| check_web_origin(origin))?;
        if self.is_public() && self.may_use(GrantType::ClientCredentials) {
            let detail = "an application that cannot keep a secret cannot have the grant type \
                          client_credentials";
            return Err(TenantError::new(TenantErrorKind::InvalidGrantType, detail));
        }
        Ok(())
    }
}

fn chosen_client_id(client_id: String) -> Result<String, TenantError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (8..=64).contains(&client_id.len()) && client_id.bytes().all(allowed) {
        return Ok(client_id);
    }
    let detail =
        format!("expected a client id of 8 to 64 letters, digits, - and _, found {client_id:?}");
    Err(TenantError::new(TenantErrorKind::InvalidName, detail))
}
