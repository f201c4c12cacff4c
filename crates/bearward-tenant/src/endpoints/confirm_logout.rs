//! `/u/logout?state=`: the user says whether to log out.
//!
//! Source: OpenID Connect RP-Initiated Logout 1.0 section 2.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use url::Url;

use super::logout::finish;
use crate::authorization::{BrowserParameters, PageRefusal, Waiting, redirect_to};
use crate::browser::Browser;
use crate::pages::{ConfirmLogout, FormTarget, html_with};
use crate::sessions;
use crate::tenant::Tenant;

pub(crate) async fn show(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let shown = async {
        let parameters = BrowserParameters::read(request).await?;
        let browser = Browser::find(&tenant, &headers);
        let id = parameters.owned("state");
        let waiting = Waiting::logout(&tenant, id.as_deref(), browser.as_ref()).await?;
        let browser = browser.ok_or(PageRefusal::OtherBrowser)?;
        let Some(session) = sessions::current(&tenant, &headers).await? else {
            return finish(&tenant, None, None, waiting.return_to).await;
        };
        let page = ConfirmLogout {
            application: waiting.application,
            user: tenant.user(&session.user_id).await?.email,
            state: id.unwrap_or_default(),
            csrf: browser.csrf_token(),
            issuer: tenant.issuer().to_owned(),
        };
        let target = waiting.return_to.and_then(|address| Url::parse(&address).ok());
        let forms = target.as_ref().map_or(FormTarget::Here, FormTarget::Application);
        Ok(html_with(StatusCode::OK, &forms, &page))
    };
    shown.await.unwrap_or_else(|refusal: PageRefusal| refusal.show(&tenant, "logout"))
}

pub(crate) async fn submit(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let submitted = async {
        let form = BrowserParameters::read(request).await?;
        let browser = Browser::find(&tenant, &headers).ok_or(PageRefusal::OtherBrowser)?;
        if !browser.made(form.text("csrf")) {
            return Err(PageRefusal::FormNotOurs);
        }
        let id = form.text("state");
        let waiting = Waiting::logout(&tenant, id, Some(&browser)).await?;
        tenant.store().delete_authorization_request(id.unwrap_or_default()).await?;
        match form.text("action") {
            Some("accept") => {
                let session = sessions::current(&tenant, &headers).await?;
                finish(&tenant, session.as_ref(), None, waiting.return_to).await
            }
            // Staying logged in leads nowhere: what asked may not be trusted with an answer.
            Some("deny") => Ok(redirect_to("/", StatusCode::SEE_OTHER)),
            _ => Err(PageRefusal::UnknownAction),
        }
    };
    submitted.await.unwrap_or_else(|refusal| refusal.show(&tenant, "logout"))
}
