//! What a page answers when what was asked for cannot be done.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::access::internal;
use crate::error::{TenantError, TenantErrorKind};
use crate::pages::{ErrorMend, ErrorPage, FormTarget, html_with};

/// An error that a page has no field for.
pub(super) struct Trouble(TenantError);

impl From<TenantError> for Trouble {
    fn from(error: TenantError) -> Trouble {
        Trouble(error)
    }
}

impl Trouble {
    /// Nothing was done, because the name that was typed is another.
    pub(super) fn not_confirmed(expected: &str) -> Response {
        let lead = format!("Nothing was done: expected {expected:?} to be typed.");
        page(StatusCode::BAD_REQUEST, "Not confirmed.", lead, "not_confirmed")
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        use TenantErrorKind as Kind;
        let (status, title) = match self.0.kind() {
            Kind::UnknownApi
            | Kind::UnknownApplication
            | Kind::UnknownPermission
            | Kind::UnknownGrant
            | Kind::UnknownUser
            | Kind::UnknownRole
            | Kind::UnknownSigningKey => (StatusCode::NOT_FOUND, "Not here."),
            Kind::Store | Kind::Surroundings | Kind::InvalidData => return internal(&self.0),
            _ => (StatusCode::BAD_REQUEST, "Not saved."),
        };
        page(status, title, format!("{}.", self.0), self.0.kind().code())
    }
}

fn page(status: StatusCode, title: &str, lead: String, code: &'static str) -> Response {
    let page = ErrorPage {
        title: title.to_owned(),
        lead,
        code,
        expected: Vec::new(),
        found: None,
        mend: Some(ErrorMend {
            says: "Go back and reload the page: it may be older than what it shows.".to_owned(),
            line: None,
            line_label: "",
            link: Some(("To the dashboard".to_owned(), "/".to_owned())),
        }),
        issuer: String::new(),
    };
    html_with(status, &FormTarget::Here, &page)
}
