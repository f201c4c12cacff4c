//! Whose tokens a resource server takes: listed issuers, or those that a resolver knows.
//!
//! Each issuer has keys of its own. A token's `iss` chooses among them and proves nothing: a key
//! of the issuer that it names must have signed it, and `iss` is compared again afterwards.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, UnitWeighter};

use crate::clock::Clock;
use crate::config::ConfigError;
use crate::issuer::Issuer;
use crate::keys::Keys;
use crate::profile::Profile;
use crate::rejection::{Reason, Rejection, shown};

/// An issuer with its keys.
#[derive(Debug)]
pub(crate) struct Trusted {
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) keys: Keys,
}

/// The issuers of a resource server. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Issuers {
    /// At least one.
    Listed(Vec<Arc<Trusted>>),
    Resolved(Arc<Resolver>),
}

/// Finds the issuer that an `iss` names.
pub(crate) type Resolve = dyn Fn(&str) -> Option<Arc<Issuer>> + Send + Sync;

/// Issuers that are too many, or too changeable, to be listed.
pub(crate) struct Resolver {
    resolve: Arc<Resolve>,
    clock: Arc<dyn Clock>,
    /// By identifier.
    known: Cache<Box<str>, Arc<Trusted>>,
    /// Held while one is made, so that requests that come together make one.
    making: Mutex<()>,
}

/// Issuers whose keys are kept at hand; of more, those used least are asked for keys again.
const MOST_RESOLVED: usize = 1_024;

impl Trusted {
    fn new(issuer: Arc<Issuer>, clock: &Arc<dyn Clock>) -> Result<Arc<Trusted>, ConfigError> {
        let keys = Keys::new(&issuer, clock)?;
        Ok(Arc::new(Trusted { issuer, keys }))
    }
}

impl Issuers {
    pub(crate) fn one(issuer: Issuer, clock: &Arc<dyn Clock>) -> Result<Issuers, ConfigError> {
        Ok(Issuers::Listed(vec![Trusted::new(Arc::new(issuer), clock)?]))
    }

    pub(crate) fn resolved(resolve: Arc<Resolve>, clock: &Arc<dyn Clock>) -> Issuers {
        // In one piece: of several, one would be full long before the others.
        let size = OptionsBuilder::new()
            .estimated_items_capacity(MOST_RESOLVED)
            .weight_capacity(MOST_RESOLVED as u64)
            .shards(1)
            .build();
        let known = size.map_or_else(
            |_| Cache::new(MOST_RESOLVED),
            |size| {
                Cache::with_options(
                    size,
                    UnitWeighter,
                    DefaultHashBuilder::default(),
                    DefaultLifecycle::default(),
                )
            },
        );
        let clock = Arc::clone(clock);
        Issuers::Resolved(Arc::new(Resolver { resolve, clock, known, making: Mutex::default() }))
    }

    /// These issuers and one more.
    pub(crate) fn and(
        &self,
        issuer: Issuer,
        clock: &Arc<dyn Clock>,
    ) -> Result<Issuers, ConfigError> {
        let Issuers::Listed(listed) = self else {
            let message = "expected no single issuer: the resolver knows them all";
            return Err(ConfigError::new("issuer", message));
        };
        if self.listed().any(|other| other.issuer.identifier == issuer.identifier) {
            let message = format!("expected each issuer once, found {} twice", issuer.identifier);
            return Err(ConfigError::new("issuer", message));
        }
        let mut listed = listed.clone();
        listed.push(Trusted::new(Arc::new(issuer), clock)?);
        Ok(Issuers::Listed(listed))
    }

    /// The same issuers, with keys whose age another clock tells.
    pub(crate) fn clocked(&self, clock: &Arc<dyn Clock>) -> Result<Issuers, ConfigError> {
        match self {
            Issuers::Listed(listed) => {
                let anew =
                    |trusted: &Arc<Trusted>| Trusted::new(Arc::clone(&trusted.issuer), clock);
                Ok(Issuers::Listed(listed.iter().map(anew).collect::<Result<_, _>>()?))
            }
            Issuers::Resolved(resolver) => {
                Ok(Issuers::resolved(Arc::clone(&resolver.resolve), clock))
            }
        }
    }

    /// The listed issuers; none where a resolver knows them.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Arc<Trusted>> {
        match self {
            Issuers::Listed(listed) => listed.iter(),
            Issuers::Resolved(_) => [].iter(),
        }
    }

    /// The listed issuers, or those that the resolver found and has not let go since.
    pub(crate) fn at_hand(&self) -> Vec<Arc<Trusted>> {
        match self {
            Issuers::Listed(listed) => listed.clone(),
            Issuers::Resolved(resolver) => {
                resolver.known.iter().map(|(_, trusted)| trusted).collect()
            }
        }
    }

    /// The only issuer there is, if there is only one: for it no `iss` need be read before the
    /// signature.
    pub(crate) fn only(&self) -> Option<&Arc<Trusted>> {
        match self {
            Issuers::Listed(listed) => match listed.as_slice() {
                [only] => Some(only),
                _ => None,
            },
            Issuers::Resolved(_) => None,
        }
    }

    /// The issuer whose identifier is `iss`, byte by byte.
    pub(crate) fn named(&self, iss: &str) -> Result<Cow<'_, Arc<Trusted>>, Rejection> {
        match self {
            Issuers::Listed(listed) => {
                let named = listed.iter().find(|trusted| trusted.issuer.identifier == iss);
                named.map(Cow::Borrowed).ok_or_else(|| self.unknown(iss))
            }
            Issuers::Resolved(resolver) => {
                resolver.named(iss)?.map(Cow::Owned).ok_or_else(|| self.unknown(iss))
            }
        }
    }

    /// Refuses an `iss` that is none of theirs.
    pub(crate) fn unknown(&self, iss: &str) -> Rejection {
        let expected = match self {
            Issuers::Resolved(_) => "an issuer that the resolver knows".to_owned(),
            Issuers::Listed(listed) => {
                let names: Vec<_> =
                    listed.iter().map(|trusted| trusted.issuer.identifier()).collect();
                names.join(" or ")
            }
        };
        let detail = format!("iss is {}, expected {expected}", shown(iss));
        Rejection::new(Reason::UnknownIssuer, detail)
    }

    /// The same issuers and keys, with their tokens read by this profile; a resolver's stay as
    /// they are.
    pub(crate) fn read_by(&self, profile: Profile) -> Issuers {
        let Issuers::Listed(listed) = self else { return self.clone() };
        let read_by = |trusted: &Arc<Trusted>| {
            let issuer = Arc::new((*trusted.issuer).clone().profile(profile));
            Arc::new(Trusted { issuer, keys: trusted.keys.clone() })
        };
        Issuers::Listed(listed.iter().map(read_by).collect())
    }

    /// Starts fetching the keys of the listed issuers, once.
    pub(crate) fn start(&self) {
        for trusted in self.listed() {
            trusted.keys.start();
        }
    }
}

impl Resolver {
    /// Asks anew each time, so that an issuer that has been taken out is out at once.
    fn named(&self, iss: &str) -> Result<Option<Arc<Trusted>>, Rejection> {
        let Some(issuer) = (self.resolve)(iss) else {
            if self.known.peek(iss).is_some() {
                self.known.remove(iss);
            }
            return Ok(None);
        };
        if issuer.identifier != iss {
            tracing::error!(
                asked = shown(iss),
                found = issuer.identifier,
                "the resolver gave another issuer than the one it was asked for"
            );
            return Ok(None);
        }
        if let Some(known) = self.known(&issuer) {
            return Ok(Some(known));
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known(&issuer) {
            return Ok(Some(known));
        }
        let trusted = Trusted::new(issuer, &self.clock).map_err(|error| {
            tracing::error!(issuer = iss, %error, "the settings of the issuer cannot work");
            let detail = format!("the settings of the issuer cannot work: {error}");
            Rejection::new(Reason::KeysUnavailable, detail)
        })?;
        trusted.keys.start();
        self.known.insert(iss.into(), Arc::clone(&trusted));
        Ok(Some(trusted))
    }

    /// What is at hand for an issuer with these settings.
    fn known(&self, issuer: &Arc<Issuer>) -> Option<Arc<Trusted>> {
        let known = self.known.get(issuer.identifier.as_str())?;
        (Arc::ptr_eq(&known.issuer, issuer) || known.issuer == *issuer).then_some(known)
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("known", &self.known.len()).finish_non_exhaustive()
    }
}
