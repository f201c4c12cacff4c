//! `/u/consent?state=`: the user says what an application may do.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::authorize::refuse;
use crate::authorization::{
    Answer, AuthorizationError, BrowserParameters, Decision, PageRefusal, Waiting,
    WaitingAuthorization, decide, grant, redirect_to, remember_consent,
};
use crate::browser::Browser;
use crate::model::{Event, Session};
use crate::pages::{AskedScope, Consent, FormTarget, html_with};
use crate::secret::SecretHash;
use crate::sessions;
use crate::tenant::Tenant;

/// What comes after a login: the code, the question, or an error for the application.
pub(super) async fn go_on(
    tenant: &Tenant,
    id: &str,
    waiting: WaitingAuthorization,
    session: &Session,
) -> Result<Response, PageRefusal> {
    let application = tenant.application(&waiting.request.client_id).await?;
    match decide(tenant, &waiting.request, &application, session).await {
        Ok(Decision::Consent(_)) => {
            Waiting::Authorization(Box::new(waiting)).keep_again(tenant, id).await?;
            Ok(redirect_to(&format!("/u/consent?state={id}"), StatusCode::SEE_OTHER))
        }
        Ok(Decision::Grant(scopes)) => finish(tenant, id, &waiting, session, Ok(scopes)).await,
        Err(error) => finish(tenant, id, &waiting, session, Err(error)).await,
    }
}

/// Ends the wait and sends the answer. Of two forms that were sent at once, one gets it.
async fn finish(
    tenant: &Tenant,
    id: &str,
    waiting: &WaitingAuthorization,
    session: &Session,
    outcome: Result<Vec<String>, AuthorizationError>,
) -> Result<Response, PageRefusal> {
    if !tenant.store().delete_authorization_request(id).await? {
        return Err(PageRefusal::NothingWaits);
    }
    let (request, see_other) = (&waiting.request, StatusCode::SEE_OTHER);
    let code = match outcome {
        Ok(scopes) => grant(tenant, request, session, &scopes).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    Ok(match code {
        Ok(code) => request.back.send(tenant.issuer(), &Answer::Code(&code), see_other),
        Err(error) => {
            let client_id = &request.client_id;
            refuse(tenant, client_id, Some(session), &request.back, &error, see_other)
        }
    })
}

pub(crate) async fn show(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let shown = async {
        let parameters = BrowserParameters::read(request).await?;
        let asked = Asked::find(&tenant, &headers, &parameters).await?;
        match asked {
            Ok(asked) => asked.page().await,
            Err(log_in) => Ok(log_in),
        }
    };
    shown.await.unwrap_or_else(|refusal: PageRefusal| refusal.show(&tenant, "consent"))
}

pub(crate) async fn submit(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let submitted = async {
        let form = BrowserParameters::read(request).await?;
        let browser = Browser::find(&tenant, &headers).ok_or(PageRefusal::OtherBrowser)?;
        if !browser.made(form.text("csrf")) {
            return Err(PageRefusal::FormNotOurs);
        }
        let asked = match Asked::find(&tenant, &headers, &form).await? {
            Ok(asked) => asked,
            Err(log_in) => return Ok(log_in),
        };
        match form.text("action") {
            Some("accept") => asked.accept(form.text("asked")).await,
            Some("deny") => {
                let denied = Err(AuthorizationError::DENIED);
                finish(&tenant, &asked.id, &asked.waiting, &asked.session, denied).await
            }
            _ => Err(PageRefusal::UnknownAction),
        }
    };
    submitted.await.unwrap_or_else(|refusal| refusal.show(&tenant, "consent"))
}

/// A request that waits for its user's consent.
struct Asked<'a> {
    tenant: &'a Tenant,
    browser: Browser,
    session: Session,
    id: String,
    waiting: WaitingAuthorization,
}

impl Asked<'_> {
    /// The request and the session that logged in for it; or, when that is over or another one has
    /// taken its place, the way back to the login.
    async fn find<'a>(
        tenant: &'a Tenant,
        headers: &HeaderMap,
        parameters: &BrowserParameters,
    ) -> Result<Result<Asked<'a>, Response>, PageRefusal> {
        let browser = Browser::find(tenant, headers).ok_or(PageRefusal::OtherBrowser)?;
        let id = parameters.text("state");
        let waiting = Waiting::authorization(tenant, id, Some(&browser)).await?;
        let id = id.unwrap_or_default().to_owned();
        let session = sessions::current(tenant, headers).await?;
        let session = session.filter(|session| waiting.sid.as_deref() == Some(&*session.sid));
        Ok(match session {
            Some(session) => Ok(Asked { tenant, browser, session, id, waiting }),
            None => Err(redirect_to(&format!("/u/login?state={id}"), StatusCode::SEE_OTHER)),
        })
    }

    /// What the user is asked now. It may have changed since the page was shown.
    async fn scopes(&self) -> Result<Vec<AskedScope>, PageRefusal> {
        let application = self.tenant.application(&self.waiting.request.client_id).await?;
        let request = &self.waiting.request;
        match decide(self.tenant, request, &application, &self.session).await {
            Ok(Decision::Consent(scopes)) => Ok(scopes),
            Ok(Decision::Grant(_)) | Err(_) => Err(PageRefusal::NothingWaits),
        }
    }

    /// The question, in short: to whom it was put, and what for. In another tab somebody else may
    /// have logged in for the same request, and permissions come and go.
    fn question(&self, scopes: &[AskedScope]) -> String {
        let mut question = format!("consent {}", self.session.sid);
        for scope in scopes {
            question.push(' ');
            question.push_str(&scope.value);
        }
        URL_SAFE_NO_PAD.encode(SecretHash::of(&question).as_bytes())
    }

    async fn page(self) -> Result<Response, PageRefusal> {
        let scopes = self.scopes().await?;
        let request = &self.waiting.request;
        let url = request.back.url();
        let application = self.tenant.application(&request.client_id).await?;
        let page = Consent {
            third_party: !application.is_first_party,
            application: application.name,
            user: self.tenant.user(&self.session.user_id).await?.email,
            returns_to: match &url {
                Some(url) if url.origin().is_tuple() => url.origin().ascii_serialization(),
                _ => request.back.redirect_uri.clone(),
            },
            asked: self.question(&scopes),
            scopes,
            csrf: self.browser.csrf_token(),
            issuer: self.tenant.issuer().to_owned(),
            state: self.id,
        };
        let forms = url.as_ref().map_or(FormTarget::Here, FormTarget::Application);
        Ok(html_with(StatusCode::OK, &forms, &page))
    }

    /// Grants what the page showed. When the question is another by now, it is put again.
    async fn accept(self, shown: Option<&str>) -> Result<Response, PageRefusal> {
        let scopes = self.scopes().await?;
        if shown != Some(&*self.question(&scopes)) {
            let page = format!("/u/consent?state={}", self.id);
            return Ok(redirect_to(&page, StatusCode::SEE_OTHER));
        }
        let scopes: Vec<String> = scopes.into_iter().map(|scope| scope.value).collect();
        let request = &self.waiting.request;
        remember_consent(self.tenant, request, &self.session, &scopes).await?;
        self.tenant.record(Event {
            event: "consent",
            detail: "accepted".to_owned(),
            client_id: Some(request.client_id.clone()),
            user_id: Some(self.session.user_id.clone()),
            audience: request.audience.clone(),
            scope: Some(scopes.join(" ")),
            ..Event::default()
        });
        finish(self.tenant, &self.id, &self.waiting, &self.session, Ok(scopes)).await
    }
}
