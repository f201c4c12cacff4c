//! What a fetch means: for the machine, for requests, for the disk, for the operator.

use std::sync::Arc;
use std::time::Duration;

use super::KeySet;
use super::fetch::{FetchError, Fetched, Validator};
use super::refresh::Event;
use crate::issuer::Issuer;
use crate::jwk::{JwkSet, SkippedKey};

/// The keys that requests see.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// The same object for as long as the issuer publishes the same set.
    pub(super) keys: Arc<KeySet>,
    /// What they were made of.
    pub(super) set: JwkSet,
    pub(super) validator: Option<Validator>,
    /// What the issuer published before that, to see a set that comes back.
    pub(super) replaced: Option<Arc<JwkSet>>,
    /// When they were fetched, found to be the issuer's still, or read from a file.
    pub(super) fetched_at: Duration,
    /// How old they were at that moment.
    pub(super) age_then: Duration,
    /// After this moment the keys are too old to be believed.
    pub(super) usable_until: Duration,
}

impl Snapshot {
    /// Since the issuer last said that these are its keys.
    pub(super) fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.fetched_at).saturating_add(self.age_then)
    }
}

#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) event: Event,
    pub(super) change: Change,
    pub(super) failure: Option<String>,
}

/// What takes the place of the keys before.
#[derive(Debug)]
pub(super) enum Change {
    /// They stay, and grow older.
    Nothing,
    /// Good keys, with the text that they were read from, where they were sent.
    Keys { snapshot: Arc<Snapshot>, text: Option<Vec<u8>> },
    /// The issuer says that it has none.
    NoKeys,
}

impl Outcome {
    /// Of a fetch that ended now. It parses keys, which takes its time.
    pub(super) fn of(
        fetched: Result<Fetched, FetchError>,
        before: Option<&Snapshot>,
        issuer: &Issuer,
        now: Duration,
    ) -> Outcome {
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(error) => return Outcome::failed(error.to_string()),
        };
        let replaced = before.and_then(|before| before.replaced.clone());
        let (keys, set, validator, text, replaced) = match (fetched.set, before) {
            (None, Some(before)) => {
                let (set, validator) = (before.set.clone(), before.validator.clone());
                (Arc::clone(&before.keys), set, validator, None, replaced)
            }
            (None, None) => {
                return Outcome::failed("the issuer sent no key set, and none is kept".to_owned());
            }
            (Some(new), Some(before)) if new.set == before.set => {
                (Arc::clone(&before.keys), new.set, new.validator, Some(new.text), replaced)
            }
            (Some(new), before) => {
                let replaced_now = before.map(|before| Arc::new(before.set.clone()));
                let before = before.map(|before| before.keys.as_ref());
                let (keys, skipped) = KeySet::new(&new.set, &issuer.algorithms, before);
                if keys.is_empty() {
                    return Outcome::nothing_usable(&skipped);
                }
                for key in &skipped {
                    let issuer = issuer.identifier.as_str();
                    tracing::warn!(issuer, %key, "a key of the issuer is not used");
                }
                if replaced.is_some_and(|replaced| *replaced == new.set) {
                    let issuer = issuer.identifier.as_str();
                    tracing::warn!(issuer, "{FLAPPING}");
                }
                (Arc::new(keys), new.set, new.validator, Some(new.text), replaced_now)
            }
        };
        let usable_until = now.saturating_add(issuer.refresh.max_stale);
        let snapshot = Arc::new(Snapshot {
            keys,
            set,
            validator,
            replaced,
            fetched_at: now,
            age_then: Duration::ZERO,
            usable_until,
        });
        let event = Event::Fetched { max_age: fetched.max_age };
        Outcome { event, change: Change::Keys { snapshot, text }, failure: None }
    }

    fn failed(failure: String) -> Outcome {
        Outcome { event: Event::Failed, change: Change::Nothing, failure: Some(failure) }
    }

    /// Names the first few keys: the text goes to the log whole.
    fn nothing_usable(skipped: &[SkippedKey]) -> Outcome {
        let why: Vec<String> = skipped.iter().take(5).map(ToString::to_string).collect();
        let failure = format!("the issuer's key set holds no usable key: {}", why.join("; "));
        Outcome { event: Event::FetchedNothing, change: Change::NoKeys, failure: Some(failure) }
    }
}

const FLAPPING: &str = "the issuer publishes again the key set that it had replaced: several servers \
    may answer for it, each with keys of its own";
