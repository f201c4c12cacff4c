//! A template becomes a response, with the headers that keep a page to itself.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

/// Where the forms of a page may end up.
pub(crate) enum FormTarget<'a> {
    /// At this tenant.
    Here,
    /// At this address of an application too. Browsers hold `form-action` against the redirects
    /// that follow a form, and login and consent end in one.
    Application(&'a Url),
}

/// The page with status 200, whose forms stay at this tenant.
pub(crate) fn html(page: &impl Template) -> Response {
    html_with(StatusCode::OK, &FormTarget::Here, page)
}

/// The page with this status, whose forms may end up at this target.
///
/// A template that cannot be rendered is a fault of ours: the person gets a plain 500, the
/// operator's log the reason.
pub(crate) fn html_with(
    status: StatusCode,
    forms: &FormTarget<'_>,
    page: &impl Template,
) -> Response {
    match page.render() {
        Ok(text) => (status, security_headers(forms), text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.\n").into_response()
        }
    }
}

/// The page with status 200, which pages at the origin of this address may frame. It asks nobody
/// anything, so there is no click to steal.
pub(crate) fn html_in_frame(application: &Url, page: &impl Template) -> Response {
    let mut response = html(page);
    let framed = format!("frame-ancestors{}", FormTarget::Application(application).source());
    let headers = response.headers_mut();
    headers.remove(X_FRAME_OPTIONS);
    let policy = headers.get(CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
    let policy = policy.unwrap_or_default().replace("frame-ancestors 'none'", &framed);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy).unwrap_or(CLOSED));
    response
}

/// Everything comes from here, nothing may frame it, and no script but ours runs: a name that holds
/// markup stays text. Pages are never stored: they hold names, tokens and CSRF fields.
///
/// The referrer goes to no other site. It is not left out altogether: browsers then send forms with
/// `Origin: null`, and whether a form is ours is judged by that.
///
/// Source: RFC 9700 section 4.16, Content Security Policy Level 3.
fn security_headers(forms: &FormTarget<'_>) -> HeaderMap {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'{}; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        forms.source()
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or(CLOSED);
    HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, policy),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ])
}

/// The policy for the case that cannot occur: a source that no header can carry.
const CLOSED: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

impl FormTarget<'_> {
    /// What stands behind `form-action 'self'`.
    ///
    /// A scheme of its own (a native application) is named as a scheme, and so is an IPv6 address,
    /// which the grammar of policies cannot express.
    fn source(&self) -> String {
        let FormTarget::Application(address) = self else { return String::new() };
        match address.host() {
            Some(Host::Domain(_) | Host::Ipv4(_)) if address.origin().is_tuple() => {
                format!(" {}", address.origin().ascii_serialization())
            }
            _ => format!(" {}:", address.scheme()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn forms_may_end_up_at_the_application_and_nowhere_else() {
        for (address, source) in [
            ("https://app.example/callback?x=1", "https://app.example"),
            ("http://localhost:3000/callback", "http://localhost:3000"),
            ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
            ("http://[::1]:3000/callback", "http:"),
            ("com.example.app://callback", "com.example.app:"),
            ("com.example.app:/callback", "com.example.app:"),
            ("https://x.example/;script-src *", "https://x.example"),
        ] {
            let address = Url::parse(address).unwrap();
            let headers = security_headers(&FormTarget::Application(&address));
            let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
            let form_action = policy.split("; ").find(|part| part.starts_with("form-action"));
            assert_eq!(form_action, Some(format!("form-action 'self' {source}").as_str()));
            assert!(policy.contains("script-src 'self';"), "{policy}");
        }
    }

    #[test]
    fn a_page_that_cannot_be_rendered_is_a_plain_500() {
        struct Unprintable;
        impl std::fmt::Display for Unprintable {
            fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                Err(std::fmt::Error)
            }
        }
        #[derive(Template)]
        #[template(ext = "html", source = "<p>{{ 0 }}</p>{{ broken }}")]
        struct Broken {
            broken: Unprintable,
        }
        let response = html(&Broken { broken: Unprintable });
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    }
}
