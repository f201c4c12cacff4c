//! The tenant: what an embedding program holds.

mod activity;
mod addresses;
mod apis;
mod applications;
mod authorization;
mod grants;
mod kept_issuer;
mod roles;
mod signing_keys;
mod users;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use bearward::sign::SigningKey;
use bearward::{Clock, SystemClock};
pub use signing_keys::SigningKeyState;

use crate::activity_log::ActivityLog;
use crate::allowed_hosts::AllowedHosts;
use crate::dashboard::dashboard_origin;
use crate::dashboard::first_link::FirstLink;
use crate::data_folder;
use crate::error::TenantError;
use crate::issuer::Issuer;
use crate::limits::Limits;
use crate::own_tokens::OwnTokens;
use crate::password::Passwords;
use crate::router::{paths, router};
use crate::seal::Seal;
use crate::signing_keys::SigningKeys;
use crate::store::Store;
use crate::store::row::seconds;

/// An authorization server for one issuer, with its APIs, applications, grants, users and roles.
///
/// Cheap to clone: clones share everything. It keeps what it is told in a folder, or in memory
/// alone. Several processes may open one folder; each sees what the others changed.
///
/// # Example
/// ```
/// use bearward_tenant::{ApplicationType, NewApi, NewApplication, Tenant};
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let api = tenant
///     .create_api(
///         NewApi::new("Messages", "http://localhost:3010")
///             .permission("read:messages", "Read messages"),
///     )
///     .await?;
/// let report = NewApplication::new("Nightly report", ApplicationType::NonInteractive);
/// let client_id = tenant.create_application(report).await?.application.client_id;
/// tenant.grant(&client_id, &api.identifier, &["read:messages"]).await?;
/// let router: axum::Router = tenant.router(); // give it to axum::serve
/// # drop(router);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tenant(Arc<Shared>);

struct Shared {
    issuer: Issuer,
    clock: Arc<dyn Clock>,
    limits: Limits,
    allowed_hosts: AllowedHosts,
    keys: SigningKeys,
    own_tokens: OwnTokens,
    passwords: Passwords,
    activity: ActivityLog,
    first_link: FirstLink,
    store: Store,
    development: bool,
}

/// A tenant that is to be made with something other than the defaults.
///
/// # Example
/// ```
/// use bearward::SystemClock;
/// use bearward_tenant::Tenant;
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::builder("http://localhost:3011/").clock(SystemClock).build().await?;
/// assert_eq!(tenant.issuer(), "http://localhost:3011/");
/// # Ok(())
/// # }
/// ```
pub struct TenantBuilder {
    issuer: String,
    clock: Arc<dyn Clock>,
    keys: Option<[SigningKey; 2]>,
    data_dir: Option<PathBuf>,
    allowed_hosts: Vec<String>,
    development: bool,
}

impl Tenant {
    /// A tenant that keeps what it is told in this folder, for this issuer.
    ///
    /// The issuer is an origin and a `/`, with https, or http on `localhost` or a loopback address
    /// alone. It stands in every token and in the metadata, and no request can change it. The
    /// folder is made when it is not there, for its owner alone; it holds the database `tenant.db`
    /// and the file `key`, without which the signing keys in the database cannot be read. Both are
    /// their owner's alone, in a folder that was there before too.
    ///
    /// # Errors
    /// `invalid_issuer`; `invalid_data` when the folder or its key file cannot be used; `store`
    /// when the database cannot.
    ///
    /// # Example
    /// ```no_run
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// use bearward_tenant::Tenant;
    /// let tenant = Tenant::open("https://localhost:8443/", "data").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open(
        issuer: impl Into<String>,
        data_dir: impl Into<PathBuf>,
    ) -> Result<Tenant, TenantError> {
        Tenant::builder(issuer).data_dir(data_dir).build().await
    }

    /// A tenant that forgets everything when it is dropped, for this issuer: see
    /// [`open`](Tenant::open).
    ///
    /// # Errors
    /// `invalid_issuer`; `store` when the database cannot be made.
    ///
    /// # Example
    /// ```
    /// # async fn example() {
    /// use bearward_tenant::Tenant;
    /// assert!(Tenant::in_memory("http://localhost:3011/").await.is_ok());
    /// assert!(Tenant::in_memory("http://localhost:3011").await.is_err()); // without the slash
    /// # }
    /// ```
    pub async fn in_memory(issuer: impl Into<String>) -> Result<Tenant, TenantError> {
        Tenant::builder(issuer).build().await
    }

    /// A tenant with other than the defaults: a folder, a clock, keys, hosts; [`TenantBuilder::build`] makes it.
    #[must_use]
    pub fn builder(issuer: impl Into<String>) -> TenantBuilder {
        TenantBuilder {
            issuer: issuer.into(),
            clock: Arc::new(SystemClock),
            keys: None,
            data_dir: None,
            allowed_hosts: Vec::new(),
            development: false,
        }
    }

    /// The issuer, as it stands in tokens.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.issuer(), "http://localhost:3011/");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Where the dashboard is: the issuer's address, with `127.0.0.1` for `localhost`, because
    /// cookies ignore ports and every program on `localhost` would be sent the dashboard's.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// assert_eq!(tenant.issuer(), "http://localhost:3011/");
    /// assert_eq!(tenant.dashboard_url(), "http://127.0.0.1:3011/");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dashboard_url(&self) -> String {
        format!("{}/", dashboard_origin(self.issuer()))
    }

    /// A link by which one person can set the dashboard's password, or nothing when there is an
    /// administrator already. It is good for ten minutes and once, and the one before it no more.
    /// Show it where only those who run the tenant can read it.
    ///
    /// # Errors
    /// `store`; `surroundings` when the operating system gives no randomness.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// # let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// if let Some(link) = tenant.first_dashboard_link().await? {
    ///     println!("Set up the dashboard: {link}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn first_dashboard_link(&self) -> Result<Option<String>, TenantError> {
        if self.store().has_administrator().await? {
            return Ok(None);
        }
        let token = self.first_link().issue(self.now())?;
        Ok(Some(format!("{}setup?link={token}", self.dashboard_url())))
    }

    /// Everything the tenant serves, to be mounted at the root of the issuer's address.
    ///
    /// It does not listen, and it does not limit how slowly a client may send its headers: the
    /// server that it is given to does. Called inside a tokio runtime, it has the signing keys made
    /// in the background; otherwise the first request that needs one waits for it.
    ///
    /// # Example
    /// ```
    /// # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3011").await?;
    /// axum::serve(listener, tenant.router()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn router(&self) -> Router {
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let tenant = self.clone();
            runtime.spawn(async move {
                let made = tenant.keys().make_missing(tenant.clock()).await;
                // A tenant that is closed in its first second leaves the rest to the next start.
                if let Err(error) = made
                    && !tenant.store().is_closed()
                {
                    tracing::error!(%error, "signing keys could not be made");
                }
            });
        }
        router(self.clone())
    }

    /// Every path that the tenant serves, as axum writes it: `{name}` stands for one segment.
    ///
    /// # Example
    /// ```
    /// assert!(bearward_tenant::Tenant::routes().contains(&"/authorize"));
    /// ```
    #[must_use]
    pub fn routes() -> Vec<&'static str> {
        paths()
    }

    /// Lets go of the folder: waits for writes that have begun, and folds them into the database.
    /// Nothing is lost without it; the files are tidier with it.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub(crate) fn keys(&self) -> &SigningKeys {
        &self.0.keys
    }

    pub(crate) fn own_tokens(&self) -> &OwnTokens {
        &self.0.own_tokens
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn first_link(&self) -> &FirstLink {
        &self.0.first_link
    }

    pub(crate) fn activity_log(&self) -> &ActivityLog {
        &self.0.activity
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn allowed_hosts(&self) -> &AllowedHosts {
        &self.0.allowed_hosts
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn is_development(&self) -> bool {
        self.0.development
    }

    /// Seconds since 1970, as kept.
    pub(crate) fn now(&self) -> i64 {
        seconds(self.clock().now())
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
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the folder to keep everything in: see [`Tenant::open`]. Default: none, so that all is
    /// forgotten in the end.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::Tenant;
    /// let builder = Tenant::builder("https://localhost:8443/").data_dir("data");
    /// # drop(builder);
    /// ```
    #[must_use]
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> TenantBuilder {
        self.data_dir = Some(folder.into());
        self
    }

    /// Has the tenant answer under another name too: a host, for any port, or a host and a port;
    /// `*.example.com` stands for every name with one label more.
    ///
    /// It always answers under the host and port of its issuer and under every name of loopback
    /// (`localhost`, `*.localhost`, `127.0.0.1`, `[::1]`). A request that names any other host gets
    /// 403: a site could make its own name point here and have browsers take the tenant for its own
    /// (DNS rebinding). Tokens name the issuer, whatever the host.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::Tenant;
    /// let builder = Tenant::builder("https://localhost:8443/").allowed_host("host.docker.internal");
    /// # drop(builder);
    /// ```
    #[must_use]
    pub fn allowed_host(mut self, host: impl Into<String>) -> TenantBuilder {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Sets the current key and the next, both RS256, of a store that has none. Default: new ones,
    /// made in the background.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, sign::SigningKey};
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let current = SigningKey::generate(Algorithm::Rs256)?;
    /// let next = SigningKey::generate(Algorithm::Rs256)?;
    /// let tenant = bearward_tenant::Tenant::builder("http://localhost:3011/")
    ///     .signing_keys(current, next)
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn signing_keys(mut self, current: SigningKey, next: SigningKey) -> TenantBuilder {
        self.keys = Some([current, next]);
        self
    }

    /// Turns development mode on or off. In it the dashboard's Test view calls an API on this
    /// machine when an administrator asks it to: by GET, at a loopback address alone. Default: off,
    /// since a tenant that others reach would let them reach what listens beside it.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::Tenant;
    /// let builder = Tenant::builder("http://localhost:3011/").development(true);
    /// # drop(builder);
    /// ```
    #[must_use]
    pub fn development(mut self, on: bool) -> TenantBuilder {
        self.development = on;
        self
    }

    /// Makes the tenant.
    ///
    /// # Errors
    /// `invalid_issuer`; `invalid_signing_key` when a key that was given is not for RS256;
    /// `invalid_data` and `store` as for [`Tenant::open`].
    ///
    /// # Example
    /// ```
    /// # async fn example() {
    /// assert!(bearward_tenant::Tenant::builder("ftp://localhost/").build().await.is_err());
    /// # }
    /// ```
    pub async fn build(self) -> Result<Tenant, TenantError> {
        let issuer = Issuer::parse(&self.issuer)?;
        let (store, seal) = match &self.data_dir {
            Some(folder) => {
                data_folder::make(folder)?;
                let database = folder.join("tenant.db");
                data_folder::keep_private(&database)?;
                (Store::open(&database).await?, Seal::from_file(&folder.join("key"))?)
            }
            None => (Store::in_memory().await?, Seal::random()?),
        };
        let keys = SigningKeys::new(store.clone(), seal, issuer.host().to_owned());
        if let Some([current, next]) = self.keys {
            keys.give(current, next, &*self.clock).await?;
        }
        // A key file that does not fit is heard of now, and not by the first client.
        keys.readable().await?;
        let passwords = Passwords::default();
        let activity = ActivityLog::start(store.clone());
        let clock = self.clock;
        let userinfo = issuer.join("userinfo");
        let own_tokens = OwnTokens::new(issuer.as_str(), userinfo, Arc::clone(&clock));
        let limits = Limits::new(&clock);
        let allowed_hosts = AllowedHosts::new(&issuer, self.allowed_hosts);
        Ok(Tenant(Arc::new(Shared {
            issuer,
            clock,
            limits,
            allowed_hosts,
            keys,
            own_tokens,
            passwords,
            activity,
            first_link: FirstLink::default(),
            store,
            development: self.development,
        })))
    }
}

impl fmt::Debug for TenantBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantBuilder").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
