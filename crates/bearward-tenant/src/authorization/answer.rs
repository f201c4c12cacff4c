//! The answer to a request at `/authorize`, and the ways in which it goes back to the application.

mod error;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use axum::response::{IntoResponse as _, Response};
pub(crate) use error::AuthorizationError;
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

use super::BrowserParameters;
use crate::pages::{FormPost, FormTarget, WebMessage, html_in_frame, html_with};

/// How the answer travels.
///
/// Source: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1; Form Post Response Mode; Auth0's
/// `web_message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ResponseMode {
    /// By a redirect, in the query.
    Query,
    /// By a redirect, behind the `#`, where no server sees it.
    Fragment,
    /// By a form that the browser posts.
    FormPost,
    /// By a message to the page that opened or framed this one.
    WebMessage,
}

/// Where the answer goes, how, and the state that goes with it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ReturnPath {
    /// One of the application's own callbacks.
    pub(crate) redirect_uri: String,
    mode: ResponseMode,
    state: Option<String>,
}

/// What the application is told.
pub(crate) enum Answer<'a> {
    Code(&'a str),
    Error(&'a AuthorizationError),
}

impl ResponseMode {
    fn from_name(name: &str) -> Option<ResponseMode> {
        match name {
            "query" => Some(ResponseMode::Query),
            "fragment" => Some(ResponseMode::Fragment),
            "form_post" => Some(ResponseMode::FormPost),
            "web_message" => Some(ResponseMode::WebMessage),
            _ => None,
        }
    }
}

impl ReturnPath {
    /// The way back to a redirect address that is known to be the application's. A mode that is not
    /// known or cannot be used gives the query here, and an error in [`check`](ReturnPath::check).
    pub(crate) fn new(redirect_uri: String, parameters: &BrowserParameters) -> ReturnPath {
        let mode = parameters.text("response_mode").and_then(ResponseMode::from_name);
        let mut back = ReturnPath {
            redirect_uri,
            mode: mode.unwrap_or(ResponseMode::Query),
            state: parameters.owned("state"),
        };
        if back.mode == ResponseMode::WebMessage && !back.has_origin() {
            back.mode = ResponseMode::Query;
        }
        back
    }

    /// Whether this is the mode that was asked for.
    pub(super) fn check(&self, asked: Option<&str>) -> Result<(), AuthorizationError> {
        match asked {
            Some(asked) if ResponseMode::from_name(asked) != Some(self.mode) => {
                Err(AuthorizationError::invalid_request(
                    "response_mode_not_supported",
                    "expected the response_mode query, fragment, form_post or web_message",
                ))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn url(&self) -> Option<Url> {
        Url::parse(&self.redirect_uri).ok()
    }

    fn has_origin(&self) -> bool {
        self.url().is_some_and(|url| url.origin().is_tuple())
    }

    /// The response that carries the answer. A redirect has the status 302, which SDKs and tests
    /// know, after a GET, and 303 after a form: it may hold a password, and 307 would send it on.
    ///
    /// Source: RFC 9207 section 2 (`iss`), RFC 9700 section 4.12 (303).
    pub(crate) fn send(&self, issuer: &str, answer: &Answer<'_>, redirect: StatusCode) -> Response {
        let mut fields: Vec<(&'static str, String)> = match answer {
            Answer::Code(code) => vec![("code", (*code).to_owned())],
            Answer::Error(error) => vec![
                ("error", error.error.to_owned()),
                ("error_description", error.description.to_string()),
            ],
        };
        if let Some(state) = &self.state {
            fields.push(("state", state.clone()));
        }
        fields.push(("iss", issuer.to_owned()));
        match (self.mode, self.url()) {
            (ResponseMode::FormPost, Some(url)) => {
                let page =
                    FormPost { action: self.redirect_uri.clone(), fields, issuer: issuer.into() };
                html_with(StatusCode::OK, &FormTarget::Application(&url), &page)
            }
            (ResponseMode::WebMessage, Some(url)) => {
                let origin = url.origin().ascii_serialization();
                let response: serde_json::Map<String, serde_json::Value> =
                    fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
                let response = serde_json::Value::Object(response).to_string();
                let page = WebMessage { origin, response, issuer: issuer.into() };
                html_in_frame(&url, &page)
            }
            _ => {
                let fields =
                    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                redirect_to(&self.with(&fields), redirect)
            }
        }
    }

    /// The query of the address itself is kept (RFC 6749 section 3.1.2). It has no fragment: no callback
    /// has one.
    fn with(&self, fields: &str) -> String {
        let separator = match self.mode {
            ResponseMode::Fragment => '#',
            _ if self.redirect_uri.contains('?') => '&',
            _ => '?',
        };
        format!("{}{separator}{fields}", self.redirect_uri)
    }
}

/// A redirect that no cache keeps, and that does not say where it comes from.
pub(crate) fn redirect_to(address: &str, status: StatusCode) -> Response {
    let location = match HeaderValue::from_str(address) {
        Ok(location) if address.is_ascii() => location,
        // An address with letters beyond ASCII goes out as browsers would write it.
        _ => {
            match Url::parse(address).ok().and_then(|url| HeaderValue::from_str(url.as_str()).ok())
            {
                Some(location) => location,
                None => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
    };
    let headers = [
        (LOCATION, location),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (status, headers).into_response()
}
