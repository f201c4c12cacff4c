//! A new API.

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
use crate::error::{TenantError, TenantErrorKind as Kind};
use crate::model::NewApi;
use crate::pages::pieces::Field;
use crate::pages::{FormTarget, Frame, Section, html, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/api/new.html")]
struct NewApiPage {
    frame: Frame,
    fields: [Field; 2],
}

/// `GET /apis/new`.
pub(in crate::dashboard) async fn ask(administrator: Administrator) -> Response {
    let frame = Frame::new(Section::Apis, administrator.csrf);
    html(&NewApiPage { frame, fields: fields("", "", None) })
}

/// `POST /apis`.
pub(in crate::dashboard) async fn create(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (name, identifier) = (sent.trimmed("name"), sent.trimmed("identifier"));
    match tenant.create_api(NewApi::new(name, identifier)).await {
        Ok(api) => Ok(Done::ApiCreated.at(&View::Permissions.path(&api.id))),
        Err(error) if is_about_a_field(&error) => {
            let frame = Frame::new(Section::Apis, administrator.csrf);
            let page = NewApiPage { frame, fields: fields(name, identifier, Some(&error)) };
            Ok(html_with(StatusCode::BAD_REQUEST, &FormTarget::Here, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// Name and identifier, with what was wrong with them.
pub(in crate::dashboard) fn fields(
    name: &str,
    identifier: &str,
    error: Option<&TenantError>,
) -> [Field; 2] {
    let about = |kinds: &[Kind]| error.filter(|error| kinds.contains(&error.kind())).map(sentence);
    [
        Field::new("name", "Name")
            .value(name)
            .hint("What people call it.")
            .fault(about(&[Kind::InvalidName])),
        Field::new("identifier", "Identifier")
            .value(identifier)
            .mono()
            .hint(
                "It becomes the audience of tokens and never changes. An address is usual; it is \
                 never called.",
            )
            .fault(about(&[Kind::InvalidIdentifier, Kind::DuplicateIdentifier])),
    ]
}

pub(in crate::dashboard) fn is_about_a_field(error: &TenantError) -> bool {
    let kinds = [
        Kind::InvalidName,
        Kind::InvalidIdentifier,
        Kind::DuplicateIdentifier,
        Kind::InvalidPermission,
    ];
    kinds.contains(&error.kind())
}
