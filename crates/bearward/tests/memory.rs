//! What one request can make a server hold is bounded by the length of its token.
//!
//! A program of its own: the counting allocator stands in for the one of the whole program. It
//! counts what this thread allocates, without what the cryptographic library takes by itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up stops")]

use allocation_counter::measure;
use bearward::{
    Algorithm, Credentials, Limits, Principal, Requirement, TokenCache, Verdict, all_of, any_of,
    scope, token,
};
use bearward_testkit::{Mint, keys, samples};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config;

/// Bytes held at one time for each byte of the token, at most. What costs most are small objects:
/// seven characters, and a list with room for eight members.
const A_BYTE: u64 = 96;
/// What a refusal or an access token holds, whatever the length of the token.
const AT_LEAST: u64 = 4096;

fn mint() -> Mint {
    Mint::new("https://issuer.example/", "api").with_key(keys::signing_key(Algorithm::EdDsa))
}

/// Texts that cost much for their length, again and again.
fn costly() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{},"),
        Just("{\"\":0},"),
        Just("{\"\":{}},"),
        Just("[],"),
        Just("[[]],"),
        Just("[0],"),
        Just("0,"),
        Just("\"\","),
        Just("\"\\n\","),
        Just("\"\\u0041b c\","),
        Just("a b "),
        Just("[[[[[[[["),
        Just("{\"a\":"),
        Just("\\\\"),
    ];
    (piece, 1..2500_usize).prop_map(|(piece, times)| piece.repeat(times))
}

/// Claims around such texts: well-formed ones, and what comes out else.
fn claims() -> impl Strategy<Value = String> {
    let member = prop_oneof![
        Just("\"a\":["),
        Just("\"scope\":["),
        Just("\"scope\":\""),
        Just("\"aud\":["),
        Just("\"permissions\":["),
        Just("\"iss\":\""),
        Just(""),
    ];
    let end = prop_oneof![Just("0]"), Just("\"\"]"), Just("\""), Just("{}]"), Just("")];
    vec((member, costly(), end), 1..3)
        .prop_map(|members| members.into_iter().map(|(a, b, c)| format!("{a}{b}{c}")).collect())
        .prop_map(|members: Vec<String>| members.join(","))
}

/// A token seen before costs no memory: nothing is copied, parsed or formatted for it.
#[test]
fn a_token_seen_before_is_judged_without_allocating() {
    let mint = mint();
    let server = mint.resource_server().check("any", |_| true);
    let line = format!("Bearer {}", mint.token().claim("scope", "read write").sign());
    let ask = |requirement: &Requirement| {
        let credentials = Credentials::read([line.as_bytes()], None).unwrap();
        matches!(server.check_now(credentials, requirement), Verdict::Allowed(_))
    };
    let needs = all_of([scope("read"), any_of([scope("admin"), scope("write")])]);
    assert!(measure(|| assert!(ask(&needs))).count_total > 0, "the first time it is verified");
    for requirement in [token(), scope("write"), needs] {
        let held = measure(|| assert!(ask(&requirement)));
        assert_eq!(held.count_total, 0, "{requirement:?}");
    }
}

/// The same by every profile, whose rules run again for each request.
#[test]
fn a_token_seen_before_is_judged_by_its_profile_without_allocating() {
    for sample in samples().into_iter().filter(|sample| sample.reason.is_none()) {
        let mint = sample.mint();
        let server = mint.resource_server();
        let line = format!("Bearer {}", mint.token().sign());
        let client = || {
            let credentials = Credentials::read([line.as_bytes()], None).unwrap();
            let Verdict::Allowed(token) = server.check_now(credentials, &token()) else {
                unreachable!("such a token is let in");
            };
            matches!(token.principal(), Principal::Client { .. })
        };
        client();
        let held = measure(|| _ = client());
        assert_eq!(held.count_total, 0, "{:?}: {}", sample.profile, sample.name);
    }
}

/// Length is looked at before anything is decoded, copied or read.
#[test]
fn b027_b052_b053_what_is_too_long_is_refused_before_any_of_it_is_held() {
    let mint = mint();
    let server = mint.resource_server();
    let token = mint.token();
    let kid = token.clone().header("kid", "k".repeat(1 << 20)).sign();
    let claim = token.clone().claim("a", "a".repeat(1 << 20)).sign();
    let number =
        token.clone().payload_text("{\"a\":9}".replace('9', &"9".repeat(1_000_000))).sign();
    let claims: Vec<String> = (0..100_000).map(|i| format!("\"c{i}\":0")).collect();
    let claims = token.payload_text(format!("{{{}}}", claims.join(","))).sign();
    let long = "A".repeat(64 << 20);
    let header = format!("{long}.e30.AAAA");
    let signature = format!("e30.e30.{long}");
    for text in [kid, claim, number, claims, header, signature] {
        let line = format!("Bearer {text}");
        let held = measure(|| {
            let credentials = Credentials::read([line.as_bytes()], None).unwrap();
            let Verdict::Refused(rejection) = server.check_now(credentials, &bearward::token())
            else {
                unreachable!("such a token is refused at once");
            };
            assert_eq!(rejection.code(), "token_too_long");
        });
        assert!(held.bytes_max <= AT_LEAST, "{} bytes for {}", held.bytes_max, text.len());
    }
}

proptest! {
    #![proptest_config(Config { cases: 10_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn memory_for_a_request_is_bounded_by_the_length_of_its_token(
        claims in claims(),
        in_header in any::<bool>(),
        widest in any::<bool>(),
    ) {
        let mint = mint();
        // What the cache of tokens keeps has its own bound.
        let server = mint.resource_server().without_token_cache();
        let server = if widest {
            server.limits(Limits { token_bytes: 1 << 20, json_members: 1 << 20, ..Limits::default() })
        } else {
            server
        };
        let usual = mint.token();
        let signed = if in_header {
            let header = usual.header_as_text();
            usual.header_text(format!("{},{claims}}}", header.trim_end_matches('}'))).sign()
        } else {
            let usual_claims = usual.claims_text();
            usual.payload_text(format!("{},{claims}}}", usual_claims.trim_end_matches('}'))).sign()
        };
        let line = format!("Bearer {signed}");
        let held = measure(|| {
            let credentials = Credentials::read([line.as_bytes()], None).unwrap();
            let verdict = server.check_now(credentials, &token());
            assert!(!matches!(verdict, Verdict::Pending(_)));
        });
        let most = AT_LEAST + A_BYTE * u64::try_from(signed.len()).unwrap();
        prop_assert!(held.bytes_max <= most, "{} bytes for {}", held.bytes_max, signed.len());
        prop_assert_eq!(held.bytes_current, 0);
    }
}

/// The most that a server in these tests remembers.
const REMEMBERED_BYTES: usize = 1 << 20;

/// How many tokens with this claim are remembered of more than there is room for, and the bytes
/// that they take.
fn remembered(claim: &str) -> (usize, u64) {
    let mint = mint();
    let size = TokenCache { entries: 1000, bytes: REMEMBERED_BYTES };
    let server = mint.resource_server().token_cache(size);
    let usual = mint.token().claims_text();
    let lines: Vec<String> = (0..400)
        .map(|i| format!("{},\"i\":{i},{claim}}}", usual.trim_end_matches('}')))
        .map(|text| format!("Bearer {}", mint.token().payload_text(text).sign()))
        .collect();
    let held = measure(|| {
        for line in &lines {
            let credentials = Credentials::read([line.as_bytes()], None).unwrap();
            assert!(matches!(server.check_now(credentials, &token()), Verdict::Allowed(_)));
        }
    });
    (server.cached_tokens(), u64::try_from(held.bytes_current).unwrap())
}

#[test]
fn what_is_remembered_takes_about_the_bytes_it_may() {
    let list = format!("\"scope\":[{}\"a\"]", "\"a\",".repeat(500));
    let members: Vec<String> = (0..400).map(|i| format!("\"{i}\":0")).collect();
    let plain = format!("\"a\":\"{}\"", "bb".repeat(4000));
    for claim in [list, members.join(","), plain] {
        let (_, held) = remembered(&claim);
        let most = u64::try_from(REMEMBERED_BYTES).unwrap();
        assert!((most / 4 * 3..most).contains(&held), "{held} bytes");
    }
}

#[test]
fn what_had_to_be_copied_counts_too() {
    let (plain, _) = remembered(&format!("\"a\":\"{}\"", "bb".repeat(3000)));
    let (escaped, _) = remembered(&format!("\"a\":\"{}\"", "\\n".repeat(3000)));
    assert!(escaped < plain, "{escaped}, {plain}");
}
