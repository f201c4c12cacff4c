//! What happens to a request: log in, consent, a code, or an error.

use super::scopes::described;
use super::{AuthorizationError, AuthorizationRequest};
use crate::error::TenantError;
use crate::model::{Api, Application, Event, GrantType, NewCode, Session, TokenFamily, UserScopes};
use crate::pages::AskedScope;
use crate::random;
use crate::tenant::Tenant;

/// How long a code may wait to be redeemed. A client does it at once; RFC 6749 section 4.1.2 allows ten
/// minutes at most.
const CODE_SECONDS: i64 = 60;

/// 256 bits (RFC 6749 section 10.10 asks for 128 at least, and for 160 if possible).
const CODE_CHARACTERS: usize = 43;

/// What comes next for a user who is logged in.
pub(crate) enum Decision {
    /// The user is asked for these.
    Consent(Vec<AskedScope>),
    /// Nothing stands in the way of these.
    Grant(Vec<String>),
}

/// Whether a session will do for a request, or the user has to log in (again).
pub(crate) fn authenticated(
    tenant: &Tenant,
    request: &AuthorizationRequest,
    session: Option<Session>,
) -> Option<Session> {
    let session = session?;
    let age = tenant.now().saturating_sub(session.auth_time);
    if request.prompt.login
        || request.max_age.is_some_and(|max_age| age > max_age || max_age == 0)
        || request.expected_user.as_ref().is_some_and(|user| *user != session.user_id)
    {
        return None;
    }
    Some(session)
}

/// What a logged-in user's request gets.
pub(crate) async fn decide(
    tenant: &Tenant,
    request: &AuthorizationRequest,
    application: &Application,
    session: &Session,
) -> Result<Decision, AuthorizationError> {
    if request.expected_user.as_ref().is_some_and(|user| *user != session.user_id) {
        return Err(AuthorizationError::LOGIN_REQUIRED);
    }
    let api = match &request.audience {
        Some(identifier) => match tenant.store().api(identifier).await? {
            Some(api) => Some(api),
            // It was deleted while the user typed.
            None => return Err(AuthorizationError::unknown_audience(identifier)),
        },
        None => None,
    };
    let held = tenant.user_permissions(&session.user_id).await?;
    let scopes = UserScopes {
        asked: &request.scopes.join(" "),
        api: api.as_ref(),
        held: &held,
        may_refresh: application.may_use(GrantType::RefreshToken),
    };
    let scopes: Vec<String> = scopes.granted().into_iter().map(str::to_owned).collect();
    if !asks(tenant, request, application, session, api.as_ref(), &scopes).await? {
        return Ok(Decision::Grant(scopes));
    }
    if request.prompt.none {
        return Err(AuthorizationError::CONSENT_REQUIRED);
    }
    let asked = scopes.into_iter().map(|value| {
        let (description, api) = described(&value, api.as_ref());
        AskedScope { value, description, api }
    });
    Ok(Decision::Consent(asked.collect()))
}

/// Whether the user has to be asked. An application of a third party asks until the user has said
/// yes to all of it; one of ours asks only for an API that wants it so.
///
/// Source: RFC 6749 section 10.2; OpenID Connect Core section 3.1.2.4.
async fn asks(
    tenant: &Tenant,
    request: &AuthorizationRequest,
    application: &Application,
    session: &Session,
    api: Option<&Api>,
    scopes: &[String],
) -> Result<bool, TenantError> {
    if request.prompt.consent {
        return Ok(true);
    }
    let skips = api.is_none_or(|api| api.skip_consent_for_verifiable_first_party_clients);
    if application.is_first_party && skips {
        return Ok(false);
    }
    let audience = request.audience.as_deref().unwrap_or_default();
    let store = tenant.store();
    let before = store.consents(&session.user_id, &application.client_id, audience).await?;
    let allowed = |scope: &str| before.iter().any(|other| other == scope);
    Ok(!allowed(LOGGED_IN) || !scopes.iter().all(|scope| allowed(scope)))
}

/// Stands for the login itself, which a user allows even where no scope is granted.
const LOGGED_IN: &str = "";

/// The user said yes: the next request for the same does not ask.
pub(crate) async fn remember_consent(
    tenant: &Tenant,
    request: &AuthorizationRequest,
    session: &Session,
    scopes: &[String],
) -> Result<(), TenantError> {
    let audience = request.audience.as_deref().unwrap_or_default();
    let mut scopes = scopes.to_vec();
    scopes.push(LOGGED_IN.to_owned());
    tenant.store().insert_consents(&session.user_id, &request.client_id, audience, &scopes).await
}

/// Makes the code for these scopes, and keeps what it stands for.
///
/// Source: RFC 6749 section 4.1.2.
pub(crate) async fn grant(
    tenant: &Tenant,
    request: &AuthorizationRequest,
    session: &Session,
    scopes: &[String],
) -> Result<String, TenantError> {
    let now = tenant.now();
    let code = random::letters_and_digits(CODE_CHARACTERS)?;
    let family = TokenFamily {
        id: random::letters_and_digits(24)?,
        client_id: request.client_id.clone(),
        user_id: session.user_id.clone(),
        sid: Some(session.sid.clone()),
        audience: request.audience.clone(),
        scope: scopes.join(" "),
        auth_time: session.auth_time,
    };
    let new = NewCode {
        code: &code,
        redirect_uri: &request.back.redirect_uri,
        code_challenge: request.code_challenge.as_deref(),
        nonce: request.nonce.as_deref(),
        expires_at: now.saturating_add(CODE_SECONDS),
    };
    tenant.store().insert_family_with_code(&family, &new, now).await?;
    let (client_id, scope) = (family.client_id.as_str(), family.scope.as_str());
    tracing::info!(client_id, scope, "code issued");
    tenant.record(Event {
        event: "authorize",
        detail: "authorization_code".to_owned(),
        client_id: Some(family.client_id),
        user_id: Some(family.user_id),
        audience: family.audience,
        scope: Some(family.scope),
        ..Event::default()
    });
    Ok(code)
}
