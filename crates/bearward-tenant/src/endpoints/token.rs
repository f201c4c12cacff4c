//! `POST /oauth/token`: where an application gets its tokens.
//!
//! Source: RFC 6749 section 3.2.

mod authorization_code;
mod client_credentials;
pub(crate) mod for_test;
mod refresh_token;
mod user_tokens;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::model::{Application, Event};
use crate::protocol::{Parameters, PresentedClient, Refusal};
use crate::tenant::Tenant;

/// A token response.
///
/// Source: RFC 6749 section 5.1.
#[derive(Serialize)]
struct Issued {
    access_token: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    expires_in: u64,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// Who asks comes first: a stranger learns nothing about grants, APIs or scopes.
pub(crate) async fn issue(State(tenant): State<Tenant>, request: Request) -> Response {
    let (application, parameters) = match PresentedClient::identify(&tenant, request).await {
        Ok(identified) => identified,
        Err(refusal) => return refuse(&tenant, refusal, Event::default()),
    };
    let text = |name| parameters.text(name).ok().flatten().map(str::to_owned);
    let mut asked = Event {
        client_id: Some(application.client_id.clone()),
        audience: text("audience").or_else(|| text("resource")),
        scope: text("scope"),
        ..Event::default()
    };
    match grant(&tenant, &application, &parameters, &mut asked).await {
        Ok(issued) => Json(issued).into_response(),
        Err(refusal) => refuse(&tenant, refusal, asked),
    }
}

/// `asked` is told what the grant finds out about the request before it refuses it.
async fn grant(
    tenant: &Tenant,
    application: &Application,
    parameters: &Parameters,
    asked: &mut Event,
) -> Result<Issued, Refusal> {
    match parameters.text("grant_type")? {
        Some("client_credentials") => {
            client_credentials::issue(tenant, application, parameters).await
        }
        Some("authorization_code") => {
            authorization_code::issue(tenant, application, parameters, asked).await
        }
        Some("refresh_token") => refresh_token::issue(tenant, application, parameters, asked).await,
        Some(other) => Err(Refusal::UnsupportedGrantType(other.to_owned())),
        None => Err(Refusal::MissingParameter("grant_type")),
    }
}

/// The logs get the reason, and of what was sent nothing but what a client that proved itself asked
/// for: people paste secrets into the wrong field.
fn refuse(tenant: &Tenant, refusal: Refusal, asked: Event) -> Response {
    write_down(tenant, &refusal, asked);
    refusal.into_response()
}

fn write_down(tenant: &Tenant, refusal: &Refusal, asked: Event) {
    let reason = refusal.reason();
    tracing::info!(reason, client_id = asked.client_id, "token refused");
    tenant.record(Event {
        event: "token",
        reason: Some(reason),
        detail: refusal.detail(),
        ..asked
    });
}

pub(crate) async fn method_not_allowed() -> Response {
    Refusal::MethodNotAllowed.into_response()
}

/// No cache may keep what this endpoint answers, be it a token or a refusal.
///
/// Source: RFC 6749 section 5.1.
pub(crate) async fn never_stored(response: Response) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], response)
}
