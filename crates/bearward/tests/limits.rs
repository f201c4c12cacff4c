//! A token at a limit is read, and one past it is not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use bearward::{Limits, token};
use bearward_testkit::{Mint, check};
use serde_json::json;

/// The code of the refusal; none where the token is let in.
fn refused(limits: Limits) -> Option<String> {
    let mint = Mint::new("https://issuer.example/", "https://api.example.com");
    let server = mint.resource_server().limits(limits);
    check(&server, signed(&mint), &token()).err().map(|rejection| rejection.code().to_owned())
}

/// Three levels deep; nine claims and six elements.
fn signed(mint: &Mint) -> String {
    let token = mint.token().claim("deep", json!([[0]])).claim("many", json!([1, 2, 3, 4]));
    token.sign()
}

#[test]
fn each_limit_is_the_most_that_is_read() {
    let mint = Mint::new("https://issuer.example/", "https://api.example.com");
    let text = signed(&mint);
    let header = text.split('.').next().unwrap().len();
    let usual = Limits::default;
    for (at, past, code) in [
        (
            Limits { token_bytes: text.len(), ..usual() },
            Limits { token_bytes: text.len() - 1, ..usual() },
            "token_too_long",
        ),
        (
            Limits { header_bytes: header, ..usual() },
            Limits { header_bytes: header - 1, ..usual() },
            "token_too_long",
        ),
        (
            Limits { json_depth: 3, ..usual() },
            Limits { json_depth: 2, ..usual() },
            "malformed_claims",
        ),
        (
            Limits { json_members: 15, ..usual() },
            Limits { json_members: 14, ..usual() },
            "malformed_claims",
        ),
    ] {
        assert_eq!(refused(at), None, "{at:?}");
        assert_eq!(refused(past).as_deref(), Some(code), "{past:?}");
    }
}
