//! Under which names the tenant answers, and from which pages it takes forms.
//!
//! A site can make its own name point to this machine (DNS rebinding); the browser then takes the
//! tenant for a part of that site. The name in `Host` gives it away.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::issuer::Issuer;
use crate::model::Event;
use crate::tenant::Tenant;

/// The hosts of a tenant: its issuer's, every name of loopback, and those that were configured.
///
/// Any port will do on loopback: a browser puts no such name into `Host` unless it stood in the
/// address, so no other site can be behind it.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    hosts: Vec<String>,
}

impl AllowedHosts {
    pub(crate) fn new(issuer: &Issuer, configured: Vec<String>) -> AllowedHosts {
        let mut hosts = vec![issuer.authority().to_owned()];
        hosts.extend(configured.into_iter().map(|host| host.to_ascii_lowercase()));
        AllowedHosts { hosts }
    }

    /// A host that was configured without a port is allowed with any.
    fn allows(&self, authority: &str) -> bool {
        let Ok(authority) = authority.to_ascii_lowercase().parse::<Authority>() else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host();
        let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]")
            || host.strip_suffix(".localhost").is_some_and(|name| !name.is_empty());
        is_loopback
            || self.hosts.iter().any(|allowed| {
                allowed == authority.as_str() || allowed == host || is_below(allowed, host)
            })
    }
}

/// Whether `allowed` is `*.` and what follows the first label of `host`, as in a certificate.
///
/// Source: RFC 6125 section 6.4.3.
fn is_below(allowed: &str, host: &str) -> bool {
    let Some(base) = allowed.strip_prefix("*.") else { return false };
    host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest == base)
}

/// Refuses every request that names another host.
pub(crate) async fn only_allowed_hosts(
    State(tenant): State<Tenant>,
    request: Request,
    next: Next,
) -> Response {
    let named: Vec<&str> = authorities(&request).collect();
    if !named.is_empty() && named.iter().all(|named| tenant.allowed_hosts().allows(named)) {
        return next.run(request).await;
    }
    refuse(
        &tenant,
        "host_not_allowed",
        "this tenant does not answer under the name in the Host header; use the issuer's address, a \
         loopback address, or allow the name",
    )
}

/// Refuses forms that a page of another site posts. Browsers say where a form comes from; programs
/// that are not browsers do not, and hold no cookies that others could use.
pub(crate) async fn only_own_forms(
    State(tenant): State<Tenant>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own_origin(&tenant, request.headers()) {
        return next.run(request).await;
    }
    refuse(&tenant, "origin_not_allowed", "the form comes from a page of another site")
}

fn authorities(request: &Request) -> impl Iterator<Item = &str> {
    // A header that is no text is no host.
    let headers = request.headers().get_all(HOST).iter();
    let headers = headers.map(|value| value.to_str().unwrap_or_default());
    headers.chain(request.uri().authority().map(Authority::as_str))
}

/// `Origin` is absent, or the issuer's, or that of the (allowed) host that the request is for.
fn is_own_origin(tenant: &Tenant, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase();
    let origin = text(origin);
    if origins.next().is_some() {
        return false;
    }
    if Some(origin.as_str()) == tenant.issuer().strip_suffix('/') {
        return true;
    }
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let host = headers.get(HOST).map(text);
    authority.is_some() && authority == host.as_deref()
}

fn refuse(tenant: &Tenant, reason: &'static str, says: &'static str) -> Response {
    tracing::info!(reason, "request refused");
    let detail = says.to_owned();
    tenant.record(Event { event: "request", reason: Some(reason), detail, ..Event::default() });
    (StatusCode::FORBIDDEN, format!("{reason}: {says}\n")).into_response()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_the_issuer_s_loopback_s_and_those_that_are_configured() {
        let issuer = Issuer::parse("https://tenant.example:8443/").unwrap();
        let configured = vec![
            "Host.Docker.Internal".to_owned(),
            "proxy.example:444".to_owned(),
            "*.wild.example".to_owned(),
        ];
        let hosts = AllowedHosts::new(&issuer, configured);
        for host in [
            "tenant.example:8443",
            "TENANT.example:8443",
            "localhost",
            "localhost:1",
            "acme.localhost:8443",
            "127.0.0.1:8443",
            "[::1]:8443",
            "host.docker.internal:8443",
            "proxy.example:444",
            "a.wild.example:8443",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "tenant.example",
            "tenant.example:443",
            "tenant.example.evil.example:8443",
            "localhost.evil.example",
            ".localhost",
            "localhost@evil.example",
            "user@localhost",
            "127.0.0.1.evil.example",
            "127.0.0.2",
            "0.0.0.0:8443",
            "192.0.2.1:8443",
            "proxy.example",
            "wild.example",
            ".wild.example",
            "a.b.wild.example",
            "a.wild.example.evil.example",
            "localhost/evil",
        ] {
            assert!(!hosts.allows(host), "{host}");
        }
    }
}
