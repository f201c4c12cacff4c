//! A row's server: keys, issuer, and settings.

use std::time::Duration;

use bearward::{Algorithm, Issuer, JwkSet, Principal, Profile, ResourceServer};
use serde_json::{Value, json};

use super::token::named_key;
use super::{IssuerSpec, KeySpec, ServerSpec};
use crate::issuer::TestIssuer;
use crate::keys;
use crate::mint::Mint;

pub(super) const AUDIENCE: &str = "https://api.example.com";
const ISSUER: &str = "https://issuer.example/";
/// Longer than any refresh of keys may be away.
const LATER: Duration = Duration::from_secs(3600);

/// A resource server with the mint whose tokens it takes, and the issuer, if there is a real one.
pub(super) struct Ready {
    pub(super) server: ResourceServer,
    pub(super) mint: Mint,
    issuer: Option<TestIssuer>,
}

impl ServerSpec {
    pub(super) async fn start(&self) -> Ready {
        let Some(spec) = &self.issuer else {
            let mint = Mint::new(ISSUER, AUDIENCE);
            let issuer = Issuer::new(ISSUER).expect("an issuer");
            let issuer = issuer.jwks(self.fixed_keys()).expect("a usable key");
            return Ready { server: self.server(issuer, &mint), mint, issuer: None };
        };
        let running = spec.start().await;
        let mint = Mint::new(running.identifier(), AUDIENCE);
        let issuer = Issuer::new(running.identifier()).expect("an issuer");
        let server = self.server(issuer, &mint);
        if let Some(then) = &spec.then_keys {
            server.wait_until_ready().await;
            let refreshed = server.next_key_fetch();
            running.publish_text(key_set(then));
            mint.clock().advance(LATER);
            refreshed.await;
        }
        Ready { server, mint, issuer: Some(running) }
    }

    fn fixed_keys(&self) -> JwkSet {
        match &self.keys {
            Some(keys) => JwkSet::parse(key_set(keys).as_bytes()).expect("a JWK set"),
            None => keys::jwks(&Algorithm::ALL.map(keys::signing_key)),
        }
    }

    fn server(&self, issuer: Issuer, mint: &Mint) -> ResourceServer {
        let profile = self.profile.as_deref().unwrap_or("general");
        let mut issuer = issuer.profile(Profile::from_name(profile).expect("a profile"));
        if let Some(names) = &self.algorithms {
            let named = |name: &String| Algorithm::from_name(name).expect("an algorithm");
            issuer = issuer.algorithms(names.iter().map(named)).expect("an algorithm at least");
        }
        let mut server = ResourceServer::new(issuer, AUDIENCE)
            .and_then(|server| server.clock(mint.clock().clone()))
            .expect("a resource server");
        if let Some(seconds) = self.skew_s {
            server = server.skew(Duration::from_secs(seconds)).expect("a skew within the limit");
        }
        if let Some(seconds) = self.max_lifetime_s {
            server = server.max_lifetime(Duration::from_secs(seconds));
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

impl Ready {
    /// The issuer is held until the request is over.
    pub(super) fn over(self) {
        if let Some(issuer) = self.issuer {
            issuer.release();
        }
    }
}

impl IssuerSpec {
    async fn start(&self) -> TestIssuer {
        let issuer = TestIssuer::start_at(self.path.as_deref().unwrap_or("/")).await;
        if let Some(keys) = &self.keys {
            issuer.publish_text(key_set(keys));
        }
        if let Some(text) = &self.key_set {
            issuer.publish_text(Algorithm::ALL.into_iter().fold(
                text.clone(),
                |text, algorithm| {
                    let key = keys::signing_key(algorithm);
                    text.replace(&format!("{{{}}}", key.kid()), &key.public_jwk())
                },
            ));
        }
        if self.pad_key_set > 0 {
            let keys = keys::jwks_text(&[keys::signing_key(Algorithm::Rs256)]);
            issuer.publish_text(format!("{}{keys}", " ".repeat(self.pad_key_set)));
        }
        if !self.metadata.is_empty() {
            issuer.metadata_text(self.metadata(issuer.identifier()));
        }
        if let Some(names) = &self.metadata_at {
            issuer.metadata_at(names.iter().map(String::as_str));
        }
        if let Some(status) = self.status {
            issuer.answer_keys_with(status, &self.location);
        }
        if self.hold {
            issuer.hold();
        }
        issuer
    }

    fn metadata(&self, identifier: &str) -> String {
        let origin: Vec<&str> = identifier.splitn(4, '/').take(3).collect();
        let origin = origin.join("/");
        let mut metadata = json!({ "issuer": identifier, "jwks_uri": format!("{origin}/jwks") });
        for (name, value) in &self.metadata {
            let value = match value {
                Value::String(text) => {
                    text.replace("{issuer}", identifier).replace("{origin}", &origin).into()
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
