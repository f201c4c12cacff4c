//! A row's server: keys, issuer, and settings.

use std::time::Duration;

use bearward::{Algorithm, Issuer, JwkSet, Limits, Principal, Profile, ResourceServer};
use serde_json::{Value, json};

use super::token::{named_key, unhex};
use super::{Answers, IssuerSpec, KeySpec, ServerSpec};
use crate::issuer::{KeysAnswer, TestIssuer};
use crate::keys;
use crate::mint::Mint;

pub(super) const AUDIENCE: &str = "https://api.example.com";
const ISSUER: &str = "https://issuer.example/";
const NEIGHBOUR: &str = "https://neighbour.example/";
/// What an issuer may send: the 512 KiB that are read of it, and what the sockets of both sides hold
/// on top. Far below what a row's issuer would send to a client that reads all.
const MOST_SENT: usize = 16 * 1024 * 1024;
/// Longer than any refresh of keys may be away.
const LATER: Duration = Duration::from_secs(3600);

/// Whether the server remembers verified tokens: no verdict may hang on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    On,
    Off,
}

/// Whether the server takes tokens of another issuer too, whose key is the stranger's: no answer
/// may hang on that either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Issuers {
    One,
    Two,
}

/// A resource server with the mint whose tokens it takes, and the issuer, if there is a real one.
pub(super) struct Ready {
    pub(super) server: ResourceServer,
    pub(super) mint: Mint,
    issuer: Option<Running>,
}

/// A real issuer, and another server with the same keys that nobody but metadata may lead to.
struct Running {
    issuer: TestIssuer,
    other: TestIssuer,
}

impl ServerSpec {
    pub(super) async fn start(&self, memory: Memory, issuers: Issuers) -> Ready {
        let Some(spec) = &self.issuer else {
            let mint = Mint::new(ISSUER, AUDIENCE);
            let issuer = Issuer::new(ISSUER).expect("an issuer");
            let issuer = issuer.jwks(self.fixed_keys()).expect("a usable key");
            let server = beside(issuers, self.server(issuer, &mint, memory));
            return Ready { server, mint, issuer: None };
        };
        let running = Running { issuer: spec.start().await, other: TestIssuer::start().await };
        spec.apply(&running);
        let mint = Mint::new(running.issuer.identifier(), AUDIENCE);
        let issuer = Issuer::new(running.issuer.identifier()).expect("an issuer");
        let server = self.server(issuer, &mint, memory);
        if spec.then.is_some() {
            server.wait_until_ready().await;
        }
        Ready { server, mint, issuer: Some(running) }
    }

    fn fixed_keys(&self) -> JwkSet {
        match &self.keys {
            Some(keys) => JwkSet::parse(key_set(keys).as_bytes()).expect("a JWK set"),
            None => keys::jwks(&Algorithm::ALL.map(keys::signing_key)),
        }
    }

    fn server(&self, issuer: Issuer, mint: &Mint, memory: Memory) -> ResourceServer {
        let profile = self.profile.as_deref().unwrap_or("general");
        let mut issuer = issuer.profile(Profile::from_name(profile).expect("a profile"));
        if let Some(names) = &self.algorithms {
            let named = |name: &String| Algorithm::from_name(name).expect("an algorithm");
            issuer = issuer.algorithms(names.iter().map(named)).expect("an algorithm at least");
        }
        let mut server = ResourceServer::new(issuer, AUDIENCE)
            .and_then(|server| server.clock(mint.clock().clone()))
            .expect("a resource server");
        if memory == Memory::Off {
            server = server.without_token_cache();
        }
        if let Some(seconds) = self.skew_s {
            server = server.skew(Duration::from_secs(seconds)).expect("a skew within the limit");
        }
        if let Some(seconds) = self.max_lifetime_s {
            server = server.max_lifetime(Duration::from_secs(seconds));
        }
        let limits = Limits::default();
        server = server.limits(Limits {
            token_bytes: self.token_bytes.unwrap_or(limits.token_bytes),
            header_bytes: self.header_bytes.unwrap_or(limits.header_bytes),
            ..limits
        });
        if let Some(number) = self.whole {
            server = server.check("whole", move |claims| claims.claim("n") == Some(number));
        }
        if let Some(name) = &self.users_only {
            let user =
                |claims: &bearward::Claims| matches!(claims.principal(), Principal::User { .. });
            server = server.check(name.clone(), user);
        }
        if let Some(name) = &self.mfa_only {
            let strong = |claims: &bearward::Claims| {
                claims.acr() == Some("urn:mfa")
                    && claims.amr().any(|method| method == "mfa")
                    && claims.authenticated_at().is_some()
            };
            server = server.check(name.clone(), strong);
        }
        server
    }
}

fn beside(issuers: Issuers, server: ResourceServer) -> ResourceServer {
    if issuers == Issuers::One {
        return server;
    }
    Issuer::new(NEIGHBOUR)
        .and_then(|neighbour| neighbour.jwks(keys::jwks(&[keys::stranger()])))
        .and_then(|neighbour| server.and_issuer(neighbour))
        .expect("a second issuer")
}

impl Ready {
    /// What the issuer does later, if it does, and a refresh that finds it.
    pub(super) async fn then(&self, spec: &ServerSpec) {
        let then = spec.issuer.as_ref().and_then(|issuer| issuer.then.as_ref());
        let (Some(then), Some(running)) = (then, &self.issuer) else { return };
        let refreshed = self.server.next_key_fetch();
        then.apply(running);
        self.mint.clock().advance(LATER);
        refreshed.await;
    }

    /// The issuer is held until the request is over. Returns how often it was asked for keys.
    pub(super) fn over(self) -> usize {
        let Some(Running { issuer, .. }) = self.issuer else { return 0 };
        assert!(issuer.body_bytes() <= MOST_SENT, "the issuer sent {}", issuer.body_bytes());
        issuer.release();
        issuer.key_requests()
    }

    /// For a request that was refused: nobody was led to the other server.
    pub(super) fn other_was_left_alone(&self) {
        let asked = self.issuer.as_ref().map_or(0, |running| running.other.requests());
        assert_eq!(asked, 0, "requests to a server that the issuer has no say over");
    }
}

impl IssuerSpec {
    async fn start(&self) -> TestIssuer {
        TestIssuer::start_at(self.path.as_deref().unwrap_or("/")).await
    }

    fn apply(&self, Running { issuer, other }: &Running) {
        let other = origin(other.identifier());
        if let Some(answer) = self.answer(&other) {
            issuer.answer_keys(answer);
        }
        if !self.metadata.is_empty() {
            issuer.metadata_text(self.metadata(issuer.identifier(), &other));
        }
        if let Some(names) = &self.metadata_at {
            issuer.metadata_at(names.iter().map(String::as_str));
        }
        if self.hold {
            issuer.hold();
        }
    }

    /// How it answers requests for keys, where that is not as before.
    fn answer(&self, other: &str) -> Option<KeysAnswer> {
        if let Some(answers) = self.answers {
            return Some(match answers {
                Answers::Endless => KeysAnswer::Endless,
                Answers::Drip => KeysAnswer::Drip,
                Answers::BrokenOff => KeysAnswer::BrokenOff,
            });
        }
        if let Some(spaces) = self.spaces {
            return Some(KeysAnswer::Spaces(spaces));
        }
        if let Some(status) = self.status {
            let location = self.location.replace("{other}", other);
            let location = Some(("location".to_owned(), location)).filter(|(_, to)| !to.is_empty());
            let headers = self.headers.iter().cloned().chain(location).collect();
            return Some(KeysAnswer::Whole { status, headers, body: unhex(&self.body) });
        }
        if self.pad_key_set > 0 {
            let keys = keys::jwks_text(&[keys::signing_key(Algorithm::Rs256)]);
            return Some(KeysAnswer::Text(format!("{}{keys}", " ".repeat(self.pad_key_set))));
        }
        let text = self.key_set.as_ref().map(|text| {
            let text = self.fill.fill_in(text);
            Algorithm::ALL.into_iter().fold(text, |text, algorithm| {
                let key = keys::signing_key(algorithm);
                text.replace(&format!("{{{}}}", key.kid()), &key.public_jwk())
            })
        });
        text.or_else(|| self.keys.as_deref().map(key_set)).map(KeysAnswer::Text)
    }

    fn metadata(&self, identifier: &str, other: &str) -> String {
        let origin = origin(identifier);
        let mut metadata = json!({ "issuer": identifier, "jwks_uri": format!("{origin}/jwks") });
        for (name, value) in &self.metadata {
            let value = match value {
                Value::String(text) => {
                    let text = text.replace("{issuer}", identifier).replace("{origin}", &origin);
                    text.replace("{other}", other).into()
                }
                other => other.clone(),
            };
            if let Some(members) = metadata.as_object_mut() {
                members.insert(name.clone(), value);
            }
        }
        metadata.to_string()
    }
}

/// `http://127.0.0.1:PORT` of an issuer.
fn origin(identifier: &str) -> String {
    let parts: Vec<&str> = identifier.splitn(4, '/').take(3).collect();
    parts.join("/")
}

fn key_set(keys: &[KeySpec]) -> String {
    let keys: Vec<Value> = keys.iter().flat_map(KeySpec::jwks).collect();
    json!({ "keys": keys }).to_string()
}

impl KeySpec {
    fn jwks(&self) -> Vec<Value> {
        let mut jwk = match self.key.as_str() {
            "" => json!({}),
            name => serde_json::from_str(&named_key(name).public_jwk()).expect("a JWK"),
        };
        let members = jwk.as_object_mut().expect("a JWK is an object");
        members.extend(self.set.clone());
        members.retain(|name, _| !self.without.contains(name));
        let named = |i: usize| {
            let mut jwk = jwk.clone();
            if let Some(members) = jwk.as_object_mut().filter(|_| i > 0) {
                members.insert("kid".into(), format!("other-{i}").into());
            }
            jwk
        };
        (0..self.times.unwrap_or(1)).map(named).collect()
    }
}
