//! The parameters that a browser brings, in the query or in a form.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use url::form_urlencoded;

use super::PageRefusal;

/// Longer than any request that an SDK makes, and short of what servers in front let through.
const MOST_QUERY_BYTES: usize = 16 * 1024;

/// How long a browser may take to send a form.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Parameters by name. An empty value counts as absent; a name that comes twice is remembered,
/// because only the reader of a parameter knows whether the answer to that can be a redirect. It
/// holds passwords and has no `Debug`.
///
/// Source: RFC 6749 section 3.1; OpenID Connect Core section 3.1.2.1 (GET and POST).
#[derive(Default)]
pub(crate) struct BrowserParameters {
    values: BTreeMap<String, String>,
    repeated: BTreeSet<String>,
}

impl BrowserParameters {
    /// From the query of a GET, from the form of a POST.
    pub(crate) async fn read(request: Request) -> Result<BrowserParameters, PageRefusal> {
        BrowserParameters::parse(&text(request).await?)
    }

    /// The same, for what may have to be kept until somebody logs in: anybody can have it kept, so
    /// that a form has no more room than a query.
    pub(crate) async fn read_to_keep(request: Request) -> Result<BrowserParameters, PageRefusal> {
        let text = text(request).await?;
        if text.len() > MOST_QUERY_BYTES {
            return Err(PageRefusal::TooLong);
        }
        BrowserParameters::parse(&text)
    }

    fn parse(text: &[u8]) -> Result<BrowserParameters, PageRefusal> {
        let mut parameters = BrowserParameters::default();
        for (name, value) in form_urlencoded::parse(text) {
            // The parser puts this in place of bytes that are not UTF-8.
            if name.contains('\u{FFFD}') || value.contains('\u{FFFD}') {
                return Err(PageRefusal::NotUtf8);
            }
            if parameters.values.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                parameters.repeated.insert(name.into_owned());
            }
        }
        Ok(parameters)
    }

    /// The value of a parameter; `None` when it is absent, empty, or given more than once.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        if self.is_repeated(name) {
            return None;
        }
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.repeated.contains(name)
    }

    /// Some name that comes twice.
    pub(crate) fn first_repeated(&self) -> Option<&str> {
        self.repeated.iter().next().map(String::as_str)
    }
}

/// What the parameters stand in.
async fn text(request: Request) -> Result<Bytes, PageRefusal> {
    if request.method() != Method::POST {
        let query = request.uri().query().unwrap_or_default();
        if query.len() > MOST_QUERY_BYTES {
            return Err(PageRefusal::TooLong);
        }
        return Ok(Bytes::copy_from_slice(query.as_bytes()));
    }
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(PageRefusal::NotAForm);
    }
    let body = tokio::time::timeout(BODY_TIME, Bytes::from_request(request, &()));
    match body.await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(PageRefusal::TooLong)
        }
        Ok(Err(_)) | Err(_) => Err(PageRefusal::NotAForm),
    }
}
