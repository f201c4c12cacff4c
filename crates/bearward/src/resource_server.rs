//! An API that takes access tokens: its settings, and what it says of itself.

mod expectations;
mod flow;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::challenge::Protection;
use crate::claims::Claims;
use crate::clock::{Clock, SystemClock};
use crate::config::ConfigError;
use crate::issuer::Issuer;
use crate::issuers::{Issuers, Trusted};
use crate::jws::Limits;
#[cfg(feature = "remote")]
use crate::keys::Keys;
use crate::keys::{Missing, Waited};
use crate::rejection::Rejection;
#[cfg(feature = "tower")]
use crate::requirement::Requirement;
use crate::verified_cache::{TokenCache, VerifiedCache};

pub(crate) use expectations::Expectations;
pub use flow::{PendingVerdict, Verdict};

/// An API that takes access tokens: its issuer or issuers, one audience, and the rules for tokens.
///
/// It is closed by default: signature, `iss`, `aud`, `exp`, `nbf`, `iat`, the kind of the token
/// and its header are always checked, and no setting turns a check off. It does not ask the issuer
/// about each token, so a token that was revoked is good until it expires.
///
/// Tokens that have been verified are remembered (see [`TokenCache`]), so that one seen again costs
/// no signature check; all other checks run each time.
///
/// Making one needs no network and no async runtime. The keys are fetched in the background from
/// the first use on, by a thread of this crate's own, and kept fresh; requests whose key is known
/// never wait for it. Cheap to clone: clones share the keys.
///
/// # Example
/// ```
/// use bearward::ResourceServer;
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?
///     .check("org", |claims| claims.text("org_id") == Some("org_1"));
/// # Ok(())
/// # }
/// ```
///
/// Source: RFC 6750, RFC 9068 section 4, RFC 8725.
#[derive(Clone)]
pub struct ResourceServer {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    issuers: Issuers,
    audience: String,
    seen: VerifiedCache,
    clock: Arc<dyn Clock>,
    skew: Duration,
    max_lifetime: Option<Duration>,
    limits: Limits,
    checks: Vec<Check>,
    explain: bool,
    protection: Arc<Protection>,
    /// The scopes that routes ask for, as they are added.
    #[cfg(feature = "tower")]
    scopes: Arc<std::sync::Mutex<std::collections::BTreeSet<String>>>,
}

#[derive(Clone)]
struct Check {
    name: Cow<'static, str>,
    holds: Arc<dyn Fn(&Claims) -> bool + Send + Sync>,
}

/// The clocks of two machines differ by less than this where anybody minds them.
const SKEW: Duration = Duration::from_secs(60);
/// A larger allowance would make revocation by expiry meaningless (RFC 7519 section 4.1.4 speaks
/// of a few minutes at most).
const MOST_SKEW: Duration = Duration::from_secs(300);

impl ResourceServer {
    /// An API by its issuer (an identifier, or an [`Issuer`]) and its audience: the identifier that
    /// the issuer puts into `aud` for it.
    ///
    /// # Errors
    /// `issuer` when the identifier is not one (see [`Issuer::new`]), `audience` when it is empty,
    /// `ca_file` or `jwks` when the issuer's settings cannot work.
    ///
    /// # Example
    /// ```
    /// use bearward::ResourceServer;
    /// assert!(ResourceServer::new("https://login.example.com/", "https://api.example.com").is_ok());
    /// assert!(ResourceServer::new("https://login.example.com/", "").is_err());
    /// ```
    pub fn new<I>(issuer: I, audience: impl Into<String>) -> Result<ResourceServer, ConfigError>
    where
        I: TryInto<Issuer>,
        ConfigError: From<I::Error>,
    {
        let issuer = issuer.try_into()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        ResourceServer::of(Issuers::one(issuer, &clock)?, audience.into(), clock)
    }

    /// An API whose tokens come from an Auth0 tenant, by its domain.
    ///
    /// # Errors
    /// `domain` when it is not a bare host (see [`Issuer::auth0`]), `audience` when it is empty.
    ///
    /// # Example
    /// ```
    /// use bearward::ResourceServer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let api = ResourceServer::auth0("dev-xyz.eu.auth0.com", "https://api.example.com")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn auth0(domain: &str, audience: impl Into<String>) -> Result<ResourceServer, ConfigError> {
        ResourceServer::new(Issuer::auth0(domain)?, audience)
    }

    /// An API whose tokens come from issuers that are too many, or change too often, to be listed:
    /// one for each customer, say. `resolve` is asked for the issuer whose identifier is the
    /// token's `iss`, and `None` refuses the token.
    ///
    /// It is asked on every request, before anything of the token has been checked, so it should
    /// look into a map and nothing slower; what it no longer knows is refused at once. Keys belong
    /// to one issuer and are never shared. They are kept for the 1,024 issuers used most as long as
    /// the issuer's settings stay the same, and fetched when its first token comes, so
    /// [`ready`](ResourceServer::ready) says yes from the start.
    ///
    /// # Errors
    /// `audience` when it is empty.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    /// use std::sync::Arc;
    /// use bearward::{Issuer, ResourceServer};
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let mut customers = HashMap::new();
    /// for tenant in ["one", "two"] {
    ///     let issuer = Issuer::new(format!("https://login.example.com/{tenant}"))?;
    ///     customers.insert(issuer.identifier().to_owned(), Arc::new(issuer));
    /// }
    /// let resolve = move |iss: &str| customers.get(iss).cloned();
    /// let api = ResourceServer::with_resolver(resolve, "https://api.example.com")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8725 section 3.8.
    pub fn with_resolver(
        resolve: impl Fn(&str) -> Option<Arc<Issuer>> + Send + Sync + 'static,
        audience: impl Into<String>,
    ) -> Result<ResourceServer, ConfigError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let issuers = Issuers::resolved(Arc::new(resolve), &clock);
        ResourceServer::of(issuers, audience.into(), clock)
    }

    fn of(
        issuers: Issuers,
        audience: String,
        clock: Arc<dyn Clock>,
    ) -> Result<ResourceServer, ConfigError> {
        if audience.is_empty() {
            return Err(ConfigError::new(
                "audience",
                "expected the API's identifier, found nothing: tokens for any API would be let in",
            ));
        }
        let inner = Inner {
            issuers,
            protection: Arc::new(Protection::new(&audience)),
            audience,
            seen: VerifiedCache::default(),
            clock,
            skew: SKEW,
            max_lifetime: None,
            limits: Limits::default(),
            checks: Vec::new(),
            explain: false,
            #[cfg(feature = "tower")]
            scopes: Arc::default(),
        };
        Ok(ResourceServer { inner: Arc::new(inner) })
    }

    /// What was verified under other settings is forgotten.
    fn set(mut self, change: impl FnOnce(&mut Inner)) -> ResourceServer {
        let inner = Arc::make_mut(&mut self.inner);
        inner.seen = inner.seen.emptied();
        change(inner);
        self
    }

    /// Takes the tokens of this issuer too. Which issuer a token claims to be from chooses the keys
    /// that it is verified with: each issuer has its own, and they are never shared.
    ///
    /// # Errors
    /// `issuer` when it is there already or is none (see [`Issuer::new`]), or where a resolver
    /// knows the issuers; `ca_file` or `jwks` when its settings cannot work.
    ///
    /// # Example
    /// ```
    /// use bearward::{Issuer, ResourceServer};
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?
    ///     .and_issuer(Issuer::auth0("dev-xyz.eu.auth0.com")?)?;
    /// assert_eq!(api.issuers().count(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8725 section 3.8.
    pub fn and_issuer<I>(self, issuer: I) -> Result<ResourceServer, ConfigError>
    where
        I: TryInto<Issuer>,
        ConfigError: From<I::Error>,
    {
        let issuers = self.inner.issuers.and(issuer.try_into()?, &self.inner.clock)?;
        Ok(self.set(|inner| inner.issuers = issuers))
    }

    /// Adds a check of your own. Where `holds` says no, the request is refused with 403, and
    /// `name` stands in the log as the reason.
    ///
    /// It runs after all other checks of the token, on every request.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?
    ///     .check("staff", |claims| claims.claim::<bool>("staff") == Some(true));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn check(
        self,
        name: impl Into<Cow<'static, str>>,
        holds: impl Fn(&Claims) -> bool + Send + Sync + 'static,
    ) -> ResourceServer {
        let check = Check { name: name.into(), holds: Arc::new(holds) };
        self.set(|inner| inner.checks.push(check))
    }

    /// How far the clocks of issuer and API may differ: 60 s by default, 300 s at most.
    ///
    /// # Errors
    /// `skew` when it is more than 300 s.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// # use std::time::Duration;
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// assert!(api.clone().skew(Duration::from_secs(5)).is_ok());
    /// assert!(api.skew(Duration::from_secs(301)).is_err());
    /// ```
    ///
    /// Source: RFC 7519 section 4.1.4.
    pub fn skew(self, skew: Duration) -> Result<ResourceServer, ConfigError> {
        if skew > MOST_SKEW {
            let message = format!("expected at most {MOST_SKEW:?}, found {skew:?}");
            return Err(ConfigError::new("skew", message));
        }
        Ok(self.set(|inner| inner.skew = skew))
    }

    /// Refuses tokens that live longer than this, and then demands `iat`. There is no limit by
    /// default: lifetimes are the issuer's to choose.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// # use std::time::Duration;
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// let api = api.max_lifetime(Duration::from_secs(3600));
    /// ```
    #[must_use]
    pub fn max_lifetime(self, most: Duration) -> ResourceServer {
        self.set(|inner| inner.max_lifetime = Some(most))
    }

    /// How much of a token is read; see [`Limits`].
    ///
    /// # Example
    /// ```
    /// # use bearward::{Limits, ResourceServer};
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// let api = api.limits(Limits { token_bytes: 4096, ..Limits::default() });
    /// ```
    #[must_use]
    pub fn limits(self, limits: Limits) -> ResourceServer {
        self.set(|inner| inner.limits = limits)
    }

    /// Remembers verified tokens within other bounds; see [`TokenCache`].
    ///
    /// # Example
    /// ```
    /// # use bearward::{ResourceServer, TokenCache};
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// let api = api.token_cache(TokenCache { entries: 100_000, bytes: 256 * 1024 * 1024 });
    /// ```
    #[must_use]
    pub fn token_cache(self, size: TokenCache) -> ResourceServer {
        self.set(|inner| inner.seen = VerifiedCache::new(size))
    }

    /// Remembers no verified token: each request costs a signature check.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// let api = api.without_token_cache();
    /// ```
    #[must_use]
    pub fn without_token_cache(self) -> ResourceServer {
        self.token_cache(TokenCache { entries: 0, bytes: 0 })
    }

    /// How many verified tokens are remembered now.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// assert_eq!(api.cached_tokens(), 0);
    /// ```
    #[must_use]
    pub fn cached_tokens(&self) -> usize {
        self.inner.seen.len()
    }

    /// Tells the time by another clock: for tests.
    ///
    /// # Errors
    /// As [`new`](ResourceServer::new): the keys are set up anew for that clock.
    ///
    /// # Example
    /// ```
    /// # use bearward::{ResourceServer, SystemClock};
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// assert!(api.clock(SystemClock).is_ok());
    /// ```
    pub fn clock(self, clock: impl Clock) -> Result<ResourceServer, ConfigError> {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let issuers = self.inner.issuers.clocked(&clock)?;
        Ok(self.set(|inner| {
            inner.issuers = issuers;
            inner.clock = clock;
        }))
    }

    /// Prints one line on standard error for each refused request: what was wrong and how to mend
    /// it. For development: it is off unless called.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// let api = api.explain_refusals();
    /// ```
    #[must_use]
    pub fn explain_refusals(self) -> ResourceServer {
        self.set(|inner| inner.explain = true)
    }

    /// The issuers whose tokens are taken; none where a resolver knows them.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::auth0("dev-xyz.eu.auth0.com", "api").unwrap();
    /// let identifiers: Vec<&str> = api.issuers().map(|issuer| issuer.identifier()).collect();
    /// assert_eq!(identifiers, ["https://dev-xyz.eu.auth0.com/"]);
    /// ```
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.inner.issuers.listed().map(|trusted| &*trusted.issuer)
    }

    /// The identifier that must stand in `aud`, or where the issuer's [`Profile`](crate::Profile) looks
    /// for the audience.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::auth0("dev-xyz.eu.auth0.com", "https://api.example.com").unwrap();
    /// assert_eq!(api.audience(), "https://api.example.com");
    /// ```
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.inner.audience
    }

    /// Whether the keys of all listed issuers are there, for `/readyz`. Also starts fetching them.
    ///
    /// # Errors
    /// `keys_unavailable`: answer 503 with `Retry-After`. With the feature `axum` the rejection is
    /// that answer, so a handler can return this as it is:
    /// `.route("/readyz", open(), get(async move || api.ready()))`.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::new("http://localhost:1/", "api").unwrap();
    /// assert_eq!(api.ready().unwrap_err().code(), "keys_unavailable");
    /// ```
    pub fn ready(&self) -> Result<(), Rejection> {
        self.inner.issuers.start();
        for trusted in self.inner.issuers.listed() {
            if trusted.keys.current().is_none()
                && let Missing::Unavailable(rejection) =
                    trusted.keys.missing(None, Waited::ForOwnFetch)
            {
                return Err(self.own(rejection));
            }
        }
        Ok(())
    }

    /// Resolves once the keys of all listed issuers are there; at once where they are fixed. It
    /// never gives up: put a timeout around it if you must.
    ///
    /// # Example
    /// ```no_run
    /// # use bearward::ResourceServer;
    /// # async fn start() -> Result<(), bearward::ConfigError> {
    /// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?;
    /// api.wait_until_ready().await;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "remote")]
    pub async fn wait_until_ready(&self) {
        self.inner.issuers.start();
        for trusted in self.inner.issuers.listed() {
            let Keys::Remote(remote) = &trusted.keys else { continue };
            let mut ended = remote.next_end();
            while remote.current().is_none() {
                if ended.changed().await.is_err() {
                    break;
                }
            }
        }
    }

    /// Resolves once a fetch of the keys that ends after this call has ended, however it ended, for
    /// every listed issuer; at once where the keys are fixed. For tests that move a clock, and for
    /// operators' tools.
    ///
    /// # Example
    /// ```no_run
    /// # use bearward::ResourceServer;
    /// # async fn wait(api: &ResourceServer) {
    /// let refreshed = api.next_key_fetch();
    /// // ... something that makes a fetch due ...
    /// refreshed.await;
    /// # }
    /// ```
    #[cfg(feature = "remote")]
    pub fn next_key_fetch(&self) -> impl Future<Output = ()> + Send + 'static {
        self.inner.issuers.start();
        let remote = |trusted: &Arc<Trusted>| match &trusted.keys {
            Keys::Remote(remote) => Some(remote.next_end()),
            Keys::Fixed(_) => None,
        };
        let all: Vec<_> = self.inner.issuers.listed().filter_map(remote).collect();
        async move {
            for mut ended in all {
                // An error means that the keys are gone, and no fetch will come.
                let _ = ended.changed().await;
            }
        }
    }

    /// The same server with the same settings: every change of a setting makes another one.
    #[cfg(feature = "tower")]
    pub(crate) fn is(&self, other: &ResourceServer) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    #[cfg(feature = "tower")]
    pub(crate) fn protection(&self) -> &Arc<Protection> {
        &self.inner.protection
    }

    #[cfg(feature = "tower")]
    pub(crate) fn explains(&self) -> bool {
        self.inner.explain
    }

    /// The issuers whose keys are at hand.
    pub(crate) fn trusted(&self) -> Vec<Arc<Trusted>> {
        self.inner.issuers.at_hand()
    }

    /// Notes what a route asks for, and starts fetching the keys.
    #[cfg(feature = "tower")]
    pub(crate) fn announce(&self, requirement: &Requirement) {
        self.inner.issuers.start();
        let mut scopes =
            self.inner.scopes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        scopes.extend(requirement.scopes().into_iter().map(str::to_owned));
    }

    /// The scopes that the routes ask for.
    #[cfg(feature = "axum")]
    pub(crate) fn scopes_supported(&self) -> Vec<String> {
        let scopes = self.inner.scopes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        scopes.iter().cloned().collect()
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceServer")
            .field("issuers", &self.inner.issuers)
            .field("audience", &self.inner.audience)
            .finish_non_exhaustive()
    }
}
