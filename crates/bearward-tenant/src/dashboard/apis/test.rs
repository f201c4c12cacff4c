//! Test: take a token as an application takes it, see what it says, and call the API with it.

mod meaning;
mod page;
mod request;
mod trail;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::head::View;
use crate::dashboard::Administrator;
use crate::dashboard::done::Done;
use crate::dashboard::sent::Sent;
use crate::dashboard::test_application;
use crate::dashboard::trouble::Trouble;
use crate::endpoints::token;
use crate::model::{Api, Application};
use crate::pages::html;
use crate::protocol::Refusal;
use crate::tenant::Tenant;
use page::TestPage;

pub(in crate::dashboard) use request::{call, show as show_request};

/// The Test view with this application chosen.
pub(in crate::dashboard) fn path(id: &str, client_id: &str) -> String {
    format!("{}?application={client_id}", View::Test.path(id))
}

/// The query of [`show`].
#[derive(Deserialize)]
pub(in crate::dashboard) struct Chosen {
    application: Option<String>,
    done: Option<Done>,
}

/// `GET /apis/{id}/test`.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Trouble> {
    let application = chosen.application.as_deref();
    let mut page = TestPage::read(&tenant, administrator, &id, application, None).await?;
    page.frame = page.frame.after(chosen.done);
    Ok(html(&page))
}

/// `POST /apis/{id}/test`: gets a token. It stands in the answer and nowhere else.
pub(in crate::dashboard) async fn take(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let client_id = sent.text("application");
    let scopes: Vec<&str> = sent.all("scope").collect();
    let mut page =
        TestPage::read(&tenant, administrator, &id, Some(client_id), Some(&scopes)).await?;
    let who = Who { application: tenant.application(client_id).await? };
    match issue_test_token(&tenant, &who, &page.head.api, &scopes).await {
        Ok(token) => page.show_token(&tenant, token, None),
        Err(Refusal::Internal(error)) => return Err(error.into()),
        Err(refusal) => page.show_refusal(&refusal, &who.application, &scopes),
    }
    Ok(html(&page))
}

/// `POST /apis/{id}/test/application`: makes an application for trying the API out.
pub(in crate::dashboard) async fn make_application(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let api = tenant.api(&id).await?;
    let application = test_application::make(&tenant, &api).await?;
    Ok(Redirect::to(&path(&api.id, &application.client_id)).into_response())
}

/// Whom a token speaks for.
struct Who {
    application: Application,
}

/// The one place where the dashboard gets a token: by the same checks as the token endpoint.
async fn issue_test_token(
    tenant: &Tenant,
    who: &Who,
    api: &Api,
    scopes: &[&str],
) -> Result<String, Refusal> {
    let scope = scopes.join(" ");
    token::issue_to_application(tenant, &who.application, &api.identifier, &scope).await
}
