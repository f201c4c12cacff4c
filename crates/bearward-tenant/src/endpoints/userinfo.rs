//! `GET` and `POST /userinfo`: who has logged in, for an access token.
//!
//! The token stands in the header, with either method. OAuth 2.1 has no other place that is worth
//! having.
//!
//! Source: OpenID Connect Core section 5.3, RFC 6750.

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bearward::{
    AccessToken, Challenge, Credentials, Rejection, RejectionKind, ResourceServer, Verdict,
};

use crate::error::TenantError;
use crate::model::{Event, User};
use crate::protocol::Refusal;
use crate::tenant::Tenant;
use crate::user_claims::UserClaims;

/// Why there is no answer.
enum Stop {
    Refused(Rejection),
    /// The token is good and what it rests on is not, for this reason. The client hears what it
    /// would hear of any bad token.
    NoLongerGood {
        reason: &'static str,
        as_if: Rejection,
    },
    Internal(TenantError),
}

pub(crate) async fn show(State(tenant): State<Tenant>, headers: HeaderMap, uri: Uri) -> Response {
    match find(&tenant, &headers, &uri).await {
        Ok((user, token)) => {
            let scopes: Vec<&str> = token.scopes().collect();
            tenant.record(Event {
                client_id: token.client_id().map(str::to_owned),
                scope: Some(scopes.join(" ")),
                user_id: Some(user.user_id.clone()),
                ..event("claims shown")
            });
            ([(CACHE_CONTROL, "no-store")], Json(UserClaims::of(&user, &scopes))).into_response()
        }
        Err(Stop::Refused(rejection)) => {
            let detail = format!("{}: {rejection}", rejection.code());
            tenant.record(Event { reason: Some(reason(rejection.kind())), ..event(&detail) });
            refuse(&rejection)
        }
        Err(Stop::NoLongerGood { reason, as_if }) => {
            let detail = "the token was good, and what the user let the application do was taken \
                          back: send the user to /authorize again";
            tenant.record(Event { reason: Some(reason), ..event(detail) });
            refuse(&as_if)
        }
        Err(Stop::Internal(error)) => Refusal::Internal(error).into_response(),
    }
}

/// The user, as they are now.
async fn find(
    tenant: &Tenant,
    headers: &HeaderMap,
    uri: &Uri,
) -> Result<(User, AccessToken), Stop> {
    let keys = tenant.keys().published(tenant.clock()).await?;
    let server = tenant.own_tokens().server(keys)?;
    let lines = headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    let credentials = Credentials::read(lines, uri.query()).map_err(Stop::Refused)?;
    let token = check(&server, credentials, &bearward::scope("openid")).await?;
    let user = tenant.store().user(token.subject()).await?;
    let Some(user) = user else {
        return Err(no_longer_good(&server, "user_gone").await);
    };
    if user.blocked {
        return Err(no_longer_good(&server, "user_blocked").await);
    }
    let client_id = token.client_id().unwrap_or_default();
    if tenant.store().all_families_revoked(&user.user_id, client_id).await? {
        return Err(no_longer_good(&server, "token_revoked").await);
    }
    Ok((user, token))
}

async fn check(
    server: &ResourceServer,
    credentials: Credentials<'_>,
    requirement: &bearward::Requirement,
) -> Result<AccessToken, Stop> {
    let checked = match server.check_now(credentials, requirement) {
        Verdict::Allowed(token) => Ok(token),
        Verdict::Refused(rejection) => Err(rejection),
        Verdict::Pending(pending) => pending.await,
    };
    checked.map_err(Stop::Refused)
}

/// The library has the text of every challenge, and refuses what is no token as it refuses a bad
/// one.
async fn no_longer_good(server: &ResourceServer, reason: &'static str) -> Stop {
    let no_token = [b"Bearer revoked".as_slice()];
    let checked = match Credentials::read(no_token, None) {
        Ok(credentials) => check(server, credentials, &bearward::token()).await,
        Err(rejection) => Err(Stop::Refused(rejection)),
    };
    match checked {
        Err(Stop::Refused(as_if)) => Stop::NoLongerGood { reason, as_if },
        Err(stop) => stop,
        Ok(_) => {
            Stop::Internal(TenantError::surroundings("the library took no token", std::fmt::Error))
        }
    }
}

/// Status, challenge and body are the library's.
fn refuse(rejection: &Rejection) -> Response {
    let challenge = Challenge::from(rejection);
    let status =
        StatusCode::from_u16(challenge.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")];
    let mut response = (status, headers, challenge.body().to_owned()).into_response();
    if let Some(Ok(value)) = challenge.www_authenticate().map(HeaderValue::from_str) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

fn event(detail: &str) -> Event {
    Event { event: "userinfo", detail: detail.to_owned(), ..Event::default() }
}

/// The stable code for Activity; the library's finer one stands in the detail.
fn reason(kind: RejectionKind) -> &'static str {
    match kind {
        RejectionKind::NoCredentials => "no_credentials",
        RejectionKind::InvalidRequest => "invalid_request",
        RejectionKind::InsufficientScope => "insufficient_scope",
        RejectionKind::InvalidToken => "invalid_token",
        _ => "internal",
    }
}

impl From<TenantError> for Stop {
    fn from(error: TenantError) -> Stop {
        Stop::Internal(error)
    }
}
