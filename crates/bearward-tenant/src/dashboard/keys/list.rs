//! `GET /keys`: every key by algorithm, the certificate of each, and the rotation.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

use super::{SECTION, revoke};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::{below, moment};
use crate::model::SigningAlgorithm;
use crate::pages::pieces::{Meaning, Moment};
use crate::pages::{Frame, Section, html};
use crate::tenant::{SigningKeyState, Tenant};

#[derive(Template)]
#[template(path = "dashboard/keys/list.html")]
struct Keys {
    frame: Frame,
    jwks_uri: String,
    algorithms: Vec<OfAlgorithm>,
}

struct OfAlgorithm {
    name: &'static str,
    keys: Vec<Key>,
}

struct Key {
    /// Unique on the page.
    id: String,
    kid: String,
    meaning: Meaning,
    role: &'static str,
    /// What happened at `since`.
    what: &'static str,
    since: Option<Moment>,
    fingerprint: String,
    certificate: String,
    download: String,
    /// Only of a key that can be revoked.
    revoke: Option<String>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let keys = tenant.signing_keys().await?;
    let of_algorithm = |algorithm: SigningAlgorithm| OfAlgorithm {
        name: algorithm.name(),
        keys: in_order(keys.iter().filter(|key| key.algorithm == algorithm))
            .into_iter()
            .enumerate()
            .map(|(at, state)| key(&tenant, at, state))
            .collect(),
    };
    let algorithms = SigningAlgorithm::ALL.map(of_algorithm).into_iter();
    Ok(html(&Keys {
        frame: Frame::new(Section::SigningKeys, administrator.csrf).after(query.done),
        jwks_uri: tenant.jwks_uri(),
        algorithms: algorithms.filter(|of| !of.keys.is_empty()).collect(),
    }))
}

/// Current, next, the previous ones with the latest first, the revoked ones likewise.
fn in_order<'a>(keys: impl Iterator<Item = &'a SigningKeyState>) -> Vec<&'a SigningKeyState> {
    let mut keys: Vec<_> = keys.collect();
    let place = |key: &SigningKeyState| match (key.revoked_at, key.role) {
        (Some(_), _) => 3,
        (None, "current") => 0,
        (None, "next") => 1,
        (None, _) => 2,
    };
    keys.sort_by_key(|key| (place(key), std::cmp::Reverse(key.current_until)));
    keys
}

fn key(tenant: &Tenant, at: usize, state: &SigningKeyState) -> Key {
    let (meaning, role, what, since) = match (state.revoked_at, state.role) {
        (Some(at), _) => (Meaning::Refused, "Revoked", "Revoked", Some(at)),
        (None, "current") => (Meaning::Allowed, "Current", "Began to sign", state.current_since),
        (None, "next") => (Meaning::Information, "Next", "Published", Some(state.created_at)),
        (None, _) => (Meaning::Attention, "Previous", "Ceased to sign", state.current_until),
    };
    let page = below(SECTION, &state.kid);
    Key {
        id: format!("{}-{at}", state.algorithm.name()),
        kid: state.kid.clone(),
        meaning,
        role,
        what,
        since: since.and_then(|at| moment(tenant, at)),
        fingerprint: state.fingerprint.clone(),
        certificate: state.certificate.clone(),
        download: format!("{page}/certificate.pem"),
        revoke: revoke::can_be(state).then(|| format!("{page}/revoke")),
    }
}

pub(super) async fn rotate(State(tenant): State<Tenant>) -> Result<Response, Trouble> {
    tenant.rotate_signing_keys().await?;
    Ok(Done::Rotated.at(SECTION))
}

/// The certificate as a file. It holds the public key alone.
pub(super) async fn certificate(
    State(tenant): State<Tenant>,
    Path(kid): Path<String>,
) -> Result<Response, Trouble> {
    let key = revoke::find(&tenant, &kid).await?;
    let headers = [
        (CONTENT_TYPE, "application/x-pem-file"),
        (CONTENT_DISPOSITION, "attachment; filename=\"certificate.pem\""),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, key.certificate).into_response())
}
