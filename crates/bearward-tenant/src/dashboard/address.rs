//! Where the dashboard lives, and that it lives nowhere else.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

use crate::tenant::Tenant;

/// The issuer's origin, with `127.0.0.1` for `localhost`.
pub(crate) fn dashboard_origin(issuer: &str) -> String {
    let Ok(mut url) = Url::parse(issuer) else { return issuer.to_owned() };
    if url.host_str() == Some("localhost") {
        // Of an http address the host can always be set.
        let _ = url.set_host(Some("127.0.0.1"));
    }
    url.origin().ascii_serialization()
}

/// Sends readers to the dashboard's own address, and refuses what other sites send there.
pub(super) async fn only_here(
    State(tenant): State<Tenant>,
    request: Request,
    next: Next,
) -> Response {
    let origin = dashboard_origin(tenant.issuer());
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let asked = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    if asked != Some(host) {
        if request.method() == Method::GET {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            return Redirect::to(&format!("{origin}{path}")).into_response();
        }
        return refuse(&format!("The dashboard is at {origin}\n"));
    }
    let from = request.headers().get(ORIGIN);
    if !request.method().is_safe() && from.is_some_and(|from| from.as_bytes() != origin.as_bytes())
    {
        return refuse("The dashboard takes forms from its own pages only.\n");
    }
    next.run(request).await
}

fn refuse(says: &str) -> Response {
    (StatusCode::FORBIDDEN, says.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_is_replaced() {
        for (issuer, origin) in [
            ("https://localhost:8443/", "https://127.0.0.1:8443"),
            ("http://localhost/", "http://127.0.0.1"),
            ("http://[::1]:3011/", "http://[::1]:3011"),
            ("https://tenant.example/", "https://tenant.example"),
            ("https://localhost.example/", "https://localhost.example"),
        ] {
            assert_eq!(dashboard_origin(issuer), origin);
        }
    }
}
