//! Who is logged in at the tenant.

use axum::http::HeaderMap;
use axum::response::Response;

use crate::browser;
use crate::error::TenantError;
use crate::model::{Session, User};
use crate::random;
use crate::tenant::Tenant;

/// Auth0's defaults: three days without a visit, and a week at most.
const IDLE_SECONDS: i64 = 72 * 3600;
const LIFETIME_SECONDS: i64 = 168 * 3600;

/// The session that the browser holds, when it is not over and its user is not blocked.
pub(crate) async fn current(
    tenant: &Tenant,
    headers: &HeaderMap,
) -> Result<Option<Session>, TenantError> {
    let Some(id) = browser::session_id(tenant, headers) else { return Ok(None) };
    let now = tenant.now();
    let idle_since = now.saturating_sub(IDLE_SECONDS);
    let Some(session) = tenant.store().session(&id, now, idle_since).await? else {
        return Ok(None);
    };
    let user = tenant.store().user(&session.user_id).await?;
    Ok(user.is_some_and(|user| !user.blocked).then_some(session))
}

/// A session that has begun; [`NewSession::remember`] gives its id to the browser.
pub(crate) struct NewSession {
    pub(crate) session: Session,
    id: String,
}

/// Begins a session for a user who has just shown the password, and ends the one that the browser
/// had. Its id is always new: one that somebody planted before the login is worth nothing after it.
///
/// Source: OWASP ASVS 7.2.4 (session fixation).
pub(crate) async fn begin(
    tenant: &Tenant,
    headers: &HeaderMap,
    user: &User,
) -> Result<NewSession, TenantError> {
    let before = current(tenant, headers).await?;
    let now = tenant.now();
    let session = Session {
        sid: random::letters_and_digits(32)?,
        user_id: user.user_id.clone(),
        auth_time: now,
    };
    let id = browser::new_session_id()?;
    let idle_since = now.saturating_sub(IDLE_SECONDS);
    let expires_at = now.saturating_add(LIFETIME_SECONDS);
    tenant.store().insert_session(&id, &session, now, idle_since, expires_at).await?;
    if let Some(before) = before {
        tenant.store().delete_session(&before.sid).await?;
    }
    tenant.store().count_login(&user.user_id, now).await?;
    Ok(NewSession { session, id })
}

impl NewSession {
    pub(crate) fn remember(&self, tenant: &Tenant, response: &mut Response) {
        browser::remember_session(tenant, &self.id, response);
    }
}

/// Ends a session, and with it the tokens that were granted for its time alone.
///
/// Refresh tokens that the user allowed an application to keep (`offline_access`) go on, as they do
/// at Auth0: logging out ends the login at the tenant, not what applications were given. Access
/// tokens go on until they expire.
pub(crate) async fn end(tenant: &Tenant, sid: &str) -> Result<(), TenantError> {
    tenant.store().delete_session(sid).await?;
    tenant.store().revoke_families_of_session(sid, tenant.now()).await
}
