//! How often something may be tried before the answer is "later": the bound on guessing.

mod attempts;

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use attempts::Attempts;
use bearward::Clock;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::{Quota, RateLimiter};

/// What is counted, and how much of it may fail.
///
/// An attempt takes a place; one that succeeds gives it back. So only failures count, and people's
/// test suites may log in as often as they like.
///
/// | what | at once | one more every | why |
/// | --- | --- | --- | --- |
/// | [`account`](Limits::account) | 20 | 30 s | NIST SP 800-63B section 3.2.2 allows 100 failures; 20 leave room for eight browsers at a time that all mistype |
/// | [`address`](Limits::address) | 100 | 1 s | one guess at each of many accounts; an office behind one address still gets in |
/// | [`client_secret`](Limits::client_secret) | 100 | 1 s | generated secrets cannot be guessed; chosen ones have 16 characters or more |
/// | [`administrator`](Limits::administrator) | 10 | 60 s | one person, one password that opens everything |
///
/// Source: OAuth 2.1 section 2.4.1 (client secrets); RFC 9700 section 2.5.
pub(crate) struct Limits {
    account: Limit,
    address: Limit,
    client_secret: Limit,
    administrator: Limit,
}

impl Limits {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Limits {
        let limit =
            |at_once: u32, every: u64| Limit::new(at_once, Duration::from_secs(every), clock);
        Limits {
            account: limit(20, 30),
            address: limit(100, 1),
            client_secret: limit(100, 1),
            administrator: limit(10, 60),
        }
    }

    /// Logins to one account, by its email address as it was typed, whether there is such a user
    /// or not.
    pub(crate) fn account(&self) -> &Limit {
        &self.account
    }

    /// Logins from one place: see [`place`].
    pub(crate) fn address(&self) -> &Limit {
        &self.address
    }

    /// Secrets that are tried for one client id.
    pub(crate) fn client_secret(&self) -> &Limit {
        &self.client_secret
    }

    /// Logins to the dashboard.
    pub(crate) fn administrator(&self) -> &Limit {
        &self.administrator
    }
}

/// Where a request comes from, as far as limits care: an address, or the 64 bits of an IPv6 address
/// that a network gives to one customer. Without an address all share one place.
pub(crate) fn place(address: Option<IpAddr>) -> Option<IpAddr> {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            Some(IpAddr::V6(network.into()))
        }
        other => other,
    }
}

/// One bound, for each key apart.
pub(crate) struct Limit {
    limiter: RateLimiter<u64, Attempts, TenantClock, NoOpMiddleware<Duration>>,
    attempts: Attempts,
    clock: TenantClock,
    one: Duration,
    /// Keys are kept as numbers, so that what people type takes no memory. The seed is secret:
    /// nobody can choose two that collide.
    hasher: RandomState,
}

/// An attempt that took a place.
pub(crate) struct Attempt<'a> {
    limit: &'a Limit,
    key: u64,
}

/// There is no place; how long until there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany(pub(crate) Duration);

impl Limit {
    fn new(at_once: u32, one: Duration, clock: &Arc<dyn Clock>) -> Limit {
        let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(one).unwrap_or(Quota::per_second(at_once));
        let clock = TenantClock(clock.clone());
        let attempts = Attempts::default();
        let limiter = RateLimiter::new(quota.allow_burst(at_once), attempts.clone(), clock.clone());
        Limit { limiter, attempts, clock, one, hasher: RandomState::new() }
    }

    /// Takes a place, before the work that tells whether the guess is right.
    pub(crate) fn attempt(&self, key: impl Hash) -> Result<Attempt<'_>, TooMany> {
        let key = self.hasher.hash_one(key);
        match self.limiter.check_key(&key) {
            Ok(()) => Ok(Attempt { limit: self, key }),
            Err(refused) => Err(TooMany(refused.wait_time_from(self.clock.now()))),
        }
    }
}

impl Attempt<'_> {
    /// The guess was right: the place is free again.
    pub(crate) fn succeeded(self) {
        self.limit.attempts.give_back(self.key, self.limit.one);
    }
}

impl TooMany {
    /// Whole seconds, rounded up: the value of `Retry-After` (RFC 9110 section 10.2.3).
    pub(crate) fn seconds(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0)
    }
}

/// The tenant's clock, as the limiter wants it.
#[derive(Clone)]
struct TenantClock(Arc<dyn Clock>);

impl GovernorClock for TenantClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::sync::Mutex;
    use std::time::SystemTime;

    use super::*;

    #[derive(Debug, Default)]
    struct Hand(Mutex<Duration>);

    impl Clock for Hand {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn elapsed(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }

    fn limit() -> (Limit, Arc<Hand>) {
        let hand = Arc::new(Hand::default());
        let clock: Arc<dyn Clock> = hand.clone();
        (Limit::new(3, Duration::from_secs(10), &clock), hand)
    }

    #[test]
    fn failures_fill_a_limit_and_time_empties_it() {
        let (limit, hand) = limit();
        for _ in 0..3 {
            assert!(limit.attempt("alice").is_ok());
        }
        assert_eq!(limit.attempt("alice").err(), Some(TooMany(Duration::from_secs(10))));
        assert!(limit.attempt("bob").is_ok());
        *hand.0.lock().unwrap() = Duration::from_millis(9_500);
        assert_eq!(limit.attempt("alice").err().map(TooMany::seconds), Some(1));
        *hand.0.lock().unwrap() = Duration::from_secs(10);
        assert!(limit.attempt("alice").is_ok());
        assert!(limit.attempt("alice").is_err());
    }

    #[test]
    fn a_success_takes_no_place() {
        let (limit, _) = limit();
        for _ in 0..100 {
            limit.attempt("alice").unwrap().succeeded();
        }
        for _ in 0..3 {
            assert!(limit.attempt("alice").is_ok());
        }
        assert!(limit.attempt("alice").is_err());
    }

    #[test]
    fn a_place_is_an_address_or_the_network_of_one() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("::1", "::"),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(place(Some(address)), Some(expected.parse().unwrap()));
        }
        assert_eq!(place(None), None);
    }
}
