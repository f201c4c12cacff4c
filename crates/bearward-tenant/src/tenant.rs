//! The tenant: what an embedding program holds.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use bearward::sign::SigningKey;

use crate::error::TenantError;
use crate::issuer::Issuer;
use crate::model::{Api, Application, CreatedApplication, NewApi};
use crate::router::router;
use crate::signing_keys::SigningKeys;
use crate::store::Store;
use bearward::{Clock, SystemClock};

/// An authorization server for one issuer, with its APIs, applications and grants.
///
/// Cheap to clone: clones share everything. It lives in memory and forgets all when it is dropped.
///
/// # Example
/// ```
/// use bearward_tenant::{NewApi, Tenant};
/// # fn main() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::new("http://localhost:3011/")?;
/// let api = tenant.create_api(
///     NewApi::new("Messages", "http://localhost:3010")
///         .permission("read:messages", "Read messages"),
/// )?;
/// let application = tenant.create_application("Nightly report")?;
/// tenant.grant(&application.client_id, &api.identifier, &["read:messages"])?;
/// let router: axum::Router = tenant.router(); // give it to axum::serve
/// # drop(router);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tenant(Arc<Shared>);

struct Shared {
    issuer: Issuer,
    clock: Box<dyn Clock>,
    keys: SigningKeys,
    store: Store,
}

/// A tenant that is to be made with something other than the defaults.
///
/// # Example
/// ```
/// use bearward::SystemClock;
/// use bearward_tenant::Tenant;
/// # fn main() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::builder("http://localhost:3011/").clock(SystemClock).build()?;
/// assert_eq!(tenant.issuer(), "http://localhost:3011/");
/// # Ok(())
/// # }
/// ```
pub struct TenantBuilder {
    issuer: String,
    clock: Box<dyn Clock>,
    keys: Option<[SigningKey; 2]>,
}

impl Tenant {
    /// A tenant with nothing in it, for this issuer.
    ///
    /// The issuer is an origin and a `/`, with https, or http on `localhost` or a loopback address
    /// alone. It stands in every token and in the metadata, and no request can change it. Keys are
    /// made on a thread in the background; this returns at once.
    ///
    /// # Errors
    /// `invalid_issuer`; `surroundings` when no thread can be started.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::Tenant;
    /// assert!(Tenant::new("http://localhost:3011/").is_ok());
    /// assert!(Tenant::new("http://localhost:3011").is_err()); // without the slash
    /// ```
    pub fn new(issuer: impl Into<String>) -> Result<Tenant, TenantError> {
        Tenant::builder(issuer).build()
    }

    /// A tenant with a clock or keys of one's own; [`TenantBuilder::build`] makes it.
    ///
    /// # Example
    /// ```
    /// let tenant = bearward_tenant::Tenant::builder("http://localhost:3011/").build();
    /// assert!(tenant.is_ok());
    /// ```
    #[must_use]
    pub fn builder(issuer: impl Into<String>) -> TenantBuilder {
        TenantBuilder { issuer: issuer.into(), clock: Box::new(SystemClock), keys: None }
    }

    /// The issuer, as it stands in tokens.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
    /// assert_eq!(tenant.issuer(), "http://localhost:3011/");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Where the public keys are.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
    /// assert_eq!(tenant.jwks_uri(), "http://localhost:3011/.well-known/jwks.json");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8414 section 2 (`jwks_uri`).
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        self.0.issuer.join(".well-known/jwks.json")
    }

    /// Where tokens are.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
    /// assert_eq!(tenant.token_endpoint(), "http://localhost:3011/oauth/token");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8414 section 2 (`token_endpoint`).
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        self.0.issuer.join("oauth/token")
    }

    /// Makes an API.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_identifier`, `invalid_permission`, `invalid_token_lifetime`;
    /// `duplicate_identifier` when there is an API with this identifier.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{NewApi, Tenant};
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::new("http://localhost:3011/")?;
    /// let api = tenant.create_api(NewApi::new("Messages", "http://localhost:3010"))?;
    /// assert_eq!(api.identifier, "http://localhost:3010");
    /// assert!(tenant.create_api(NewApi::new("Again", "http://localhost:3010")).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_api(&self, api: NewApi) -> Result<Api, TenantError> {
        let api = api.check()?;
        self.0.store.insert_api(api.clone())?;
        Ok(api)
    }

    /// Makes an application that can keep a secret: a confidential client. The secret is returned
    /// here and never again.
    ///
    /// # Errors
    /// `invalid_name`; `surroundings` when the operating system gives no randomness.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
    /// let application = tenant.create_application("Nightly report")?;
    /// println!("client id {}", application.client_id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 6749 section 2.1.
    pub fn create_application(&self, name: &str) -> Result<CreatedApplication, TenantError> {
        let (application, client_secret) = Application::confidential(name)?;
        let client_id = application.client_id.clone();
        self.0.store.insert_application(application);
        Ok(CreatedApplication { client_id, client_secret })
    }

    /// Makes an application that cannot keep a secret, such as one in a browser: a public client.
    /// Returns its client id.
    ///
    /// It gets no token by client credentials, whatever is granted to it.
    ///
    /// # Errors
    /// `invalid_name`; `surroundings` when the operating system gives no randomness.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
    /// let client_id = tenant.create_public_application("Message reader")?;
    /// assert_eq!(client_id.len(), 32);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 6749 section 2.1.
    pub fn create_public_application(&self, name: &str) -> Result<String, TenantError> {
        let application = Application::public(name)?;
        let client_id = application.client_id.clone();
        self.0.store.insert_application(application);
        Ok(client_id)
    }

    /// Lets an application have tokens for an API, with these of its permissions (or with none).
    ///
    /// # Errors
    /// `unknown_application`, `unknown_api`, `unknown_permission`; `duplicate_grant` when the
    /// application has a grant for the API already.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{NewApi, Tenant, TenantErrorKind};
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::new("http://localhost:3011/")?;
    /// tenant.create_api(NewApi::new("Messages", "http://localhost:3010"))?;
    /// let application = tenant.create_application("Nightly report")?;
    /// let error = tenant
    ///     .grant(&application.client_id, "http://localhost:3010", &["read:messages"])
    ///     .unwrap_err();
    /// assert_eq!(error.kind(), TenantErrorKind::UnknownPermission);
    /// # Ok(())
    /// # }
    /// ```
    pub fn grant(
        &self,
        client_id: &str,
        audience: &str,
        scopes: &[&str],
    ) -> Result<(), TenantError> {
        self.0.store.insert_grant(client_id, audience, scopes)
    }

    /// Everything the tenant serves, to be mounted at the root of the issuer's address.
    ///
    /// It does not listen, and it does not limit how slowly a client may send its headers: the
    /// server that it is given to does.
    ///
    /// # Example
    /// ```
    /// # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    /// let tenant = bearward_tenant::Tenant::new("http://localhost:3011/")?;
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3011").await?;
    /// axum::serve(listener, tenant.router()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn router(&self) -> Router {
        router(self.clone())
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub(crate) fn keys(&self) -> &SigningKeys {
        &self.0.keys
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("issuer", &self.issuer()).finish_non_exhaustive()
    }
}

impl TenantBuilder {
    /// Sets the clock that `iat` and `exp` are read from. Default: [`SystemClock`].
    ///
    /// # Example
    /// ```
    /// use bearward::SystemClock;
    /// use bearward_tenant::Tenant;
    /// let builder = Tenant::builder("http://localhost:3011/").clock(SystemClock);
    /// # drop(builder);
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> TenantBuilder {
        self.clock = Box::new(clock);
        self
    }

    /// Sets the current key and the next, both RS256. Default: new ones, made in the background.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let current = SigningKey::generate(Algorithm::Rs256)?;
    /// let next = SigningKey::generate(Algorithm::Rs256)?;
    /// let tenant = bearward_tenant::Tenant::builder("http://localhost:3011/")
    ///     .signing_keys(current, next)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn signing_keys(mut self, current: SigningKey, next: SigningKey) -> TenantBuilder {
        self.keys = Some([current, next]);
        self
    }

    /// Makes the tenant.
    ///
    /// # Errors
    /// `invalid_issuer`; `invalid_signing_key` when a key that was given is not for RS256;
    /// `surroundings` when no thread can be started.
    ///
    /// # Example
    /// ```
    /// assert!(bearward_tenant::Tenant::builder("ftp://localhost/").build().is_err());
    /// ```
    pub fn build(self) -> Result<Tenant, TenantError> {
        let issuer = Issuer::parse(&self.issuer)?;
        let keys = match self.keys {
            Some([current, next]) => SigningKeys::given(current, next)?,
            None => SigningKeys::made_in_background()?,
        };
        Ok(Tenant(Arc::new(Shared { issuer, clock: self.clock, keys, store: Store::default() })))
    }
}

impl fmt::Debug for TenantBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantBuilder").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
