//! Who may use the dashboard: sessions, and the forms that come from them.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::form_urlencoded;

use crate::error::TenantError;
use crate::pages::CsrfToken;
use crate::random;
use crate::secret::SecretHash;
use crate::tenant::Tenant;

/// A week in all, and half a day without a visit.
const SESSION_SECONDS: i64 = 7 * 86_400;
const IDLE_SECONDS: i64 = 12 * 3_600;

/// More than any form of the dashboard has.
const MAX_FORM_BYTES: usize = 64 * 1024;

/// The administrator whose session a request belongs to. Handlers behind the guard take it as an
/// argument.
#[derive(Clone)]
pub(crate) struct Administrator {
    /// For the forms of the page.
    pub(crate) csrf: CsrfToken,
    session: Session,
}

/// The secret of a session, as it stands in the cookie.
#[derive(Clone)]
pub(crate) struct Session(String);

impl Session {
    /// Begins one for this administrator, and says so to the browser. Its id is new: whatever the
    /// browser was told before is worth nothing.
    pub(super) async fn begin(
        tenant: &Tenant,
        administrator: &str,
        jar: CookieJar,
    ) -> Result<CookieJar, TenantError> {
        let session = Session(random::letters_and_digits(43)?);
        let now = tenant.now();
        let expires_at = now.saturating_add(SESSION_SECONDS);
        tenant
            .store()
            .insert_dashboard_session(&session.hash(), administrator, now, expires_at)
            .await?;
        Ok(jar.add(cookie(tenant, session.0)))
    }

    async fn administrator(self, tenant: &Tenant) -> Result<Option<Administrator>, TenantError> {
        let now = tenant.now();
        let found = tenant.store().dashboard_session(&self.hash(), now, now - IDLE_SECONDS).await?;
        Ok(found.then(|| Administrator { csrf: self.csrf(), session: self }))
    }

    fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    /// Whoever does not know the cookie cannot know this, and it does not tell the cookie.
    fn csrf(&self) -> CsrfToken {
        let hash = SecretHash::of(&format!("csrf {}", self.0));
        CsrfToken::new(URL_SAFE_NO_PAD.encode(hash.as_bytes()))
    }
}

impl Administrator {
    /// Ends the session, here and in the browser.
    pub(super) async fn leave(
        &self,
        tenant: &Tenant,
        jar: CookieJar,
    ) -> Result<CookieJar, TenantError> {
        tenant.store().delete_dashboard_session(&self.session.hash()).await?;
        Ok(jar.remove(cookie(tenant, String::new())))
    }
}

impl<S: Sync> FromRequestParts<S> for Administrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Administrator>().cloned().ok_or_else(|| {
            tracing::error!(path = parts.uri.path(), "a page of the dashboard has no guard");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        })
    }
}

/// `__Host-` where the browser can be told by TLS whose cookie it is; plain http on loopback has
/// no such prefix.
///
/// Source: RFC 6265bis section 4.1.3.2.
fn cookie_name(tenant: &Tenant) -> &'static str {
    if is_https(tenant) { "__Host-bearward-dashboard" } else { "bearward-dashboard" }
}

fn is_https(tenant: &Tenant) -> bool {
    tenant.issuer().starts_with("https:")
}

/// Lax, so that a link from elsewhere (the terminal, a mail) finds its reader logged in; forms have
/// their own proof.
fn cookie(tenant: &Tenant, value: String) -> Cookie<'static> {
    Cookie::build((cookie_name(tenant), value))
        .path("/")
        .http_only(true)
        .secure(is_https(tenant))
        .same_site(SameSite::Lax)
        .build()
}

/// Lets a request through that belongs to a session; one that changes something only with the proof
/// that it comes from a page of that session.
pub(super) async fn guard(
    State(tenant): State<Tenant>,
    jar: CookieJar,
    request: Request,
    next: Next,
) -> Response {
    let found = match jar.get(cookie_name(&tenant)) {
        Some(cookie) => Session(cookie.value().to_owned()).administrator(&tenant).await,
        None => Ok(None),
    };
    let administrator = match found {
        Ok(Some(administrator)) => administrator,
        Ok(None) if request.method().is_safe() => return Redirect::to("/login").into_response(),
        Ok(None) => return refuse("Your session has ended: log in at /login and try again.\n"),
        Err(error) => return internal(&error),
    };
    let mut request = match proven(&administrator, request).await {
        Ok(request) => request,
        Err(response) => return response,
    };
    request.extensions_mut().insert(administrator);
    next.run(request).await
}

/// The request again, once its form has shown the CSRF token.
async fn proven(administrator: &Administrator, request: Request) -> Result<Request, Response> {
    if request.method().is_safe() {
        return Ok(request);
    }
    let form = "application/x-www-form-urlencoded";
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().unwrap_or_default().trim() == form);
    if !is_form {
        return Err(refuse("The dashboard takes forms only.\n"));
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| {
        (StatusCode::PAYLOAD_TOO_LARGE, "This form is too large.\n").into_response()
    })?;
    let sent = form_urlencoded::parse(&body).find(|(name, _)| name == "csrf");
    let expected = SecretHash::of(administrator.csrf.reveal());
    if !sent.is_some_and(|(_, token)| expected.matches(&token)) {
        return Err(refuse("This form is not from your session: reload the page and try again.\n"));
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn refuse(says: &'static str) -> Response {
    (StatusCode::FORBIDDEN, says).into_response()
}

/// Our own trouble: the log has the reason.
pub(super) fn internal(error: &TenantError) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "a page failed");
    let says = "This did not work, through no fault of yours: the tenant's log says why.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, says).into_response()
}
