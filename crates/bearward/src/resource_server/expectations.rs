//! What a resource server expects of a token, for telling a person.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{ResourceServer, Verdict};
use crate::credentials::Credentials;
use crate::issuer::Issuer;
use crate::jws::Limits;
use crate::profile::Profile;
use crate::rejection::{Reason, Rejection};
use crate::requirement::Requirement;

/// The settings that a refusal is told with.
pub(crate) struct Expectations<'a> {
    /// Those whose tokens are taken; of a resolver's, the one that it knows by this name.
    pub(crate) issuers: Vec<Arc<Issuer>>,
    pub(crate) audience: &'a str,
    /// Time of day since 1970.
    pub(crate) now: Duration,
    pub(crate) skew: Duration,
}

impl ResourceServer {
    /// Of a token that claims to be from this issuer.
    pub(crate) fn expectations(&self, iss: &str) -> Expectations<'_> {
        let inner = &*self.inner;
        let mut issuers: Vec<_> =
            inner.issuers.listed().map(|trusted| Arc::clone(&trusted.issuer)).collect();
        if issuers.is_empty() {
            issuers.extend(inner.issuers.named(iss).map(|trusted| Arc::clone(&trusted.issuer)));
        }
        Expectations {
            issuers,
            audience: &inner.audience,
            now: inner.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default(),
            skew: inner.skew,
        }
    }

    pub(crate) fn token_limits(&self) -> Limits {
        self.inner.limits
    }

    /// A profile under which this token would be let in, if nothing else were changed. Checks of
    /// your own are not asked: they may have effects, and are for tokens that came so far.
    pub(crate) fn other_profile(&self, token: &str, requirement: &Requirement) -> Option<Profile> {
        // What a resolver knows keeps its profile.
        self.inner.issuers.listed().next()?;
        let line = format!("Bearer {token}");
        let credentials = Credentials::read([line.as_bytes()], None).ok()?;
        for profile in Profile::ALL {
            let other = self.clone().set(|inner| {
                inner.issuers = inner.issuers.read_by(profile);
                inner.checks.clear();
            });
            match other.check_now(credentials, requirement) {
                Verdict::Allowed(_) => return Some(profile),
                // No profile has the key, and asking again would use up what the issuer bears.
                Verdict::Pending(_) => return None,
                Verdict::Refused(rejection) if is_about_keys(&rejection) => return None,
                Verdict::Refused(_) => {}
            }
        }
        None
    }
}

fn is_about_keys(rejection: &Rejection) -> bool {
    matches!(rejection.reason(), Reason::UnknownKey | Reason::KeysUnavailable)
}
