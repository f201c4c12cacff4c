//! `POST /oauth/revoke`: an application gives a refresh token back.
//!
//! The whole family ends with it: every token of that login. Access tokens live on until they
//! expire, because an API does not ask the tenant about them. `/userinfo` refuses them once the
//! application has no other login of that user.
//!
//! Source: RFC 7009 section 2.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::model::{Application, Event};
use crate::protocol::{Parameters, PresentedClient, Refusal};
use crate::tenant::Tenant;

pub(crate) async fn revoke(State(tenant): State<Tenant>, request: Request) -> Response {
    let (application, parameters) = match PresentedClient::identify(&tenant, request).await {
        Ok(identified) => identified,
        Err(refusal) => return refuse(&tenant, refusal, None),
    };
    match end(&tenant, &application, &parameters).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refusal) => refuse(&tenant, refusal, Some(application.client_id)),
    }
}

async fn end(
    tenant: &Tenant,
    application: &Application,
    parameters: &Parameters,
) -> Result<(), Refusal> {
    let token = parameters.text("token")?.ok_or(Refusal::MissingParameter("token"))?;
    // No refresh token of ours has a dot. The hint is not asked: it may be wrong (section 2.1).
    if token.contains('.') {
        return Err(Refusal::NotRevocable);
    }
    let client_id = application.client_id.as_str();
    let Some(kept) = tenant.store().refresh_token(token).await? else {
        // Nothing is left to do, and there is nothing that a client could do about it (section 2.2).
        tenant.record(event("there is no such token", client_id));
        return Ok(());
    };
    // Section 2.1 has this refused and said. Whoever sends it has the token: it is no news to them.
    if kept.family.client_id != application.client_id {
        return Err(Refusal::TokenOfAnotherClient);
    }
    tenant.store().revoke_family(&kept.family.id, tenant.now()).await?;
    tracing::info!(client_id, user_id = kept.family.user_id, "token revoked");
    tenant.record(Event {
        user_id: Some(kept.family.user_id),
        audience: kept.family.audience,
        scope: Some(kept.family.scope),
        ..event("all tokens of the login are revoked", client_id)
    });
    Ok(())
}

fn refuse(tenant: &Tenant, refusal: Refusal, client_id: Option<String>) -> Response {
    let reason = refusal.reason();
    tracing::info!(reason, client_id, "revocation refused");
    tenant.record(Event {
        event: "revoke",
        reason: Some(reason),
        detail: refusal.detail(),
        client_id,
        ..Event::default()
    });
    refusal.into_response()
}

fn event(detail: &str, client_id: &str) -> Event {
    Event {
        event: "revoke",
        detail: detail.to_owned(),
        client_id: Some(client_id.to_owned()),
        ..Event::default()
    }
}
