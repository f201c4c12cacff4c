//! What a refusal says to the log, and what its challenge names.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bearward::{Challenge, Rejection, Requirement, token};
use bearward_testkit::{Mint, Token, check};
use serde_json::json;

const AUDIENCE: &str = "https://api.example.com";

fn refused(mint: &Mint, made: &Token, requirement: &Requirement) -> Rejection {
    check(&mint.resource_server(), made.sign(), requirement).unwrap_err()
}

#[test]
fn a_date_is_told_by_how_far_away_it_is() {
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let now: serde_json::Value = serde_json::from_str(&mint.token().claims_text()).unwrap();
    let now = now["iat"].as_u64().unwrap();
    for (name, at, text) in [
        ("exp", now - 90, "it expired 1 min 30 s ago"),
        ("nbf", now + 90, "nbf is 1 min 30 s ahead of this machine's clock"),
        ("iat", now + 90, "iat is 1 min 30 s ahead of this machine's clock"),
    ] {
        let rejection = refused(&mint, &mint.token().claim(name, at), &token());
        assert_eq!(rejection.to_string(), text);
    }
}

#[test]
fn what_is_missing_is_told_beside_what_is_there() {
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let made = mint.token().claim("scope", "a b").claim("permissions", json!(["c"]));
    let rejection = refused(&mint, &made, &bearward::scope("d"));
    assert_eq!(rejection.to_string(), "has [a b permission c], needs scope d");
}

#[test]
fn a_type_that_is_not_admitted_is_told_beside_those_that_are() {
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let rejection = refused(&mint, &mint.token().header("typ", "dpop+jwt"), &token());
    assert_eq!(rejection.to_string(), "profile general admits typ at+jwt, JWT, none");
}

/// What is wrong with a claim that is there may hold its value, which no log should have.
#[test]
fn a_claim_that_a_type_asks_for_is_named_where_it_is_missing() {
    #[derive(Debug, serde::Deserialize)]
    struct Company {
        #[allow(dead_code, reason = "only whether it can be read matters")]
        org_id: String,
    }
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let other_type = mint.token().claim("org_id", 7_654_321);
    for (made, text) in [
        (mint.token(), "the claims do not fit the type asked for: the claim org_id is missing"),
        (other_type, "the claims do not fit the type asked for: column "),
    ] {
        let token = check(&mint.resource_server(), made.sign(), &token()).unwrap();
        let told = token.typed::<Company>().unwrap_err().to_string();
        assert!(told.starts_with(text) && !told.contains("7654321"), "{told}");
    }
}

#[test]
fn the_realm_is_the_audience_where_it_can_be_quoted() {
    for (audience, realm) in [
        (AUDIENCE, AUDIENCE),
        ("the API", "the API"),
        ("the \"API\"", "api"),
        ("the\\API", "api"),
        ("ÄPI", "api"),
    ] {
        let mint = Mint::new("https://issuer.example/", audience);
        let challenge = Challenge::from(&refused(&mint, &mint.token().claim("exp", 0), &token()));
        let text = challenge.www_authenticate().unwrap();
        assert!(text.starts_with(&format!("Bearer realm=\"{realm}\", ")), "{text}");
    }
}

/// A check may have an effect, such as to note that a token has been used.
#[tokio::test]
async fn to_explain_a_refusal_asks_no_check_about_a_token_that_did_not_come_so_far() {
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = mint.resource_server().check("counts", move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        true
    });
    let of_cognito = mint.token().without("aud").claim("token_use", "access");
    let refused = of_cognito.claim("client_id", AUDIENCE).sign();
    let refused = server.explain(&refused, &token()).await;
    assert_eq!(refused.code(), Some("missing_claim"));
    let told = refused.mistake().unwrap_or_default();
    assert!(told.ends_with("under profile cognito"), "{told}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let accepted = server.explain(&mint.token().sign(), &token()).await;
    assert!(accepted.accepted());
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the twin");
}
