//! `/roles/new`: a name and a description.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::head::View;
use crate::dashboard::Administrator;
use crate::dashboard::done::Done;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::sentence;
use crate::error::{TenantError, TenantErrorKind};
use crate::pages::pieces::Field;
use crate::pages::{FormTarget, Frame, Section, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/roles/create.html")]
struct Create {
    frame: Frame,
    fields: Vec<Field>,
}

pub(super) async fn show(administrator: Administrator) -> Response {
    form(&administrator, StatusCode::OK, fields("", "", None))
}

pub(super) async fn create(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (name, description) = (sent.trimmed("name"), sent.trimmed("description"));
    match tenant.create_role(name, description).await {
        Ok(role) => Ok(Done::RoleCreated.at(&View::Permissions.path(&role.id))),
        Err(error) if is_of_a_field(&error) => {
            let fields = fields(name, description, Some(&error));
            Ok(form(&administrator, StatusCode::BAD_REQUEST, fields))
        }
        Err(error) => Err(error.into()),
    }
}

fn form(administrator: &Administrator, status: StatusCode, fields: Vec<Field>) -> Response {
    let frame = Frame::new(Section::UsersAndRoles, administrator.csrf.clone());
    html_with(status, &FormTarget::Here, &Create { frame, fields })
}

/// Whether the form can say it.
pub(super) fn is_of_a_field(error: &TenantError) -> bool {
    matches!(error.kind(), TenantErrorKind::InvalidName | TenantErrorKind::DuplicateName)
}

/// The fields of a role, new or old. A fault stands at the field that has it: a name that is good by
/// itself leaves the description.
pub(super) fn fields(name: &str, description: &str, error: Option<&TenantError>) -> Vec<Field> {
    let fault = error.map(sentence);
    let taken = error.is_some_and(|error| error.kind() == TenantErrorKind::DuplicateName);
    let at_name = taken || !is_good(name);
    let at = |here: bool| fault.clone().filter(|_| here);
    vec![
        Field::new("name", "Name")
            .value(name)
            .hint("What the role is: Reader, Editor. No two roles have the same.")
            .fault(at(at_name)),
        Field::new("description", "Description").value(description).optional().fault(at(!at_name)),
    ]
}

fn is_good(name: &str) -> bool {
    let role =
        crate::model::Role { id: String::new(), name: name.to_owned(), description: String::new() };
    role.check().is_ok()
}
