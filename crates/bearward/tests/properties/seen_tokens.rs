//! A server that remembers tokens and one that does not agree, whatever happens between requests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bearward::sign::SigningKey;
use bearward::{Algorithm, Clock, Credentials, Requirement, ResourceServer, Verdict, scope, token};
use bearward_testkit::{ManualClock, Mint, TestIssuer, keys};
use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio::runtime::Runtime;

use super::AUDIENCE;

/// So many requests for a run, and so many runs: 10,000 requests.
const REQUESTS: usize = 200;
const RUNS: u32 = 50;

/// Longer than any set of keys is kept without asking the issuer again.
const REFRESH_S: u64 = 3600;

/// What happens before a request.
#[derive(Clone, Debug)]
enum Event {
    Nothing,
    /// Time passes.
    Passes(u64),
    /// The time of day is set by so much.
    Steps(i64),
    /// The issuer publishes these of its keys, a bit for each, and they are fetched if it is up.
    Rotates(usize),
    Down,
    Up,
    /// The server's own check changes its mind.
    Turns,
}

/// The token, the server's settings, and whether a scope is asked for.
type Asked = (usize, usize, bool);

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        40 => Just(Event::Nothing),
        4 => (1..900_u64).prop_map(Event::Passes),
        1 => (10_000..100_000_u64).prop_map(Event::Passes),
        2 => (-4000..4000_i64).prop_map(Event::Steps),
        4 => select(&[1, 2, 4, 5, 6, 5, 6, 3, 0]).prop_map(Event::Rotates),
        1 => Just(Event::Down),
        3 => Just(Event::Up),
        2 => Just(Event::Turns),
    ]
}

/// Two of its keys have the same name and one algorithm.
fn issuer_keys() -> [SigningKey; 3] {
    [
        keys::signing_key(Algorithm::EdDsa).with_kid("one"),
        SigningKey::generate(Algorithm::EdDsa).unwrap().with_kid("one"),
        keys::signing_key(Algorithm::Es256).with_kid("two"),
    ]
}

struct World {
    clock: ManualClock,
    issuer: TestIssuer,
    up: bool,
    keys: [SigningKey; 3],
    tokens: Vec<String>,
    holds: Arc<AtomicBool>,
    /// With the same settings: one that remembers tokens, and one that does not.
    pairs: Vec<(ResourceServer, ResourceServer)>,
}

impl World {
    async fn new() -> World {
        let issuer = TestIssuer::start().await;
        let keys = issuer_keys();
        issuer.publish_text(keys::jwks_text(&keys[1..]));
        let mint = Mint::new(issuer.identifier(), AUDIENCE);
        let clock = mint.clock().clone();
        let server = ResourceServer::new(issuer.identifier(), AUDIENCE)
            .and_then(|server| server.clock(clock.clone()))
            .unwrap();
        server.wait_until_ready().await;
        let holds = Arc::new(AtomicBool::new(true));
        let check = Arc::clone(&holds);
        // All of them have the keys of the first, so they know the same keys at any moment.
        let settings = [
            server.clone(),
            server.clone().skew(Duration::ZERO).unwrap(),
            server.clone().max_lifetime(Duration::from_secs(50_000)),
            server.check("turning", move |_| check.load(Ordering::Relaxed)),
        ];
        let pairs = settings.map(|server| (server.clone(), server.without_token_cache())).into();
        let tokens = tokens(&mint, &keys);
        World { clock, issuer, up: true, keys, tokens, holds, pairs }
    }

    async fn happen(&mut self, event: &Event) {
        match *event {
            Event::Nothing => {}
            Event::Passes(seconds) => self.clock.advance(Duration::from_secs(seconds)),
            Event::Steps(seconds) => {
                let by = Duration::from_secs(seconds.unsigned_abs());
                let now = self.clock.now();
                self.clock.step_to(if seconds < 0 { now - by } else { now + by });
            }
            Event::Rotates(published) => {
                let bit = |i: usize| published & (1 << i) != 0;
                let published = self.keys.iter().enumerate().filter(|(i, _)| bit(*i));
                let published: Vec<String> = published.map(|(_, key)| key.public_jwk()).collect();
                self.issuer.publish_text(format!(r#"{{"keys":[{}]}}"#, published.join(",")));
                if self.up {
                    let fetched = self.pairs[0].0.next_key_fetch();
                    self.clock.advance(Duration::from_secs(REFRESH_S));
                    fetched.await;
                }
            }
            Event::Down if self.up => {
                self.issuer.go_down().await;
                self.up = false;
            }
            Event::Up if !self.up => {
                self.issuer.come_up();
                self.up = true;
            }
            Event::Down | Event::Up => {}
            Event::Turns => {
                self.holds.fetch_xor(true, Ordering::Relaxed);
            }
        }
    }

    /// How many tokens the server that was asked remembers.
    fn remembered(&self, (_, settings, _): &Asked) -> usize {
        self.pairs[settings % self.pairs.len()].0.cached_tokens()
    }

    /// The verdict with and without memory. The keys may be fetched in between: what counts is
    /// said between two equal answers of the server that remembers nothing.
    async fn verdicts(&self, asked: &Asked) -> (String, String) {
        let (which, settings, scoped) = *asked;
        let signed = &self.tokens[which % self.tokens.len()];
        let (remembering, forgetting) = &self.pairs[settings % self.pairs.len()];
        let requirement = if scoped { scope("read") } else { token() };
        loop {
            let before = verdict(forgetting, signed, &requirement).await;
            let remembered = verdict(remembering, signed, &requirement).await;
            if verdict(forgetting, signed, &requirement).await == before {
                return (remembered, before);
            }
        }
    }
}

fn tokens(mint: &Mint, keys: &[SigningKey; 3]) -> Vec<String> {
    let now: serde_json::Value = serde_json::from_str(&mint.token().claims_text()).unwrap();
    let now = now["iat"].as_u64().unwrap();
    let mut tokens = Vec::new();
    for i in 0..keys.len() {
        for lives_s in [3_000, 30_000, 1_000_000, 10_000_000] {
            let key = || issuer_key_like(keys, i);
            let token = mint.token().claim("exp", now + lives_s).key(key());
            tokens.push(token.clone().sign());
            tokens.push(token.clone().claim("scope", "read").sign());
            tokens.push(token.claim("nbf", now + 2_000).sign());
        }
    }
    tokens
}

fn issuer_key_like(keys: &[SigningKey; 3], i: usize) -> SigningKey {
    let der = keys[i].to_pkcs8().unwrap();
    SigningKey::from_pkcs8(keys[i].algorithm(), &der).unwrap().with_kid(keys[i].kid())
}

async fn verdict(server: &ResourceServer, token: &str, requirement: &Requirement) -> String {
    let line = format!("Bearer {token}");
    let credentials = Credentials::read([line.as_bytes()], None).unwrap();
    let result = match server.check_now(credentials, requirement) {
        Verdict::Allowed(token) => Ok(token),
        Verdict::Refused(rejection) => Err(rejection),
        Verdict::Pending(pending) => pending.await,
    };
    match result {
        Ok(token) => token.as_json().to_owned(),
        Err(rejection) => rejection.code().to_owned(),
    }
}

/// What the runs came to.
#[derive(Default)]
struct Count {
    let_in: usize,
    refused: usize,
    with_memory: usize,
}

impl Count {
    fn add(&mut self, verdict: &str, remembered: usize) {
        if verdict.starts_with('{') {
            self.let_in += 1;
        } else {
            self.refused += 1;
        }
        self.with_memory += remembered.min(1);
    }
}

#[test]
fn remembered_and_fresh_verdicts_agree() {
    let runtime = Runtime::new().unwrap();
    let asked = (any::<usize>(), any::<usize>(), weighted(0.3));
    let config = Config { cases: RUNS, failure_persistence: None, ..Config::default() };
    let count = Mutex::new(Count::default());
    TestRunner::new(config)
        .run(&vec((event(), asked), REQUESTS), |requests| {
            runtime.block_on(async {
                let mut world = World::new().await;
                for (i, (event, asked)) in requests.iter().enumerate() {
                    world.happen(event).await;
                    let (remembered, fresh) = world.verdicts(asked).await;
                    if remembered != fresh {
                        let what = format!("request {i}: {remembered}, without memory {fresh}");
                        return Err(TestCaseError::fail(what));
                    }
                    count.lock().unwrap().add(&fresh, world.remembered(asked));
                }
                Ok(())
            })
        })
        .unwrap();
    // Neither is rare, and memory was at work: else this would show nothing.
    let Count { let_in, refused, with_memory } = count.into_inner().unwrap();
    assert!(let_in > 1000 && refused > 1000, "{let_in} let in, {refused} refused");
    assert!(with_memory > 1000, "{with_memory} with memory");
}
