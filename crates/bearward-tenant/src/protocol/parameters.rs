//! The parameters of a request, from a form or from JSON.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use url::form_urlencoded;

use super::Refusal;

/// How long a client may take to send its body. A few hundred bytes arrive in one packet; this
/// leaves room for a bad line and none for holding connections open.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Parameters by name, each given at most once. It holds secrets and has no `Debug`.
///
/// Source: RFC 6749 section 3.2.
#[derive(Default)]
pub(crate) struct Parameters(BTreeMap<String, Value>);

enum Value {
    Text(String),
    /// JSON null, or an empty value: as if it had not been sent.
    Absent,
    /// JSON that is not text.
    Other,
}

impl Parameters {
    /// The parameters in the body, whose size the router limits. Secrets in the URI are refused
    /// here, before anything else is looked at: the URI lands in logs and histories.
    pub(crate) async fn read(request: Request) -> Result<Parameters, Refusal> {
        let query = request.uri().query().unwrap_or_default().as_bytes();
        if form_urlencoded::parse(query)
            .any(|(name, _)| name == "client_secret" || name == "client_assertion")
        {
            return Err(Refusal::SecretInUri);
        }
        let format = Format::of(request.headers())?;
        let body = Bytes::from_request(request, &());
        let body = tokio::time::timeout(BODY_TIME, body)
            .await
            .map_err(|_| Refusal::BodyTooSlow)?
            .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::BodyTooLarge,
            _ => Refusal::MalformedBody("the body could not be read"),
        })?;
        match format {
            Format::Form => Parameters::from_form(&body),
            Format::Json => Parameters::from_json(&body),
        }
    }

    /// The value of a parameter; `None` when it is absent, null or empty.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Absent) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Other) => Err(Refusal::ParameterNotText(name)),
        }
    }

    fn from_form(body: &[u8]) -> Result<Parameters, Refusal> {
        let mut parameters = Parameters::default();
        for (name, value) in form_urlencoded::parse(body) {
            // The parser puts this in place of bytes that are not UTF-8.
            if name.contains('\u{FFFD}') || value.contains('\u{FFFD}') {
                return Err(Refusal::MalformedBody("expected a form in UTF-8"));
            }
            if !parameters.insert(name.into_owned(), Value::text(value.into_owned())) {
                return Err(Refusal::RepeatedParameter);
            }
        }
        Ok(parameters)
    }

    fn from_json(body: &[u8]) -> Result<Parameters, Refusal> {
        let object: JsonObject = serde_json::from_slice(body)
            .map_err(|_| Refusal::MalformedBody("expected a JSON object"))?;
        if object.repeats { Err(Refusal::RepeatedParameter) } else { Ok(object.parameters) }
    }

    /// Whether the name is new.
    fn insert(&mut self, name: String, value: Value) -> bool {
        match self.0.entry(name) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(value);
                true
            }
        }
    }
}

impl Value {
    fn text(text: String) -> Value {
        if text.is_empty() { Value::Absent } else { Value::Text(text) }
    }
}

enum Format {
    Form,
    Json,
}

impl Format {
    /// The media type decides; its parameters, such as `charset`, do not matter.
    fn of(headers: &HeaderMap) -> Result<Format, Refusal> {
        let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = value.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Ok(Format::Form)
        } else if media_type.eq_ignore_ascii_case("application/json") {
            Ok(Format::Json)
        } else {
            Err(Refusal::UnsupportedMediaType)
        }
    }
}

/// A JSON object that remembers whether a name stood in it twice, which serde_json's own forgets.
struct JsonObject {
    parameters: Parameters,
    repeats: bool,
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<JsonObject, D::Error> {
        deserializer.deserialize_map(JsonObjectVisitor)
    }
}

struct JsonObjectVisitor;

impl<'de> Visitor<'de> for JsonObjectVisitor {
    type Value = JsonObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonObject, A::Error> {
        let mut object = JsonObject { parameters: Parameters::default(), repeats: false };
        while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
            let value = match value {
                serde_json::Value::String(text) => Value::text(text),
                serde_json::Value::Null => Value::Absent,
                _ => Value::Other,
            };
            object.repeats |= !object.parameters.insert(name, value);
        }
        Ok(object)
    }
}
