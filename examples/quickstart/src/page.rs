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
    /// The single-page application that this page is to the issuer; without one nobody logs in
    /// here. The page's own address, with a slash at the end, is its callback and logout URL.
    pub(crate) client_id: Option<String>,
}

impl Page {
    /// The page, its four files, and the data that it loads. None of them asks for a token.
    pub(crate) fn router(self) -> Router {
        let policy = self.policy();
        let page = async move || {
            let headers = [(header::CONTENT_SECURITY_POLICY, policy)];
            (headers, file("text/html; charset=utf-8", include_str!("page/page.html")))
        };
        Router::new()
            .route("/", get(page))
            .route("/page.css", get(async || file("text/css", include_str!("page/page.css"))))
            .route(
                "/login.js",
                get(async || file("text/javascript", include_str!("page/login.js"))),
            )
            .route("/page.js", get(async || file("text/javascript", include_str!("page/page.js"))))
            .route("/page.svg", get(async || file("image/svg+xml", include_str!("page/page.svg"))))
            .route(
                "/page.json",
                get(async move |uri: Uri, headers: HeaderMap| self.data(&uri, &headers)),
            )
    }

    /// Everything comes from here and nothing may be embedded: a claim that holds a script stays
    /// text. Where one can log in, the page asks the issuer for tokens.
    fn policy(&self) -> String {
        let issuer = self.client_id.as_ref().map(|_| origin(&self.issuer)).unwrap_or_default();
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
             connect-src 'self'{issuer}; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
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

/// Scheme, host and port of an issuer, for a policy: nothing of it that could end the directive.
fn origin(issuer: &str) -> String {
    let uri: Option<Uri> = issuer.parse().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?)));
    match parts {
        Some((scheme, authority)) if !authority.as_str().contains(['\'', ';', ',']) => {
            format!(" {scheme}://{authority}")
        }
        _ => String::new(),
    }
}

fn file(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, media_type),
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
    fn the_page_may_ask_its_issuer_where_one_can_log_in() {
        for (client_id, issuer, sources) in [
            (None, "http://localhost:3011/", "'self'"),
            (Some("id"), "http://localhost:3011/", "'self' http://localhost:3011"),
            (Some("id"), "https://id.example/realms/a", "'self' https://id.example"),
            (Some("id"), "https://id.example;script-src/", "'self'"),
            (Some("id"), "nonsense", "'self'"),
        ] {
            let page = Page {
                issuer: issuer.to_owned(),
                audience: String::new(),
                token: None,
                token_without_scope: None,
                client_id: client_id.map(str::to_owned),
            };
            let policy = page.policy();
            let found = policy.split("; ").find_map(|part| part.strip_prefix("connect-src "));
            assert_eq!(found, Some(sources), "{issuer}");
        }
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
