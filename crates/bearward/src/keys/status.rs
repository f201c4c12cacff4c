//! What is known of the keys of an issuer, for the people who run an API.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::KeySet;
use crate::issuers::Trusted;
use crate::rejection::shown;
use crate::resource_server::ResourceServer;
use crate::words::length;

/// The keys of one issuer, as a resource server sees them now: what
/// [`ResourceServer::key_status`] says.
///
/// All of it is public information, fit for a log or a page for operators. `Display` tells it in
/// one line. Times are [`Clock::elapsed`](crate::Clock::elapsed): steps of the time of day do not
/// touch them.
///
/// # Example
/// ```
/// use bearward::{KeyState, ResourceServer};
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?;
/// for status in api.key_status() {
///     assert_eq!(status.state, KeyState::NeverFetched);
///     assert_eq!(status.to_string(), "https://login.example.com/: never fetched");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The issuer's identifier.
    pub issuer: String,
    /// How far its keys can be trusted.
    pub state: KeyState,
    /// The usable keys: the `kid` of each, or none where it has none.
    pub kids: Vec<Option<String>>,
    /// How long ago the last fetch that brought usable keys ended; none where there was none, and
    /// where the issuer has taken them back since. They may be too old by now.
    pub age: Option<Duration>,
    /// For how long the keys may be used if no fetch succeeds; none where there are no keys, and
    /// where they are fixed.
    pub usable_for: Option<Duration>,
    /// How far away the next fetch is: zero while one is due; none where the keys are fixed.
    pub next_fetch: Option<Duration>,
    /// Why the latest fetch failed, if it did, or why it had to do without the issuer's metadata.
    pub latest_error: Option<String>,
    /// How many fetches have ended, since the resource server was made.
    pub fetches: u64,
    /// How many of them failed.
    pub failures: u64,
}

/// How far the keys of an issuer can be trusted.
///
/// # Example
/// ```
/// assert_eq!(bearward::KeyState::Stale.to_string(), "stale");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyState {
    /// No fetch has ended yet. Requests wait for the first.
    NeverFetched,
    /// The latest fetch brought them.
    Fresh,
    /// The latest fetch failed, or the first has not ended and a file had keys of an earlier run.
    /// These are used until they are too old.
    Stale,
    /// There are none, or they are too old. Requests get 503.
    Unavailable,
    /// They were given, and are used for ever.
    Fixed,
}

impl ResourceServer {
    /// What is known of the keys of each issuer now. Neither waits nor fetches. Of issuers that a
    /// resolver knows, those whose keys are at hand.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// let api = ResourceServer::new("https://login.example.com/", "api").unwrap();
    /// for status in api.key_status() {
    ///     println!("{status}");
    /// }
    /// ```
    #[must_use]
    pub fn key_status(&self) -> Vec<KeyStatus> {
        let status = |trusted: Arc<Trusted>| trusted.keys.status(trusted.issuer.identifier());
        self.trusted().into_iter().map(status).collect()
    }
}

impl KeyStatus {
    pub(super) fn fixed(issuer: &str, keys: &KeySet) -> KeyStatus {
        KeyStatus {
            issuer: issuer.to_owned(),
            state: KeyState::Fixed,
            kids: KeyStatus::kids_of(keys),
            age: None,
            usable_for: None,
            next_fetch: None,
            latest_error: None,
            fetches: 0,
            failures: 0,
        }
    }

    pub(super) fn kids_of(keys: &KeySet) -> Vec<Option<String>> {
        keys.kids().into_iter().map(|kid| kid.map(str::to_owned)).collect()
    }
}

/// An issuer may publish a hundred keys; a line has room for these.
const MOST_NAMED: usize = 8;

impl fmt::Display for KeyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.issuer, self.state)?;
        if !self.kids.is_empty() {
            let plural = if self.kids.len() == 1 { "" } else { "s" };
            let named = self.kids.iter().take(MOST_NAMED);
            let named = named.map(|kid| kid.as_deref().map_or("without kid".into(), shown));
            let named: Vec<String> = named.collect();
            write!(f, ", {} key{plural} ({}", self.kids.len(), named.join(", "))?;
            f.write_str(if self.kids.len() > MOST_NAMED { ", ...)" } else { ")" })?;
        }
        if let Some(age) = self.age {
            write!(f, ", fetched {} ago", length(age))?;
        }
        if let Some(left) = self.usable_for {
            write!(f, ", usable for {}", length(left))?;
        }
        if self.fetches > 0 {
            let next = self.next_fetch.unwrap_or_default();
            write!(f, "; fetches: {}, failed: {}", self.fetches, self.failures)?;
            write!(f, ", next in {}", length(next))?;
        }
        match &self.latest_error {
            Some(error) => write!(f, "; latest error: {error}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyState::NeverFetched => "never fetched",
            KeyState::Fresh => "fresh",
            KeyState::Stale => "stale",
            KeyState::Unavailable => "unavailable",
            KeyState::Fixed => "fixed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: &KeyStatus, expected: &str) {
        assert_eq!(status.to_string(), expected);
    }

    #[test]
    fn line_says_what_an_operator_needs() {
        let fixed = KeyStatus {
            kids: vec![Some("one".into()), None],
            ..KeyStatus::fixed("https://a.example/", &KeySet::default())
        };
        check(&fixed, "https://a.example/: fixed, 2 keys (one, without kid)");
        let stale = KeyStatus {
            state: KeyState::Stale,
            kids: vec![Some("one".into())],
            age: Some(Duration::from_secs(3_600 + 120)),
            usable_for: Some(Duration::from_secs(82_740)),
            next_fetch: Some(Duration::from_secs(59)),
            latest_error: Some("GET https://a.example/keys: refused".into()),
            fetches: 7,
            failures: 6,
            ..fixed.clone()
        };
        check(
            &stale,
            "https://a.example/: stale, 1 key (one), fetched 1 h 2 min ago, \
             usable for 22 h 59 min; fetches: 7, failed: 6, next in 59 s; \
             latest error: GET https://a.example/keys: refused",
        );
        let many = |number| KeyStatus { kids: vec![Some("k".into()); number], ..fixed.clone() };
        check(&many(8), "https://a.example/: fixed, 8 keys (k, k, k, k, k, k, k, k)");
        check(&many(9), "https://a.example/: fixed, 9 keys (k, k, k, k, k, k, k, k, ...)");
    }
}
