//! `GET /v2/logout`: Auth0's own way to log out.
//!
//! It ends the session of this browser at once, without asking, as Auth0's does. Where to return to
//! is taken from the allowed logout URLs of the application that `client_id` names. Auth0 has a list
//! for the tenant too, for requests without `client_id`; there is none here, so such a request gets
//! no redirect: any application's address would do for a link that somebody else made.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::authorization::{BrowserParameters, PageRefusal, is_registered, redirect_to};
use crate::browser;
use crate::model::{Event, Session};
use crate::pages::{LoggedOut, html};
use crate::sessions;
use crate::tenant::Tenant;

pub(crate) async fn log_out(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let done = async {
        let parameters = BrowserParameters::read(request).await?;
        let (client_id, return_to) = return_to(&tenant, &parameters).await?;
        let session = sessions::current(&tenant, &headers).await?;
        finish(&tenant, session.as_ref(), client_id, return_to).await
    };
    done.await.unwrap_or_else(|refusal: PageRefusal| refusal.show(&tenant, "logout"))
}

/// The application that asks, and one of its addresses.
async fn return_to(
    tenant: &Tenant,
    parameters: &BrowserParameters,
) -> Result<(Option<String>, Option<String>), PageRefusal> {
    for name in ["client_id", "returnTo"] {
        if parameters.is_repeated(name) {
            return Err(PageRefusal::Repeated(name));
        }
    }
    let application = match parameters.text("client_id") {
        Some(client_id) => match tenant.store().application(client_id).await? {
            Some(application) => Some(application),
            None => return Err(PageRefusal::UnknownClient(client_id.to_owned())),
        },
        None => None,
    };
    match (application, parameters.owned("returnTo")) {
        (application, None) => Ok((application.map(|application| application.client_id), None)),
        (None, Some(_)) => Err(PageRefusal::LogoutWithoutClient),
        (Some(application), Some(found)) => {
            if is_registered(&application.allowed_logout_urls, &found) {
                return Ok((Some(application.client_id), Some(found)));
            }
            Err(PageRefusal::LogoutUrlMismatch { application: Box::new(application), found })
        }
    }
}

/// Ends the session, and sends the browser on, or says that it is over.
pub(super) async fn finish(
    tenant: &Tenant,
    session: Option<&Session>,
    client_id: Option<String>,
    return_to: Option<String>,
) -> Result<Response, PageRefusal> {
    if let Some(session) = session {
        sessions::end(tenant, &session.sid).await?;
    }
    let user_id = session.map(|session| session.user_id.clone());
    tracing::info!(client_id, user_id, "logout");
    tenant.record(Event {
        event: "logout",
        detail: if session.is_some() { "session ended" } else { "no session" }.to_owned(),
        client_id,
        user_id,
        ..Event::default()
    });
    let mut response = match return_to {
        Some(address) => redirect_to(&address, StatusCode::FOUND),
        None => html(&LoggedOut { issuer: tenant.issuer().to_owned() }),
    };
    // A form that another site's page posts brings no cookie. It must not take one away either.
    if session.is_some() {
        browser::forget_session(tenant, &mut response);
    }
    Ok(response)
}
