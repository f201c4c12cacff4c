//! One text is one token: whatever is changed in it, it is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::{Algorithm, token};
use proptest::collection::btree_map;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

use super::{cases, mint, server};
use bearward_testkit::check;

#[test]
fn each_bit_of_a_token_counts() {
    let server = server();
    for algorithm in Algorithm::ALL {
        let good = mint(algorithm).token().sign();
        assert!(check(&server, &good, &token()).is_ok(), "{algorithm}");
        let parts: Vec<Vec<u8>> =
            good.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
        for (part, bytes) in parts.iter().enumerate() {
            for bit in 0..bytes.len() * 8 {
                let mut flipped = parts.clone();
                flipped[part][bit / 8] ^= 1 << (bit % 8);
                let flipped: Vec<String> =
                    flipped.iter().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).collect();
                let flipped = flipped.join(".");
                let refused = check(&server, flipped, &token()).is_err();
                assert!(refused, "{algorithm}: bit {bit} of part {part} of {good}");
            }
        }
    }
}

/// A claim's value of any kind.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::collection::vec(any::<char>(), 0..8)
            .prop_map(|chars| chars.into_iter().collect::<String>().into()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-c]", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn each_character_of_a_token_counts(
        algorithm in select(&Algorithm::ALL),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        thread_local! {
            static GOOD: Vec<(Algorithm, String)> =
                Algorithm::ALL.map(|algorithm| (algorithm, mint(algorithm).token().sign())).into();
            static SERVER: bearward::ResourceServer = server();
        }
        let good = GOOD.with(|good| {
            good.iter().find(|(each, _)| *each == algorithm).unwrap().1.clone().into_bytes()
        });
        let mut changed = good.clone();
        for (at, byte) in changes {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        let let_in = SERVER.with(|server| check(server, &changed, &token()).is_ok());
        prop_assert_eq!(let_in, changed == good, "{:?}", String::from_utf8_lossy(&changed));
    }

    #[test]
    fn each_claim_is_read_as_it_was_signed(
        claims in btree_map("[a-d\\\\\"é]{1,3}", value(), 0..6),
        escaped in any::<bool>(),
    ) {
        thread_local! {
            static SERVER: bearward::ResourceServer = server();
        }
        let mut made = mint(Algorithm::EdDsa).token();
        for (name, value) in &claims {
            made = made.claim(name, value.clone());
        }
        let text = made.claims_text();
        let text = if escaped { escape(&text) } else { text };
        let signed = made.payload_text(text.clone()).sign();
        let read = SERVER.with(|server| check(server, signed, &token())).unwrap();
        prop_assert_eq!(read.as_json(), text);
        for (name, value) in claims {
            prop_assert_eq!(read.text(&name), value.as_str());
            prop_assert_eq!(read.claim::<Value>(&name), Some(value));
        }
        prop_assert_eq!(read.issuer(), super::ISSUER);
        prop_assert_eq!(read.subject(), "alice");
        prop_assert_eq!(read.token_id(), Some("1"));
    }
}

/// The same JSON with each letter of a name or a text as an escape.
fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => {
                inside = !inside;
                out.push(char);
            }
            '\\' => {
                out.push(char);
                out.extend(chars.next());
            }
            'g'..='z' if inside => out.push_str(&format!("\\u{:04x}", u32::from(char))),
            _ => out.push(char),
        }
    }
    out
}
