//! The keys of one issuer: fixed ones, or a set that is fetched and kept fresh.

#[cfg(feature = "remote")]
mod address_class;
#[cfg(feature = "remote")]
mod client;
#[cfg(feature = "remote")]
mod fetch;
#[cfg(feature = "remote")]
mod freshness;
#[cfg(feature = "remote")]
mod hands;
#[cfg(feature = "remote")]
mod machine_trust;
#[cfg(feature = "remote")]
mod outcome;
#[cfg(feature = "remote")]
mod reach;
#[cfg(feature = "remote")]
mod refresh;
#[cfg(feature = "remote")]
mod remote;
mod select;
pub(crate) mod status;
#[cfg(feature = "remote")]
mod store;
#[cfg(feature = "remote")]
mod worker;

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::ConfigError;
use crate::issuer::{Issuer, KeyLocation};
use crate::rejection::Rejection;
use crate::signature::VerificationKey;
use status::KeyStatus;

#[cfg(feature = "remote")]
pub(crate) use remote::KeyWait;
pub(crate) use select::KeySet;

/// A key source. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    Fixed(Arc<KeySet>),
    #[cfg(feature = "remote")]
    Remote(Arc<remote::RemoteKeys>),
}

/// What to do about a key that is not in the set.
#[cfg_attr(not(feature = "remote"), allow(dead_code, reason = "fixed keys are always there"))]
pub(crate) enum Missing {
    /// Other keys have come since: search them.
    Changed,
    /// The issuer was asked just now and has no such key: the token's fault.
    Absent,
    /// The issuer cannot be asked: not the token's fault.
    Unavailable(Rejection),
    /// The issuer is being asked.
    #[cfg(feature = "remote")]
    Wait(KeyWait),
}

/// What a request for a missing key has waited for already.
#[cfg_attr(not(feature = "remote"), allow(dead_code, reason = "nobody waits for fixed keys"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    No,
    /// A fetch that was under way when it came, and may have asked the issuer too early.
    ForEarlierFetch,
    /// A fetch that began after it came.
    ForOwnFetch,
}

impl Keys {
    pub(crate) fn new(issuer: &Issuer, clock: &Arc<dyn Clock>) -> Result<Keys, ConfigError> {
        match &issuer.keys {
            KeyLocation::Fixed(set) => {
                let (keys, skipped) = KeySet::new(set, &issuer.algorithms, None);
                if keys.is_empty() {
                    let why: Vec<String> = skipped.iter().map(ToString::to_string).collect();
                    let message = format!("no usable key in the set: {}", why.join("; "));
                    return Err(ConfigError::new("jwks", message));
                }
                Ok(Keys::Fixed(Arc::new(keys)))
            }
            #[cfg(feature = "remote")]
            KeyLocation::Discovery(_) | KeyLocation::Uri(_) => {
                Ok(Keys::Remote(remote::RemoteKeys::new(issuer, clock)?))
            }
            #[cfg(not(feature = "remote"))]
            KeyLocation::Discovery(_) | KeyLocation::Uri(_) => {
                let _ = clock;
                Err(ConfigError::new(
                    "issuer",
                    "keys from the network need the feature remote; give the keys with jwks",
                ))
            }
        }
    }

    /// Starts fetching in the background, once.
    pub(crate) fn start(&self) {
        match self {
            Keys::Fixed(_) => {}
            #[cfg(feature = "remote")]
            Keys::Remote(remote) => remote.start(),
        }
    }

    /// The keys as known now. Never waits.
    pub(crate) fn current(&self) -> Option<Arc<KeySet>> {
        match self {
            Keys::Fixed(set) => Some(Arc::clone(set)),
            #[cfg(feature = "remote")]
            Keys::Remote(remote) => remote.current(),
        }
    }

    /// Whether this key, which verified a token before, may still verify: the issuer publishes it,
    /// and the set is not too old. Never waits.
    pub(crate) fn hold(&self, key: &Arc<VerificationKey>) -> bool {
        match self {
            Keys::Fixed(set) => set.holds(key),
            #[cfg(feature = "remote")]
            Keys::Remote(remote) => remote.hold(key),
        }
    }

    /// Asks for a key that is not in `searched`, which [`current`](Keys::current) gave.
    pub(crate) fn missing(&self, searched: Option<&Arc<KeySet>>, waited: Waited) -> Missing {
        match self {
            Keys::Fixed(_) => {
                let _ = (searched, waited);
                Missing::Absent
            }
            #[cfg(feature = "remote")]
            Keys::Remote(remote) => remote.missing(searched, waited),
        }
    }

    /// What is known of them now, for people.
    pub(crate) fn status(&self, issuer: &str) -> KeyStatus {
        match self {
            Keys::Fixed(set) => KeyStatus::fixed(issuer, set),
            #[cfg(feature = "remote")]
            Keys::Remote(remote) => remote.status(),
        }
    }
}
