//! A server with a tighter policy never accepts more.

use std::time::Duration;

use bearward::{Algorithm, Issuer, Limits, Profile, ResourceServer, token};
use bearward_testkit::{Mint, check, keys};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
use proptest::sample::select;
use serde_json::Value;

use super::{AUDIENCE, ISSUER, cases, mint};

/// What a server demands.
#[derive(Clone, Debug)]
struct Policy {
    eddsa_only: bool,
    users_only: bool,
    skew_s: u64,
    max_lifetime_s: Option<u64>,
    token_bytes: usize,
    json_depth: usize,
    json_members: usize,
}

impl Policy {
    /// The tighter of the two, demand by demand.
    fn and(&self, other: &Policy) -> Policy {
        Policy {
            eddsa_only: self.eddsa_only || other.eddsa_only,
            users_only: self.users_only || other.users_only,
            skew_s: self.skew_s.min(other.skew_s),
            max_lifetime_s: [self.max_lifetime_s, other.max_lifetime_s].into_iter().flatten().min(),
            token_bytes: self.token_bytes.min(other.token_bytes),
            json_depth: self.json_depth.min(other.json_depth),
            json_members: self.json_members.min(other.json_members),
        }
    }

    fn server(&self, mint: &Mint, profile: Profile) -> ResourceServer {
        let algorithms: &[Algorithm] =
            if self.eddsa_only { &[Algorithm::EdDsa] } else { &ALGORITHMS };
        let issuer = Issuer::new(ISSUER).unwrap().profile(profile);
        let issuer = issuer.algorithms(algorithms.iter().copied()).unwrap();
        let issuer = issuer.jwks(keys::jwks(&ALGORITHMS.map(keys::signing_key))).unwrap();
        let mut server = ResourceServer::new(issuer, AUDIENCE)
            .and_then(|server| server.clock(mint.clock().clone()))
            .and_then(|server| server.skew(Duration::from_secs(self.skew_s)))
            .unwrap()
            .limits(Limits {
                token_bytes: self.token_bytes,
                json_depth: self.json_depth,
                json_members: self.json_members,
                ..Limits::default()
            });
        if let Some(seconds) = self.max_lifetime_s {
            server = server.max_lifetime(Duration::from_secs(seconds));
        }
        if self.users_only {
            server = server.check("users", |claims| claims.subject() != "my-app");
        }
        server
    }
}

const ALGORITHMS: [Algorithm; 2] = [Algorithm::EdDsa, Algorithm::Es256];

fn policy() -> impl Strategy<Value = Policy> {
    let demands = (any::<bool>(), any::<bool>(), 0..=300_u64, option::of(1..8000_u64));
    let limits = (select(&[300, 400, 16 * 1024]), 1..6_usize, 6..16_usize);
    (demands, limits).prop_map(|(demands, limits)| {
        let (eddsa_only, users_only, skew_s, max_lifetime_s) = demands;
        let (token_bytes, json_depth, json_members) = limits;
        Policy {
            eddsa_only,
            users_only,
            skew_s,
            max_lifetime_s,
            token_bytes,
            json_depth,
            json_members,
        }
    })
}

/// A token with one or two of its parts changed, some within what may be accepted.
fn signed() -> impl Strategy<Value = String> {
    let time = || -400..8000_i64;
    let change = prop_oneof![
        (select(&["iat", "exp", "nbf", "auth_time"]), time())
            .prop_map(|(name, offset)| (name, Some(Value::from(now() + offset)))),
        select(&["iat", "exp", "sub", "jti", "client_id", "aud"]).prop_map(|name| (name, None)),
        Just(("sub", Some(Value::from("my-app")))),
        Just(("aud", Some(Value::from(vec![AUDIENCE, "https://other.example"])))),
        Just(("nonce", Some(Value::from("1")))),
        (0..5_usize).prop_map(|depth| ("nested", Some(nested(depth)))),
        (0..8_usize).prop_map(|many| ("many", Some(Value::from(vec![0; many])))),
    ];
    let changes = proptest::collection::vec(change, 0..3);
    let typ = prop_oneof![3 => Just(Some("at+jwt")), 1 => Just(Some("JWT")), 1 => Just(None)];
    (select(&ALGORITHMS), typ, changes).prop_map(|(algorithm, typ, changes)| {
        let token = mint(algorithm).token();
        let token = match typ {
            Some(typ) => token.header("typ", typ),
            None => token.without_header("typ"),
        };
        let changed = changes.into_iter().fold(token, |token, (name, value)| match value {
            Some(value) => token.claim(name, value),
            None => token.without(name),
        });
        changed.sign()
    })
}

/// When the clocks of the mints stand still, in seconds since 1970.
fn now() -> i64 {
    let token = mint(Algorithm::EdDsa).token().claims_text();
    let claims: Value = serde_json::from_str(&token).unwrap();
    claims["iat"].as_i64().unwrap()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::from(0), |inner, _| Value::from(vec![inner]))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_tighter_server_never_accepts_more(
        // No profile is the tighter one: each has its own idea of an access token.
        profile in select(&[Profile::RFC9068, Profile::GENERAL]),
        one in policy(),
        other in policy(),
        signed in signed(),
    ) {
        let mint = mint(Algorithm::EdDsa);
        let tight = one.and(&other).server(&mint, profile);
        let wide = one.server(&mint, profile);
        let tight = check(&tight, &signed, &token()).is_ok();
        let wide = check(&wide, &signed, &token()).is_ok();
        prop_assert!(tight <= wide);
    }
}
