//! `GET /`: a page that calls the three routes and shows what comes back.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

/// What the page knows of its surroundings.
#[derive(Clone, Serialize)]
pub(crate) struct Page {
    /// Who makes the tokens.
    pub(crate) issuer: String,
    /// For whom they are made: this API.
    pub(crate) audience: String,
    /// A token with the scope `read:messages`; without one the page offers a field to paste into.
    pub(crate) token: Option<String>,
    /// A valid token that lacks the scope.
    pub(crate) token_without_scope: Option<String>,
}

impl Page {
    /// The page, its three files, and the data that it loads. None of them asks for a token.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route(
                "/",
                get(async || file("text/html; charset=utf-8", include_str!("page/page.html"))),
            )
            .route("/page.css", get(async || file("text/css", include_str!("page/page.css"))))
            .route("/page.js", get(async || file("text/javascript", include_str!("page/page.js"))))
            .route("/page.svg", get(async || file("image/svg+xml", include_str!("page/page.svg"))))
            .route(
                "/page.json",
                get(async move |uri: Uri, headers: HeaderMap| self.data(&uri, &headers)),
            )
    }

    /// The tokens leave this machine for nobody: a name that leads here by rebinding is refused.
    fn data(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        // A request line may name a host as well, and a proxy may believe that one.
        if !is_sent_to_loopback(headers) || !uri.host().is_none_or(is_loopback) {
            let text = "Tokens are shown only on localhost. Paste one of your own.";
            return (StatusCode::MISDIRECTED_REQUEST, text).into_response();
        }
        ([(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

/// Whether the request was sent to this machine by name. One header only.
fn is_sent_to_loopback(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Ok(host) = host.to_str() else { return false };
    is_loopback(match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    })
}

/// `localhost`, or a loopback address: names that no resolver can lead elsewhere.
fn is_loopback(name: &str) -> bool {
    if let Some(address) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback());
    }
    name.eq_ignore_ascii_case("localhost")
        || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

/// Everything comes from here and nothing may be embedded: a claim that holds a script stays text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

fn file(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent_to(hosts: &[&str]) -> HeaderMap {
        hosts.iter().map(|host| (header::HOST, host.parse().unwrap())).collect()
    }

    #[test]
    fn only_loopback_names_get_the_tokens() {
        for host in [
            "localhost",
            "localhost:3010",
            "LocalHost:3010",
            "127.0.0.1:3010",
            "127.1.2.3",
            "[::1]:3010",
            "[0:0:0:0:0:0:0:1]",
        ] {
            assert!(is_sent_to_loopback(&sent_to(&[host])), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com:3010",
            "user@localhost",
            "[::1]x",
            "[::2]",
            "::1",
            "0.0.0.0:3010",
            "128.0.0.1",
        ] {
            assert!(!is_sent_to_loopback(&sent_to(&[host])), "{host}");
        }
        assert!(!is_sent_to_loopback(&sent_to(&[])));
        assert!(!is_sent_to_loopback(&sent_to(&["localhost", "localhost"])));
    }
}
