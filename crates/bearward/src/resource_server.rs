//! The flow, top to bottom: from the credentials of a request to an access token.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use crate::access_token::AccessToken;
use crate::challenge::Protection;
use crate::claims::Claims;
use crate::clock::{Clock, SystemClock};
use crate::config::ConfigError;
use crate::credentials::Credentials;
use crate::issuer::Issuer;
use crate::jws::{Limits, UnverifiedJws};
use crate::keys::{Keys, Missing, Waited};
use crate::profile::Expected;
use crate::rejection::{Reason, Rejection};
use crate::requirement::Requirement;
use crate::signature::{SignatureHolds, VerifiedPayload};

/// An API that takes access tokens: one issuer, one audience, and the rules for its tokens.
///
/// It is closed by default: signature, `iss`, `aud`, `exp`, `nbf`, `iat`, the kind of the token
/// and its header are always checked, and no setting turns a check off. It does not ask the issuer
/// about each token, so a token that was revoked is good until it expires.
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
    issuer: Issuer,
    audience: String,
    keys: Keys,
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

/// What [`ResourceServer::check_now`] says.
///
/// # Example
/// ```
/// use bearward::{Credentials, ResourceServer, Verdict, token};
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("http://localhost:1/", "api")?;
/// let credentials = Credentials::read([b"Bearer no.jwt".as_slice()], None).unwrap();
/// assert!(matches!(api.check_now(credentials, &token()), Verdict::Refused(_)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub enum Verdict {
    /// The token is good and allows the request.
    Allowed(AccessToken),
    /// It is not; build the answer with [`Challenge`](crate::Challenge).
    Refused(Rejection),
    /// Its key is being fetched: await the verdict.
    Pending(PendingVerdict),
}

/// A verdict that waits for a key: for one fetch of at most 5 s, and where that one had begun
/// before the request came, for one more. A future.
///
/// # Example
/// ```
/// # use bearward::{AccessToken, PendingVerdict, Rejection};
/// async fn wait(pending: PendingVerdict) -> Result<AccessToken, Rejection> {
///     pending.await
/// }
/// ```
#[must_use = "a verdict comes when it is awaited"]
pub struct PendingVerdict(Pin<Box<dyn Future<Output = Result<AccessToken, Rejection>> + Send>>);

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
        let audience = audience.into();
        if audience.is_empty() {
            return Err(ConfigError::new(
                "audience",
                "expected the API's identifier, found nothing: tokens for any API would be let in",
            ));
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let inner = Inner {
            keys: Keys::new(&issuer, &clock)?,
            protection: Arc::new(Protection::new(&audience)),
            issuer,
            audience,
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

    fn set(mut self, change: impl FnOnce(&mut Inner)) -> ResourceServer {
        change(Arc::make_mut(&mut self.inner));
        self
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
        let keys = Keys::new(&self.inner.issuer, &clock)?;
        Ok(self.set(|inner| {
            inner.keys = keys;
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

    /// The issuer whose tokens are taken.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::auth0("dev-xyz.eu.auth0.com", "api").unwrap();
    /// assert_eq!(api.issuer().identifier(), "https://dev-xyz.eu.auth0.com/");
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.inner.issuer
    }

    /// The identifier that must stand in `aud`.
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

    /// Whether the keys are there, for `/readyz`. Also starts fetching them.
    ///
    /// # Errors
    /// `keys_unavailable`: answer 503 with `Retry-After`.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::new("http://localhost:1/", "api").unwrap();
    /// assert_eq!(api.ready().unwrap_err().code(), "keys_unavailable");
    /// ```
    pub fn ready(&self) -> Result<(), Rejection> {
        self.inner.keys.start();
        if self.inner.keys.current().is_some() {
            return Ok(());
        }
        match self.inner.keys.missing(None, Waited::ForOwnFetch) {
            Missing::Unavailable(rejection) => Err(self.own(rejection)),
            _ => Ok(()),
        }
    }

    /// Resolves once the keys are there; at once where they are fixed. It never gives up: put a
    /// timeout around it if you must.
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
        self.inner.keys.start();
        let Keys::Remote(remote) = &self.inner.keys else { return };
        let mut ended = remote.next_end();
        while remote.current().is_none() {
            if ended.changed().await.is_err() {
                return;
            }
        }
    }

    /// Resolves once a fetch of the keys that ends after this call has ended, however it ended; at
    /// once where the keys are fixed. For tests that move a clock, and for operators' tools.
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
        self.inner.keys.start();
        let ended = match &self.inner.keys {
            Keys::Remote(remote) => Some(remote.next_end()),
            Keys::Fixed(_) => None,
        };
        async move {
            if let Some(mut ended) = ended {
                // An error means that the keys are gone, and no fetch will come.
                let _ = ended.changed().await;
            }
        }
    }

    /// Checks a token and what it allows, without ever waiting: steps 2 to 8 of the flow.
    ///
    /// # Example
    /// ```
    /// use bearward::{Credentials, ResourceServer, Verdict, scope};
    /// # let api = ResourceServer::new("http://localhost:1/", "api").unwrap();
    /// let credentials = Credentials::read([b"Bearer opaque".as_slice()], None).unwrap();
    /// match api.check_now(credentials, &scope("read:messages")) {
    ///     Verdict::Allowed(token) => println!("hello {}", token.subject()),
    ///     Verdict::Refused(rejection) => assert_eq!(rejection.code(), "malformed_token"),
    ///     Verdict::Pending(pending) => { /* pending.await */ }
    /// }
    /// ```
    pub fn check_now(&self, credentials: Credentials<'_>, requirement: &Requirement) -> Verdict {
        self.inner.keys.start();
        match self.verify(credentials.token(), Waited::No) {
            Ok(token) => self.allow(token, requirement),
            Err(Stop::Refused(rejection)) => Verdict::Refused(self.own(rejection)),
            #[cfg(feature = "remote")]
            Err(Stop::Wait(wait)) => {
                let server = self.clone();
                let token = credentials.token().to_owned();
                let requirement = requirement.clone();
                Verdict::Pending(PendingVerdict(Box::pin(async move {
                    let mut wait = wait;
                    loop {
                        let waited = wait.over().await;
                        let token = match server.verify(&token, waited) {
                            Ok(token) => token,
                            Err(Stop::Refused(rejection)) => return Err(server.own(rejection)),
                            Err(Stop::Wait(again)) => {
                                wait = again;
                                continue;
                            }
                        };
                        return requirement
                            .check(&token)
                            .map(|()| token)
                            .map_err(|rejection| server.own(rejection));
                    }
                })))
            }
        }
    }

    /// Step 8 for a token that this server verified before, as in a guard within a guard.
    pub(crate) fn allow(&self, token: AccessToken, requirement: &Requirement) -> Verdict {
        match requirement.check(&token) {
            Ok(()) => Verdict::Allowed(token),
            Err(rejection) => Verdict::Refused(self.own(rejection)),
        }
    }

    fn own(&self, rejection: Rejection) -> Rejection {
        rejection.of(&self.inner.protection)
    }

    /// Steps 2 to 7.
    fn verify(&self, token: &str, waited: Waited) -> Result<AccessToken, Stop> {
        let inner = &*self.inner;
        let jws = UnverifiedJws::parse(token, &inner.limits)?;
        let algorithm = jws.header.algorithm;
        if !inner.issuer.algorithms.contains(&algorithm) {
            let detail = format!("alg is {algorithm}, which is not allowed for this issuer");
            return Err(Rejection::new(Reason::AlgorithmNotAllowed, detail).into());
        }
        inner.issuer.profile.admit(&jws.header)?;
        let payload = self.open(jws, waited)?;
        let claims = Claims::read(payload, inner.limits.json())?;
        let now = inner.clock.now().duration_since(SystemTime::UNIX_EPOCH).map_err(|_| {
            Rejection::new(Reason::ClockUnset, "this machine's clock stands before 1970")
        })?;
        let expected = Expected {
            issuer: &inner.issuer.identifier,
            audience: &inner.audience,
            now,
            skew: inner.skew,
            max_lifetime: inner.max_lifetime,
        };
        inner.issuer.profile.check(&claims, &expected)?;
        for check in &inner.checks {
            if !(check.holds)(&claims) {
                let detail = format!("the check {} does not hold", check.name);
                return Err(Rejection::new(Reason::Check(check.name.clone()), detail).into());
            }
        }
        Ok(AccessToken::new(claims))
    }

    /// Steps 4 and 5: a key of the issuer under which the signature holds opens the payload.
    fn open(&self, jws: UnverifiedJws<'_>, waited: Waited) -> Result<VerifiedPayload, Stop> {
        let proof = self.proof(&jws, waited)?;
        Ok(VerifiedPayload::open(jws, proof))
    }

    fn proof(&self, jws: &UnverifiedJws<'_>, waited: Waited) -> Result<SignatureHolds, Stop> {
        loop {
            let keys = self.inner.keys.current();
            let mut tried = None;
            if let Some(keys) = &keys {
                let kid = jws.header.kid.as_deref();
                for key in keys.candidates(jws.header.algorithm, kid) {
                    match key.holds(jws) {
                        Ok(proof) => return Ok(proof),
                        Err(rejection) => tried = Some(rejection),
                    }
                }
            }
            // A named key that does not fit is the token's fault. Without a name the key may be new.
            if jws.header.kid.is_some()
                && let Some(rejection) = tried
            {
                return Err(rejection.into());
            }
            match self.inner.keys.missing(keys.as_ref(), waited) {
                Missing::Changed => {}
                Missing::Absent => return Err(tried.unwrap_or_else(|| unknown_key(jws)).into()),
                Missing::Unavailable(rejection) => return Err(rejection.into()),
                #[cfg(feature = "remote")]
                Missing::Wait(wait) => return Err(Stop::Wait(wait)),
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

    /// Notes what a route asks for, and starts fetching the keys.
    #[cfg(feature = "tower")]
    pub(crate) fn announce(&self, requirement: &Requirement) {
        self.inner.keys.start();
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

/// Why there is no access token, yet or at all.
enum Stop {
    Refused(Rejection),
    #[cfg(feature = "remote")]
    Wait(crate::keys::KeyWait),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Stop {
        Stop::Refused(rejection)
    }
}

fn unknown_key(jws: &UnverifiedJws<'_>) -> Rejection {
    let algorithm = jws.header.algorithm;
    let detail = match &jws.header.kid {
        Some(kid) => {
            let kid = crate::rejection::shown(kid);
            format!("the issuer has no key with kid {kid} for {algorithm}")
        }
        None => format!("the token names no kid, and the issuer has no key for {algorithm}"),
    };
    Rejection::new(Reason::UnknownKey, detail)
}

impl Future for PendingVerdict {
    type Output = Result<AccessToken, Rejection>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for PendingVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingVerdict").finish_non_exhaustive()
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceServer")
            .field("issuer", &self.inner.issuer.identifier)
            .field("audience", &self.inner.audience)
            .finish_non_exhaustive()
    }
}
