//! Get started: an API, its permission and an application that may use it, in one go.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::Administrator;
use super::apis::create::{self, is_about_a_field};
use super::apis::{permissions, quickstart_samples, test};
use super::done::Done;
use super::sent::Sent;
use super::test_application;
use super::trouble::Trouble;
use super::words::sentence;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Api, NewApi};
use crate::pages::pieces::{Control, Field, Mend, Outcome, Sample, Step};
use crate::pages::{FormTarget, Frame, Section, html, html_with};
use crate::tenant::Tenant;

/// What the form holds at first: the quickstart's API.
const NAME: &str = "Messages";
const IDENTIFIER: &str = "http://localhost:3010";
const PERMISSION: [&str; 2] = ["read:messages", "Read messages"];

#[derive(Template)]
#[template(path = "dashboard/get_started.html")]
struct GetStarted {
    frame: Frame,
    has_apis: bool,
    api_fields: [Field; 2],
    permission_fields: [Field; 2],
}

#[derive(Template)]
#[template(path = "dashboard/go_on.html")]
struct GoOn {
    frame: Frame,
    select: Field,
    api: Api,
    steps: Vec<Step>,
    samples: Vec<Sample>,
}

/// Which API, or `new` for none of them.
#[derive(Deserialize)]
pub(super) struct Selected {
    api: Option<String>,
}

/// `GET /`: on an empty tenant the three steps, on another the choice and how far one has come.
pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(selected): Query<Selected>,
) -> Result<Response, Trouble> {
    let frame = Frame::new(Section::GetStarted, administrator.csrf);
    let apis = tenant.apis().await?;
    let (Some(first), false) = (apis.first(), selected.api.as_deref() == Some("new")) else {
        let [permission, description] = PERMISSION;
        return Ok(html(&GetStarted {
            frame,
            has_apis: !apis.is_empty(),
            api_fields: create::fields(NAME, IDENTIFIER, None),
            permission_fields: permissions::fields(permission, description, None),
        }));
    };
    let api = match &selected.api {
        Some(id) => tenant.api(id).await?,
        None => first.clone(),
    };
    let mut options: Vec<_> = apis.iter().map(|api| (api.id.clone(), api.name.clone())).collect();
    options.push(("new".to_owned(), "Create a new API".to_owned()));
    let select = Field::new("api", "Your API")
        .control(Control::Choice(options))
        .value(&*api.id)
        .hint("Select an existing one, or create a new one.");
    let steps = steps(&tenant, &api).await?;
    let samples = quickstart_samples(tenant.issuer(), &api);
    Ok(html(&GoOn { frame, select, api, steps, samples }))
}

/// `POST /get-started`: makes everything, and leads to the Test view.
pub(super) async fn create(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (name, identifier) = (sent.trimmed("name"), sent.trimmed("identifier"));
    let (permission, description) = (sent.trimmed("permission"), sent.trimmed("description"));
    let new = NewApi::new(name, identifier).permission(permission, description);
    let error = match tenant.create_api(new).await {
        Ok(api) => {
            let application = test_application::make(&tenant, &api).await?;
            return Ok(Done::ApiCreated.at(&test::path(&api.id, &application.client_id, "")));
        }
        Err(error) if is_about_a_field(&error) => error,
        Err(error) => return Err(error.into()),
    };
    let about_permission = error.kind() == TenantErrorKind::InvalidPermission;
    let fault = about_permission.then(|| sentence(&error));
    let page = GetStarted {
        frame: Frame::new(Section::GetStarted, administrator.csrf),
        has_apis: !tenant.apis().await?.is_empty(),
        api_fields: create::fields(name, identifier, Some(&error)),
        permission_fields: permissions::fields(permission, description, fault),
    };
    Ok(html_with(StatusCode::BAD_REQUEST, &FormTarget::Here, &page))
}

/// How far this API has come.
async fn steps(tenant: &Tenant, api: &Api) -> Result<Vec<Step>, TenantError> {
    let usage = tenant.store().api_usage(&api.id).await?;
    let step = |held, what: &str, found: String, label: &str, view: &str| Step {
        outcome: if held { Outcome::Held } else { Outcome::Unasked },
        what: what.to_owned(),
        found,
        mend: Mend::Open { label: label.to_owned(), href: format!("/apis/{}{view}", api.id) },
    };
    let values: Vec<&str> = api.permissions.iter().map(|p| p.value.as_str()).collect();
    Ok(vec![
        step(
            true,
            "The API has a name and an identifier.",
            api.identifier.clone(),
            "Settings",
            "/settings",
        ),
        step(
            !values.is_empty(),
            "It has permissions that can be granted.",
            values.join(", "),
            "Permissions",
            "/permissions",
        ),
        step(
            usage.applications > 0,
            "An application may get tokens for it.",
            match usage.applications {
                0 => String::new(),
                1 => "1 application has access".to_owned(),
                count => format!("{count} applications have access"),
            },
            "Application access",
            "/access",
        ),
    ])
}
