//! What a token says of itself, read without checking its signature. It serves the telling alone:
//! nothing here can become [`Claims`](crate::Claims) or an access token.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::jws::Limits;

/// Header and claims as far as they can be read; what cannot be read is empty.
#[derive(Default)]
pub(super) struct Claimed {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    /// How long the signature is, where it is base64url.
    pub(super) signature_bytes: Option<usize>,
}

impl Claimed {
    /// Reads no more than a request's token may have.
    pub(super) fn read(token: &str, limits: &Limits) -> Claimed {
        if token.len() > limits.token_bytes {
            return Claimed::default();
        }
        let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let mut next = || parts.next().flatten();
        Claimed {
            header: object(next()),
            claims: object(next()),
            signature_bytes: next().map(|signature| signature.len()),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.claims.contains_key(name)
    }

    pub(super) fn count(&self) -> usize {
        self.claims.len()
    }

    /// A claim that is one text or a list of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        match self.claims.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// `scope` and `scp`, word by word.
    pub(super) fn scopes(&self) -> Vec<&str> {
        let mut scopes = self.texts("scope");
        scopes.extend(self.texts("scp"));
        scopes
            .into_iter()
            .flat_map(|text| text.split(' '))
            .filter(|word| !word.is_empty())
            .collect()
    }

    /// A NumericDate, as time since 1970 (RFC 7519 section 2).
    pub(super) fn date(&self, name: &str) -> Option<Duration> {
        Duration::try_from_secs_f64(self.claims.get(name)?.as_f64()?).ok()
    }

    /// Whether the claim is an object that has this member.
    pub(super) fn has_within(&self, name: &str, member: &str) -> bool {
        self.claims.get(name).is_some_and(|value| value.get(member).is_some())
    }

    /// The client, by the names that issuers give it.
    pub(super) fn client(&self) -> Option<&str> {
        ["client_id", "azp", "cid", "appid"].iter().find_map(|name| self.text(name))
    }
}

fn object(bytes: Option<Vec<u8>>) -> Map<String, Value> {
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
