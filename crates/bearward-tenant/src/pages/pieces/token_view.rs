//! A token for people: its three parts, and what they say.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::claim_meanings;
use super::{Moment, visible};

/// A token, taken apart. Nothing of it is checked: that is the API's work.
pub(crate) struct TokenView {
    /// The parts between the dots, each with its place.
    pub(crate) parts: Vec<(usize, String)>,
    /// The header, then the claims, in the order of the token.
    pub(crate) rows: Vec<TokenRow>,
    /// When it ends, for the countdown.
    pub(crate) expires: Option<Moment>,
    /// Why there are no rows.
    pub(crate) unread: Option<&'static str>,
}

/// One member of the header or of the claims.
pub(crate) struct TokenRow {
    /// 0 for the header, 1 for the claims: the tint of the part that it comes from.
    pub(crate) part: usize,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) meaning: &'static str,
    pub(crate) time: Option<Moment>,
    /// Whether the token ends at that time.
    pub(crate) ends: bool,
}

impl TokenView {
    /// Takes the token apart as it was at this time.
    pub(crate) fn new(token: &str, now_seconds: i64) -> TokenView {
        let parts = token.split('.').map(visible).enumerate().collect();
        let mut view = TokenView { parts, rows: Vec::new(), expires: None, unread: None };
        let parts: Vec<&str> = token.split('.').collect();
        let (header, claims) = match parts.as_slice() {
            [header, claims, _] => (*header, *claims),
            [_, _, _, _, _] => {
                view.unread = Some("An encrypted token (JWE): its claims need the key.");
                return view;
            }
            _ => {
                view.unread = Some("An opaque token: only its issuer knows what it stands for.");
                return view;
            }
        };
        let (Some(header), Some(claims)) = (object(header), object(claims)) else {
            view.unread = Some("Its header or its claims are not JSON, so this is no JWT.");
            return view;
        };
        view.expires = claims
            .iter()
            .find(|(name, _)| name == "exp")
            .and_then(|(_, value)| Moment::new(seconds(value)?, now_seconds));
        let header = header.into_iter().map(|(name, value)| TokenRow {
            part: 0,
            meaning: claim_meanings::of_header(&name),
            name: visible(&name),
            value: plain(&value),
            time: None,
            ends: false,
        });
        let claims = claims.into_iter().map(|(name, value)| TokenRow {
            part: 1,
            meaning: claim_meanings::of_claim(&name),
            time: seconds(&value)
                .filter(|_| claim_meanings::is_time(&name))
                .and_then(|at| Moment::new(at, now_seconds)),
            ends: name == "exp",
            name: visible(&name),
            value: plain(&value),
        });
        view.rows = header.chain(claims).collect();
        view
    }
}

/// A whole number of seconds; RFC 7519 allows fractions, which nobody reads.
fn seconds(value: &Value) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "the cast saturates, and a date checks it")]
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

/// The members of a JSON object in their order, repeated ones too: a person should see what came.
fn object(part: &str) -> Option<Vec<(String, Value)>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok().map(|Members(members)| members)
}

struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text),
        other => visible(&other.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(claims))
    }

    #[test]
    fn claims_are_told_with_their_meaning_and_time() {
        let view = TokenView::new(&token(r#"{"exp":1060,"scope":"a b","own":[1,{"x":2}]}"#), 1000);
        let rows: Vec<_> = view
            .rows
            .iter()
            .map(|row| {
                (row.part, row.name.as_str(), row.value.as_str(), row.meaning, row.time.is_some())
            })
            .collect();
        assert!(rows.contains(&(0, "alg", "RS256", "Signature algorithm", false)));
        assert!(rows.contains(&(1, "exp", "1060", "Expires", true)));
        assert!(rows.contains(&(1, "scope", "a b", "What the application may do", false)));
        assert!(rows.contains(&(1, "own", r#"[1,{"x":2}]"#, "", false)));
        assert_eq!(view.expires.unwrap().words, "in 1 min 0 s");
    }

    #[test]
    fn members_stand_in_their_order_and_none_is_lost() {
        let view = TokenView::new(&token(r#"{"sub":"a","aud":"b","sub":"c"}"#), 0);
        let claims: Vec<_> = view.rows.iter().skip(1).map(|row| row.value.as_str()).collect();
        assert_eq!(claims, ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_jwt_says_why() {
        for (text, reason) in [
            ("", "opaque"),
            ("abc", "opaque"),
            ("a.b.c.d.e", "encrypted"),
            ("a.b.c", "not JSON"),
            (&token("[]"), "not JSON"),
        ] {
            let view = TokenView::new(text, 0);
            assert!(view.unread.unwrap().contains(reason), "{text}");
            assert!(view.rows.is_empty());
        }
        let far = TokenView::new(&token(r#"{"exp":1e300,"iat":"x"}"#), 0);
        assert!(far.expires.is_none() && far.rows.iter().all(|row| row.time.is_none()));
    }
}
