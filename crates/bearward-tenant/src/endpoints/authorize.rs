//! `GET /authorize`, and POST: an application asks for a user's authorization.
//!
//! Source: RFC 6749 section 3.1, OpenID Connect Core section 3.1.2.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::authorization::{
    Answer, AuthorizationError, AuthorizationRequest, BrowserParameters, Decision, PageRefusal,
    ReturnPath, Waiting, WaitingAuthorization, authenticated, decide, grant, known_client,
    redirect_to,
};
use crate::browser::Browser;
use crate::model::{Application, Event, Session};
use crate::sessions;
use crate::tenant::Tenant;

/// Client and redirect address come first: until both are known, nothing is sent anywhere.
pub(crate) async fn start(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let redirect = match *request.method() {
        axum::http::Method::POST => StatusCode::SEE_OTHER,
        _ => StatusCode::FOUND,
    };
    let known = async {
        let parameters = BrowserParameters::read_to_keep(request).await?;
        let (application, redirect_uri) = known_client(&tenant, &parameters).await?;
        Ok((parameters, application, redirect_uri))
    };
    let (parameters, application, redirect_uri) = match known.await {
        Ok(known) => known,
        Err(refusal) => return PageRefusal::show(refusal, &tenant, "authorize"),
    };
    let back = ReturnPath::new(redirect_uri, &parameters);
    let read = AuthorizationRequest::read(&tenant, &parameters, &application, back.clone()).await;
    let request = match read {
        Ok(request) => request,
        Err(error) => {
            let client_id = &application.client_id;
            return refuse(&tenant, client_id, None, &back, &error, redirect);
        }
    };
    let begun = Begun { tenant: &tenant, headers: &headers, application, request, redirect };
    match begun.go().await {
        Ok(response) => response,
        Err(error) => {
            let client_id = &begun.application.client_id;
            refuse(&tenant, client_id, None, &back, &error, redirect)
        }
    }
}

/// A request that makes sense, at its first step.
struct Begun<'a> {
    tenant: &'a Tenant,
    headers: &'a HeaderMap,
    application: Application,
    request: AuthorizationRequest,
    redirect: StatusCode,
}

impl Begun<'_> {
    async fn go(&self) -> Result<Response, AuthorizationError> {
        let session = sessions::current(self.tenant, self.headers).await?;
        let Some(session) = authenticated(self.tenant, &self.request, session) else {
            if self.request.prompt.none {
                return Err(AuthorizationError::LOGIN_REQUIRED);
            }
            return self.ask("/u/login", None).await;
        };
        match decide(self.tenant, &self.request, &self.application, &session).await? {
            Decision::Consent(_) => self.ask("/u/consent", Some(session.sid)).await,
            Decision::Grant(scopes) => {
                let code = grant(self.tenant, &self.request, &session, &scopes).await?;
                let issuer = self.tenant.issuer();
                Ok(self.request.back.send(issuer, &Answer::Code(&code), self.redirect))
            }
        }
    }

    /// Sends the person to a page of ours, where the request waits for them.
    async fn ask(&self, page: &str, sid: Option<String>) -> Result<Response, AuthorizationError> {
        let browser = Browser::find_or_new(self.tenant, self.headers)?;
        let waiting = WaitingAuthorization::new(self.request.clone(), &browser, sid);
        let id = Waiting::Authorization(Box::new(waiting)).keep(self.tenant).await?;
        let mut response = redirect_to(&format!("{page}?state={id}"), self.redirect);
        browser.remember(self.tenant, &mut response);
        Ok(response)
    }
}

/// Tells the application at its redirect address, and writes it down.
pub(super) fn refuse(
    tenant: &Tenant,
    client_id: &str,
    session: Option<&Session>,
    back: &ReturnPath,
    error: &AuthorizationError,
    redirect: StatusCode,
) -> Response {
    let reason = error.reason;
    tracing::info!(reason, client_id, "authorization refused");
    tenant.record(Event {
        event: "authorize",
        reason: Some(reason),
        detail: error.description.to_string(),
        client_id: Some(client_id.to_owned()),
        user_id: session.map(|session| session.user_id.clone()),
        ..Event::default()
    });
    back.send(tenant.issuer(), &Answer::Error(error), redirect)
}
