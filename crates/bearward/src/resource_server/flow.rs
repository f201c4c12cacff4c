//! The flow, top to bottom: from the credentials of a request to an access token.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::SystemTime;

use super::ResourceServer;
use crate::access_token::AccessToken;
use crate::claims::Claims;
use crate::credentials::Credentials;
use crate::issuers::Trusted;
use crate::jws::UnverifiedJws;
use crate::keys::{Missing, Waited};
use crate::profile::Expected;
use crate::rejection::{Reason, Rejection};
use crate::requirement::Requirement;
use crate::signature::{SignatureHolds, VerificationKey, VerifiedPayload};
use crate::verified_cache::Verified;

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

impl ResourceServer {
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
        self.inner.issuers.start();
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

    pub(super) fn own(&self, rejection: Rejection) -> Rejection {
        rejection.of(&self.inner.protection)
    }

    /// Steps 2 to 7.
    fn verify(&self, token: &str, waited: Waited) -> Result<AccessToken, Stop> {
        if let Some(verdict) = self.seen(token) {
            let token = verdict?;
            crate::metrics::token_cache_hit();
            return Ok(token);
        }
        let inner = &*self.inner;
        let jws = UnverifiedJws::parse(token, &inner.limits)?;
        let trusted = self.chosen(&jws)?;
        let (issuer, algorithm) = (&trusted.issuer, jws.header.algorithm);
        if !issuer.algorithms.contains(&algorithm) {
            let detail = format!("alg is {algorithm}, which is not allowed for this issuer");
            return Err(Rejection::new(Reason::AlgorithmNotAllowed, detail).into());
        }
        issuer.profile.admit(&jws.header)?;
        let (key, proof) = self.proof(&trusted, &jws, waited)?;
        let payload = VerifiedPayload::open(jws, proof);
        let claims = Claims::read(payload, issuer.profile, inner.limits.json())?;
        self.judge(&trusted, &claims)?;
        let verified = Arc::new(Verified { claims, key, typed: OnceLock::new() });
        inner.seen.insert(token, &verified);
        crate::metrics::token_cache_miss();
        Ok(AccessToken::new(verified))
    }

    /// Step 7 for a token that passed step 6 before, under a key that is still the issuer's;
    /// `None` for all others, which have to go the whole way.
    fn seen(&self, token: &str) -> Option<Result<AccessToken, Rejection>> {
        let inner = &*self.inner;
        if token.len() > inner.limits.token_bytes {
            return None;
        }
        let verified = inner.seen.get(token)?;
        let trusted = match inner.issuers.only() {
            Some(only) => Some(Cow::Borrowed(only)),
            None => inner.issuers.named(verified.claims.issuer()).ok(),
        };
        let live = trusted.filter(|trusted| trusted.keys.hold(&verified.key));
        let judged = live.map(|trusted| self.judge(&trusted, &verified.claims));
        if !matches!(judged, Some(Ok(()))) {
            inner.seen.remove(token);
        }
        Some(judged?.map(|()| AccessToken::new(verified)))
    }

    /// Step 3: whose token it claims to be. Where there is one issuer only, nothing needs to be
    /// read for that.
    fn chosen(&self, jws: &UnverifiedJws<'_>) -> Result<Cow<'_, Arc<Trusted>>, Rejection> {
        let issuers = &self.inner.issuers;
        match issuers.only() {
            Some(only) => Ok(Cow::Borrowed(only)),
            None => issuers.named(&jws.claimed_issuer(&self.inner.limits)?),
        }
    }

    /// Step 7, with the checks of your own.
    fn judge(&self, trusted: &Trusted, claims: &Claims) -> Result<(), Rejection> {
        let inner = &*self.inner;
        let now = inner.clock.now().duration_since(SystemTime::UNIX_EPOCH).map_err(|_| {
            Rejection::new(Reason::ClockUnset, "this machine's clock stands before 1970")
        })?;
        let expected = Expected {
            issuer: trusted.issuer.identifier(),
            audience: &inner.audience,
            aliases: &trusted.issuer.audiences,
            now,
            skew: inner.skew,
            max_lifetime: inner.max_lifetime,
        };
        trusted.issuer.profile.check(claims, &expected)?;
        for check in &inner.checks {
            if !(check.holds)(claims) {
                let detail = format!("the check {} does not hold", check.name);
                return Err(Rejection::new(Reason::Check(check.name.clone()), detail));
            }
        }
        Ok(())
    }

    /// Steps 4 and 5: the key of the issuer under which the signature holds.
    fn proof(
        &self,
        trusted: &Trusted,
        jws: &UnverifiedJws<'_>,
        waited: Waited,
    ) -> Result<(Arc<VerificationKey>, SignatureHolds), Stop> {
        loop {
            let keys = trusted.keys.current();
            let mut tried = None;
            if let Some(keys) = &keys {
                let kid = jws.header.kid.as_deref();
                for key in keys.candidates(jws.header.algorithm, kid) {
                    match key.holds(jws) {
                        Ok(proof) => return Ok((Arc::clone(key), proof)),
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
            // Another issuer's token is not worth a question to this one.
            let claimed = jws.claimed_issuer(&self.inner.limits)?;
            if claimed != trusted.issuer.identifier() {
                return Err(self.inner.issuers.unknown(&claimed).into());
            }
            match trusted.keys.missing(keys.as_ref(), waited) {
                Missing::Changed => {}
                Missing::Absent => return Err(tried.unwrap_or_else(|| unknown_key(jws)).into()),
                Missing::Unavailable(rejection) => return Err(rejection.into()),
                #[cfg(feature = "remote")]
                Missing::Wait(wait) => return Err(Stop::Wait(wait)),
            }
        }
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
