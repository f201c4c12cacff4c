//! What is served without TLS: the certificate that a client needs before it can speak TLS.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::certificates::LiveCertificates;

/// `GET /healthz`: the server runs.
pub(super) fn health() -> Router {
    Router::new().route("/healthz", get(async || Json(json!({ "status": "ok" }))))
}

/// Health, and `GET /ca.pem`: a certificate is no secret. Whoever fetches it from another machine
/// has to trust the network in between.
pub(super) fn routes(certificates: Arc<LiveCertificates>) -> Router {
    Router::new().route("/ca.pem", get(ca_pem)).with_state(certificates).merge(health())
}

async fn ca_pem(State(certificates): State<Arc<LiveCertificates>>) -> Response {
    match certificates.ca_pem() {
        Some(pem) => ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response(),
        None => (StatusCode::NOT_FOUND, "The certificate is not of a local CA.\n").into_response(),
    }
}
