//! The page that says to try later.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::Response;

use crate::limits::TooMany;
use crate::pages::pieces::Moment;
use crate::pages::{FormTarget, TooManyAttempts, html_with};
use crate::tenant::Tenant;

/// It says the same whether or not there is such a user.
pub(crate) fn too_many_attempts(tenant: &Tenant, too_many: TooMany) -> Response {
    let seconds = i64::try_from(too_many.seconds()).unwrap_or(i64::MAX);
    let now = tenant.now();
    let mut response = match Moment::new(now.saturating_add(seconds), now) {
        Some(again) => {
            let page = TooManyAttempts { again, back: None, issuer: tenant.issuer().to_owned() };
            html_with(StatusCode::TOO_MANY_REQUESTS, &FormTarget::Here, &page)
        }
        None => {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response
        }
    };
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
