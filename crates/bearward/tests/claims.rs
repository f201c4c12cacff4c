//! What a handler reads of a token, and what nobody reads of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::time::{Duration, SystemTime};

use bearward::{AccessToken, token};
use bearward_testkit::{Mint, Token, check};
use serde_json::json;

fn mint() -> Mint {
    Mint::new("https://issuer.example/", "https://api.example.com")
}

fn read(mint: &Mint, made: &Token) -> AccessToken {
    check(&mint.resource_server(), made.sign(), &token()).unwrap()
}

/// Two days before the clock of the mints stands still: 2025-12-30.
const AT: u64 = 1_767_052_800;

#[test]
fn dates_are_read_to_the_fraction_of_a_second() {
    let made = mint().token().claim("iat", AT).claim("auth_time", f64::from(1_700_000_000) + 0.5);
    let token = read(&mint(), &made.claim("exp", AT + 200_000));
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    assert_eq!(token.issued_at(), Some(at(AT)));
    assert_eq!(token.expires_at(), at(AT + 200_000));
    assert_eq!(token.authenticated_at(), Some(at(1_700_000_000) + Duration::from_millis(500)));
}

#[test]
fn dates_that_are_not_there_are_none() {
    let token = read(&mint(), &mint().token().without("iat"));
    assert_eq!((token.issued_at(), token.authenticated_at()), (None, None));
}

#[test]
fn zero_with_a_sign_is_the_first_moment_of_1970() {
    let token = read(&mint(), &mint().token().claim("iat", -0.0));
    assert_eq!(token.issued_at(), Some(SystemTime::UNIX_EPOCH));
}

#[test]
fn claims_are_read_by_name_and_as_a_type() {
    let made = mint().token().claim("org_id", "org_1").claim("roles", json!(["a", "b"]));
    let token = read(&mint(), &made.claim("amr", json!(["pwd", "mfa"])).claim("acr", "2"));
    assert_eq!(token.issuer(), "https://issuer.example/");
    assert_eq!(token.subject(), "alice");
    assert_eq!(token.client_id(), Some("my-app"));
    assert_eq!(token.token_id(), Some("1"));
    assert_eq!(token.acr(), Some("2"));
    assert_eq!(token.amr().collect::<Vec<_>>(), ["pwd", "mfa"]);
    assert_eq!(token.audience().collect::<Vec<_>>(), ["https://api.example.com"]);
    assert_eq!((token.text("org_id"), token.text("roles")), (Some("org_1"), None));
    assert_eq!(token.claim::<Vec<String>>("roles"), Some(vec!["a".into(), "b".into()]));
    assert_eq!(token.claim::<u64>("roles"), None);
    assert_eq!(token.as_json(), made_of(&token));
}

/// The claims again, in the order in which the mint writes them.
fn made_of(token: &AccessToken) -> String {
    serde_json::from_str::<serde_json::Value>(token.as_json()).unwrap().to_string()
}

#[test]
fn nothing_of_a_token_stands_in_debug_output() {
    let token = read(&mint(), &mint().token());
    assert_eq!(format!("{token:?}"), "AccessToken { .. }");
    let claims: &bearward::Claims = &token;
    assert_eq!(format!("{claims:?}"), "Claims { .. }");
}
