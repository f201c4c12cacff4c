//! Refusals that the person reads on a page of ours, because no address can be trusted with them.

use axum::http::StatusCode;
use axum::response::Response;

use crate::error::TenantError;
use crate::limits::TooMany;
use crate::model::{Application, Event};
use crate::pages::{ErrorMend, ErrorPage, FormTarget, html_with};
use crate::tenant::Tenant;

/// Why there is no redirect.
///
/// Source: RFC 6749 section 4.1.2.1.
#[derive(Debug)]
pub(crate) enum PageRefusal {
    TooLong,
    NotAForm,
    NotUtf8,
    Missing(&'static str),
    Repeated(&'static str),
    UnknownClient(String),
    CallbackMismatch {
        application: Box<Application>,
        found: String,
    },
    /// The login or consent that the page belongs to is over, or never was.
    NothingWaits,
    /// It was begun in another browser.
    OtherBrowser,
    /// The form does not come from a page that this browser was given.
    FormNotOurs,
    UnknownAction,
    TooManyAttempts(TooMany),
    LogoutUrlMismatch {
        application: Box<Application>,
        found: String,
    },
    /// An address to return to, and no application that it could belong to.
    LogoutWithoutClient,
    HintNotOurs,
    HintOfOtherClient,
    Internal(TenantError),
}

/// What the page says, apart from the mend.
struct Words {
    status: StatusCode,
    reason: &'static str,
    title: &'static str,
    lead: &'static str,
}

impl PageRefusal {
    fn words(&self) -> Words {
        use StatusCode as S;
        let (status, reason, title, lead) = match self {
            PageRefusal::TooLong => (
                S::PAYLOAD_TOO_LARGE,
                "request_too_long",
                "Too long.",
                "The request is longer than this page takes.",
            ),
            PageRefusal::NotAForm => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "not_a_form",
                "No form.",
                "Expected a form (application/x-www-form-urlencoded).",
            ),
            PageRefusal::NotUtf8 => (
                S::BAD_REQUEST,
                "not_utf8",
                "Unreadable parameters.",
                "Expected parameters in UTF-8.",
            ),
            PageRefusal::Missing("client_id") => (
                S::BAD_REQUEST,
                "missing_parameter",
                "Missing client_id.",
                "The application has to say who it is.",
            ),
            PageRefusal::Missing(_) => (
                S::BAD_REQUEST,
                "missing_parameter",
                "Missing redirect_uri.",
                "The application has to say where to send you afterwards.",
            ),
            PageRefusal::Repeated(_) => (
                S::BAD_REQUEST,
                "repeated_parameter",
                "A parameter comes twice.",
                "Which of the two is meant cannot be known.",
            ),
            PageRefusal::UnknownClient(_) => (
                S::FORBIDDEN,
                "unknown_client",
                "Unknown client.",
                "No application of this tenant has this client_id.",
            ),
            PageRefusal::CallbackMismatch { .. } => (
                S::FORBIDDEN,
                "callback_url_mismatch",
                "Callback URL mismatch.",
                "The application may not have you sent to this address.",
            ),
            PageRefusal::NothingWaits => (
                S::BAD_REQUEST,
                "nothing_waits",
                "This page is out of date.",
                "The login that it belongs to is over. Go back to the application and log in from there.",
            ),
            PageRefusal::OtherBrowser => (
                S::FORBIDDEN,
                "other_browser",
                "Begun elsewhere.",
                "This login was begun in another browser, or cookies are switched off. Begin it here, at the application.",
            ),
            PageRefusal::FormNotOurs => (
                S::FORBIDDEN,
                "csrf",
                "The form is not from here.",
                "It does not carry what a page of this tenant puts into it. Go back, reload, and try again.",
            ),
            PageRefusal::UnknownAction => (
                S::BAD_REQUEST,
                "unknown_action",
                "Unknown action.",
                "The form asks for something that this page does not do.",
            ),
            PageRefusal::TooManyAttempts(_) => (
                S::TOO_MANY_REQUESTS,
                "too_many_attempts",
                "Too many attempts.",
                "There were too many failed logins.",
            ),
            PageRefusal::LogoutUrlMismatch { .. } => (
                S::BAD_REQUEST,
                "logout_url_mismatch",
                "Logout URL mismatch.",
                "The application may not have you sent to this address after logging out.",
            ),
            PageRefusal::LogoutWithoutClient => (
                S::BAD_REQUEST,
                "logout_without_client",
                "Whose address is this?",
                "An address to return to is taken only from an application that names itself.",
            ),
            PageRefusal::HintNotOurs => (
                S::BAD_REQUEST,
                "id_token_hint_not_ours",
                "Not our ID token.",
                "The id_token_hint was not issued by this tenant, or its key was revoked.",
            ),
            PageRefusal::HintOfOtherClient => (
                S::BAD_REQUEST,
                "id_token_hint_of_other_client",
                "Another application's ID token.",
                "The id_token_hint was issued to another application than the client_id says.",
            ),
            PageRefusal::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Trouble of our own.",
                "The tenant could not do its part; its log says why.",
            ),
        };
        Words { status, reason, title, lead }
    }

    fn found(&self) -> Option<String> {
        match self {
            PageRefusal::UnknownClient(found)
            | PageRefusal::CallbackMismatch { found, .. }
            | PageRefusal::LogoutUrlMismatch { found, .. } => Some(found.clone()),
            PageRefusal::Repeated(name) => Some((*name).to_owned()),
            _ => None,
        }
    }

    fn application(&self) -> Option<&Application> {
        match self {
            PageRefusal::CallbackMismatch { application, .. }
            | PageRefusal::LogoutUrlMismatch { application, .. } => Some(application),
            _ => None,
        }
    }

    fn expected(&self) -> Vec<String> {
        match self {
            PageRefusal::CallbackMismatch { application, .. } => application.callbacks.clone(),
            PageRefusal::LogoutUrlMismatch { application, .. } => {
                application.allowed_logout_urls.clone()
            }
            _ => Vec::new(),
        }
    }

    fn mend(&self) -> Option<ErrorMend> {
        let add = |application: &Application, field: &'static str, but: &str, line: &str| {
            let name = &application.name;
            ErrorMend {
                says: format!(
                    "If the address is right, add it to the {field}s of {name}. It is compared byte \
                     for byte{but}."
                ),
                line: Some(line.to_owned()),
                line_label: field,
                link: None,
            }
        };
        let says = |says: &str| ErrorMend {
            says: says.to_owned(),
            line: None,
            line_label: "",
            link: None,
        };
        match self {
            PageRefusal::CallbackMismatch { application, found } => {
                let but = ", except for a port on this machine";
                Some(add(application, "Allowed Callback URL", but, found))
            }
            PageRefusal::LogoutUrlMismatch { application, found } => {
                Some(add(application, "Allowed Logout URL", "", found))
            }
            PageRefusal::UnknownClient(_) => Some(says(
                "Compare the client_id with the Client ID in the application's settings.",
            )),
            PageRefusal::Repeated(name) => Some(says(&format!("Send the parameter {name} once."))),
            PageRefusal::Missing(name) => {
                Some(says(&format!("Add the parameter {name} to the request.")))
            }
            PageRefusal::LogoutWithoutClient => Some(says(
                "Add client_id, and list the address in the Allowed Logout URLs of that application.",
            )),
            _ => None,
        }
    }

    /// Says it on a page, and writes it down.
    pub(crate) fn show(self, tenant: &Tenant, event: &'static str) -> Response {
        let words = self.words();
        if let PageRefusal::Internal(error) = &self {
            tracing::error!(error = error as &dyn std::error::Error, "a request failed");
        }
        let client_id = self.application().map(|application| application.client_id.clone());
        tracing::info!(reason = words.reason, client_id, event, "refused on a page");
        tenant.record(Event {
            event,
            reason: Some(words.reason),
            detail: match self.application().and(self.found()) {
                Some(found) => format!("{} Found: {found}", words.title),
                None => format!("{} {}", words.title, words.lead),
            },
            client_id,
            ..Event::default()
        });
        if let PageRefusal::TooManyAttempts(too_many) = self {
            return super::too_many_attempts(tenant, too_many);
        }
        let page = ErrorPage {
            title: words.title.to_owned(),
            lead: words.lead.to_owned(),
            code: words.reason,
            expected: self.expected(),
            found: self.found(),
            mend: self.mend(),
            issuer: tenant.issuer().to_owned(),
        };
        html_with(words.status, &FormTarget::Here, &page)
    }
}

impl From<TenantError> for PageRefusal {
    fn from(error: TenantError) -> PageRefusal {
        PageRefusal::Internal(error)
    }
}
