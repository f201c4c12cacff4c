//! A challenge as an HTTP response.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use crate::challenge::Challenge;
use crate::rejection::Rejection;

/// Status, headers and JSON body of a refusal. Never to be stored by a cache. The rejection goes
/// into the extensions, for layers outside that log or count.
pub(crate) fn respond<B: From<String>>(rejection: Rejection) -> Response<B> {
    let challenge = Challenge::from(&rejection);
    let mut response = Response::new(B::from(challenge.body().to_owned()));
    *response.status_mut() =
        StatusCode::from_u16(challenge.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(Ok(value)) = challenge.www_authenticate().map(HeaderValue::from_str) {
        headers.insert(WWW_AUTHENTICATE, value);
    }
    if let Some(seconds) = challenge.retry_after_secs() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(rejection);
    response
}
