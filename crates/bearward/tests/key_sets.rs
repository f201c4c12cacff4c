//! Which keys of a set are used, and what is said of the others.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up stops"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::{Algorithm, JwkSet};
use bearward_testkit::keys::{jwks_text, signing_key};
use serde_json::{Value, json};

/// What is said of a key of this algorithm with these members in place of its own; nothing where
/// it is used.
fn said(algorithm: Algorithm, members: &Value) -> Option<String> {
    let mut set: Value = serde_json::from_str(&jwks_text(&[signing_key(algorithm)])).unwrap();
    let key = set["keys"][0].as_object_mut().unwrap();
    key.extend(members.as_object().unwrap().clone());
    key.retain(|_, value| !value.is_null());
    let set = JwkSet::parse(set.to_string().as_bytes()).unwrap();
    assert_eq!(set.usable() + set.skipped().count(), 1);
    set.skipped().next().map(ToString::to_string)
}

fn base64url(bytes: &[u8]) -> Value {
    URL_SAFE_NO_PAD.encode(bytes).into()
}

#[test]
fn keys_that_can_verify_are_used() {
    let exponent = base64url(&[1, 0, 0, 1]);
    let modulus = [[0xff; 1024].as_slice()].concat();
    for (algorithm, members) in [
        (Algorithm::Rs256, json!({})),
        (Algorithm::Rs256, json!({ "use": null, "key_ops": ["verify", "encrypt"] })),
        (Algorithm::Rs256, json!({ "use": "sig", "key_ops": ["verify"] })),
        (Algorithm::Rs256, json!({ "use": "sig", "key_ops": ["sign", "verify"] })),
        (Algorithm::Rs256, json!({ "e": exponent })),
        (Algorithm::Rs256, json!({ "e": "Aw" })),
        (Algorithm::Rs256, json!({ "n": base64url(&modulus) })),
        (Algorithm::EdDsa, json!({ "alg": "Ed25519" })),
        (Algorithm::Es256, json!({ "alg": null })),
    ] {
        assert_eq!(said(algorithm, &members), None, "{members}");
    }
}

#[test]
fn of_keys_that_cannot_verify_it_is_said_why() {
    let (short, long) = (base64url(&[1; 31]), base64url(&[1; 33]));
    let lengths = "key es256: its coordinates do not have the length of its curve";
    let size = "key rs256: its modulus is outside 2048 to 8192 bits";
    let exponent = "key rs256: its exponent is not an odd number from 3 to 2^32";
    let contradiction = "key rs256: its use and its key_ops contradict each other";
    for (algorithm, members, expected) in [
        (Algorithm::Rs256, json!({ "use": "enc" }), "key rs256: its use is not sig"),
        (Algorithm::Rs256, json!({ "key_ops": ["verify", "encrypt"] }), contradiction),
        (Algorithm::Rs256, json!({ "n": base64url(&[0xff; 1025]) }), size),
        (Algorithm::Rs256, json!({ "n": base64url(&[0x7f; 256]) }), size),
        (Algorithm::Rs256, json!({ "e": "AQ" }), exponent),
        (Algorithm::Rs256, json!({ "e": base64url(&[1, 0, 0, 0, 1]) }), exponent),
        (Algorithm::Es256, json!({ "x": short, "y": long }), lengths),
        (Algorithm::Es256, json!({ "x": short }), lengths),
        (Algorithm::Es256, json!({ "y": long }), lengths),
        (
            Algorithm::EdDsa,
            json!({ "x": short }),
            "key eddsa: its x does not have the length of its curve",
        ),
        (
            Algorithm::EdDsa,
            json!({ "kid": null, "kty": "oct" }),
            "key without kid: kty is oct, a shared secret",
        ),
    ] {
        assert_eq!(said(algorithm, &members).as_deref(), Some(expected), "{members}");
    }
}

#[test]
fn of_a_text_that_is_no_set_it_is_said_why() {
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 101].join(","));
    for (text, expected) in [
        ("[]", "no JWK set: it is not a JSON object"),
        ("{}", "no JWK set: expected an array named keys"),
        (r#"{"keys":[],"keys":[]}"#, "no JWK set: a member name stands there twice"),
        (many.as_str(), "no JWK set: 101 keys, at most 100"),
    ] {
        let error = JwkSet::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn debug_output_counts_the_keys_and_names_those_left_out() {
    let text = br#"{"keys":[{"kty":"oct","kid":"secret","k":"AAAA"}]}"#;
    let shown = format!("{:?}", JwkSet::parse(text).unwrap());
    assert!(shown.starts_with("JwkSet { usable: 0, skipped: [SkippedKey"), "{shown}");
    assert!(shown.contains("secret") && !shown.contains("AAAA"), "{shown}");
}
