//! `/applications/new`: a name and one of four types.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::credentials;
use super::head::View;
use super::types::{self, TypeWords};
use crate::dashboard::Administrator;
use crate::dashboard::done::Done;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::sentence;
use crate::error::TenantErrorKind;
use crate::model::{ApplicationType, NewApplication};
use crate::pages::pieces::Field;
use crate::pages::{FormTarget, Frame, Section, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/applications/create.html")]
struct Create {
    frame: Frame,
    name: Field,
    choices: Vec<Choice>,
    fault: Option<&'static str>,
}

struct Choice {
    value: &'static str,
    words: TypeWords,
    chosen: bool,
}

pub(super) async fn show(administrator: Administrator) -> Response {
    form(&administrator, StatusCode::OK, "", None, None)
}

pub(super) async fn create(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    sent: Sent,
) -> Result<Response, Trouble> {
    let name = sent.trimmed("name");
    let app_type = ApplicationType::from_name(sent.trimmed("app_type"));
    let refuse = |fault| Ok(form(&administrator, StatusCode::BAD_REQUEST, name, app_type, fault));
    let Some(app_type) = app_type else { return refuse(None) };
    let created = match tenant.create_application(NewApplication::new(name, app_type)).await {
        Ok(created) => created,
        Err(error) if error.kind() == TenantErrorKind::InvalidName => {
            return refuse(Some(sentence(&error)));
        }
        Err(error) => return Err(error.into()),
    };
    match created.client_secret {
        Some(secret) => {
            credentials::with_secret(&tenant, &administrator, &created.application, &secret).await
        }
        None => {
            Ok(Done::ApplicationCreated.at(&View::Quickstart.path(&created.application.client_id)))
        }
    }
}

fn form(
    administrator: &Administrator,
    status: StatusCode,
    name: &str,
    chosen: Option<ApplicationType>,
    fault: Option<String>,
) -> Response {
    let choices = ApplicationType::ALL.map(|app_type| Choice {
        value: app_type.name(),
        words: types::words(app_type),
        chosen: Some(app_type) == chosen,
    });
    let no_type = status != StatusCode::OK && chosen.is_none();
    let page = Create {
        frame: Frame::new(Section::Applications, administrator.csrf.clone()),
        name: Field::new("name", "Name")
            .value(name)
            .hint("What people read, on the consent page too. It can be changed.")
            .fault(fault)
            .focused(),
        choices: choices.into(),
        fault: no_type.then_some("Expected one of the four types, found none."),
    };
    html_with(status, &FormTarget::Here, &page)
}
