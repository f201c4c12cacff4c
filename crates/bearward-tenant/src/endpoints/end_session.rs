//! `GET /oidc/logout`, and POST: the standard's way to log out.
//!
//! Source: OpenID Connect RP-Initiated Logout 1.0.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use url::form_urlencoded;

use super::logout::finish;
use crate::authorization::{
    BrowserParameters, PageRefusal, Waiting, WaitingLogout, is_registered, redirect_to,
};
use crate::browser::Browser;
use crate::id_token_hint::IdTokenHint;
use crate::model::{Application, Session};
use crate::sessions;
use crate::tenant::Tenant;

/// Whoever brings an ID token of the user who is logged in may end the session. Everybody else has
/// the user asked: a link could have been made by anyone.
pub(crate) async fn log_out(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let done = async {
        let parameters = BrowserParameters::read_to_keep(request).await?;
        let asked = Asked::read(&tenant, &parameters).await?;
        let session = sessions::current(&tenant, &headers).await?;
        asked.go(&tenant, &headers, session).await
    };
    done.await.unwrap_or_else(|refusal: PageRefusal| refusal.show(&tenant, "logout"))
}

struct Asked {
    application: Option<Application>,
    hint: Option<IdTokenHint>,
    /// One of the application's addresses, with the state.
    return_to: Option<String>,
}

impl Asked {
    async fn read(tenant: &Tenant, parameters: &BrowserParameters) -> Result<Asked, PageRefusal> {
        for name in ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"] {
            if parameters.is_repeated(name) {
                return Err(PageRefusal::Repeated(name));
            }
        }
        let hint = match parameters.text("id_token_hint") {
            Some(hint) => {
                let hint = IdTokenHint::read(tenant, hint).await?;
                Some(hint.ok_or(PageRefusal::HintNotOurs)?)
            }
            None => None,
        };
        let client_id = match (&hint, parameters.text("client_id")) {
            (Some(hint), Some(client_id)) if hint.client_id != client_id => {
                return Err(PageRefusal::HintOfOtherClient);
            }
            (Some(hint), _) => Some(hint.client_id.as_str()),
            (None, client_id) => client_id,
        };
        let application = match client_id {
            Some(client_id) => match tenant.store().application(client_id).await? {
                Some(application) => Some(application),
                None => return Err(PageRefusal::UnknownClient(client_id.to_owned())),
            },
            None => None,
        };
        let return_to = match (&application, parameters.text("post_logout_redirect_uri")) {
            (_, None) => None,
            (None, Some(_)) => return Err(PageRefusal::LogoutWithoutClient),
            (Some(application), Some(found)) => {
                if !is_registered(&application.allowed_logout_urls, found) {
                    let (application, found) = (Box::new(application.clone()), found.to_owned());
                    return Err(PageRefusal::LogoutUrlMismatch { application, found });
                }
                Some(with_state(found, parameters.text("state")))
            }
        };
        Ok(Asked { application, hint, return_to })
    }

    async fn go(
        self,
        tenant: &Tenant,
        headers: &HeaderMap,
        session: Option<Session>,
    ) -> Result<Response, PageRefusal> {
        let client_id = self.application.as_ref().map(|application| application.client_id.clone());
        match (&self.hint, session) {
            (Some(hint), Some(session)) if hint.sub == session.user_id => {
                finish(tenant, Some(&session), client_id, self.return_to).await
            }
            (Some(hint), None) => {
                // A form that another site's page posts brings no cookie; the token names the session.
                if let Some(sid) = &hint.sid {
                    sessions::end(tenant, sid).await?;
                }
                finish(tenant, None, client_id, self.return_to).await
            }
            (None, None) => finish(tenant, None, client_id, self.return_to).await,
            (_, Some(_)) => {
                let browser = Browser::find_or_new(tenant, headers)?;
                let name = self.application.map(|application| application.name);
                let waiting = WaitingLogout::new(name, self.return_to, &browser);
                let id = Waiting::Logout(waiting).keep(tenant).await?;
                let mut response =
                    redirect_to(&format!("/u/logout?state={id}"), StatusCode::SEE_OTHER);
                browser.remember(tenant, &mut response);
                Ok(response)
            }
        }
    }
}

fn with_state(address: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return address.to_owned() };
    let separator = if address.contains('?') { '&' } else { '?' };
    let state =
        form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
    format!("{address}{separator}{state}")
}
