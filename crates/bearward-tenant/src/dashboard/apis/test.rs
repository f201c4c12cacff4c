//! Test: take a token as an application takes it, see what it says, and call the API with it.

mod meaning;
mod page;
mod request;
mod subject;
mod trail;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use super::head::View;
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::sent::Sent;
use crate::dashboard::test_application;
use crate::dashboard::trouble::Trouble;
use crate::pages::html;
use crate::protocol::Refusal;
use crate::tenant::Tenant;
use page::TestPage;
use subject::Chosen;

pub(in crate::dashboard) use request::{call, show as show_request};

/// The Test view with this application chosen, and this user; an empty user id is none.
pub(in crate::dashboard) fn path(id: &str, client_id: &str, user_id: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("application", client_id);
    if !user_id.is_empty() {
        query.append_pair("user", user_id);
    }
    format!("{}?{}", View::Test.path(id), query.finish())
}

/// The query of [`show`].
#[derive(Deserialize)]
pub(in crate::dashboard) struct Choice {
    #[serde(default)]
    application: String,
    #[serde(default)]
    user: String,
}

/// `GET /apis/{id}/test`.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(choice): Query<Choice>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let chosen = Chosen { client_id: &choice.application, user_id: &choice.user };
    let mut page = TestPage::read(&tenant, administrator, &id, chosen, None).await?;
    page.frame = page.frame.after(query.done);
    Ok(html(&page))
}

/// `POST /apis/{id}/test`: gets a token. It stands in the answer and nowhere else.
pub(in crate::dashboard) async fn take(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let scopes: Vec<&str> = sent.all("scope").collect();
    let chosen = Chosen::from(&sent);
    let mut page = TestPage::read(&tenant, administrator, &id, chosen, Some(&scopes)).await?;
    // Of a tenant without applications the page says that there are none.
    if let Some(subject) = &page.subject {
        match subject.issue_test_token(&tenant, &page.head.api, &scopes).await {
            Ok(token) => page.show_token(&tenant, token, None),
            Err(Refusal::Internal(error)) => return Err(error.into()),
            Err(refusal) => page.show_refusal(&refusal, &scopes),
        }
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
    Ok(Redirect::to(&path(&api.id, &application.client_id, "")).into_response())
}
