//! `/keys/{kid}/revoke`: the end of a previous key, and what ends with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::SECTION;
use crate::dashboard::Administrator;
use crate::dashboard::done::Done;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::{below, moment};
use crate::error::{TenantError, TenantErrorKind};
use crate::pages::pieces::Danger;
use crate::pages::{Frame, Section, html};
use crate::tenant::{SigningKeyState, Tenant};

/// As much of a kid as anyone types.
const TYPED_CHARACTERS: usize = 8;

#[derive(Template)]
#[template(path = "dashboard/keys/revoke.html")]
struct Revoke {
    frame: Frame,
    kid: String,
    danger: Danger,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(kid): Path<String>,
) -> Result<Response, Trouble> {
    let key = find_revocable(&tenant, &kid).await?;
    let breaks = vec![
        still_good(&tenant, &key).await?,
        "Verifiers refuse those tokens from when they next fetch the key set.".to_owned(),
        "The key stays in this list. It cannot be published again.".to_owned(),
    ];
    Ok(html(&Revoke {
        frame: Frame::new(Section::SigningKeys, administrator.csrf.clone()),
        danger: Danger {
            id: "revoke",
            title: "Revoke this key".to_owned(),
            breaks,
            action: format!("{}/revoke", below(SECTION, &kid)),
            button: "Revoke key".to_owned(),
            typed: Some(typed(&kid)),
            fields: Vec::new(),
        },
        kid,
    }))
}

pub(super) async fn revoke(
    State(tenant): State<Tenant>,
    Path(kid): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let key = find_revocable(&tenant, &kid).await?;
    let expected = typed(&key.kid);
    if sent.text("confirm") != expected {
        return Ok(Trouble::not_confirmed(&expected));
    }
    tenant.revoke_signing_key(&kid).await?;
    Ok(Done::Revoked.at(SECTION))
}

fn typed(kid: &str) -> String {
    kid.chars().take(TYPED_CHARACTERS).collect()
}

/// Until when its last tokens are good, by the longest lifetime of the APIs that sign with its
/// algorithm now.
async fn still_good(tenant: &Tenant, key: &SigningKeyState) -> Result<String, TenantError> {
    let apis = tenant.apis().await?;
    let longest = apis
        .iter()
        .filter(|api| api.signing_algorithm == key.algorithm)
        .map(|api| api.token_lifetime.max(api.token_lifetime_for_web).as_secs())
        .max()
        .unwrap_or_default();
    let end = key.current_until.unwrap_or(key.created_at).saturating_add(longest);
    let now = u64::try_from(tenant.now()).unwrap_or_default();
    Ok(match moment(tenant, end) {
        Some(end_moment) if end > now => format!(
            "Access tokens that it signed are good until {} at the latest ({}).",
            end_moment.date, end_moment.words
        ),
        _ => "Every access token that it signed has expired.".to_owned(),
    })
}

/// A previous key that is still published.
pub(super) fn can_be(key: &SigningKeyState) -> bool {
    key.role == "previous" && key.revoked_at.is_none()
}

async fn find_revocable(tenant: &Tenant, kid: &str) -> Result<SigningKeyState, TenantError> {
    let key = find(tenant, kid).await?;
    if can_be(&key) {
        return Ok(key);
    }
    let detail = format!("expected the kid of a previous key that is published, found {kid:?}");
    Err(TenantError::new(TenantErrorKind::UnknownSigningKey, detail))
}

pub(super) async fn find(tenant: &Tenant, kid: &str) -> Result<SigningKeyState, TenantError> {
    let found = tenant.signing_keys().await?.into_iter().find(|key| key.kid == kid);
    found.ok_or_else(|| {
        let detail = format!("there is no signing key {kid:?}");
        TenantError::new(TenantErrorKind::UnknownSigningKey, detail)
    })
}
