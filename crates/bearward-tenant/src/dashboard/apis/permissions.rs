//! Permissions: what can be granted on the API.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::create::is_about_a_field;
use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::sentence;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Permission, Usage};
use crate::pages::pieces::{Danger, Field};
use crate::pages::{FormTarget, Frame, html, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/api/permissions.html")]
struct Permissions {
    frame: Frame,
    head: Head,
    permissions: Vec<(Permission, Usage)>,
    fields: [Field; 2],
}

#[derive(Template)]
#[template(path = "dashboard/api/remove_permission.html")]
struct RemovePermission {
    frame: Frame,
    head: Head,
    danger: Danger,
}

/// `GET /apis/{id}/permissions`.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let mut page = Permissions::read(&tenant, administrator, &id, fields("", "", None)).await?;
    page.frame = page.frame.after(query.done);
    Ok(html(&page))
}

/// `POST /apis/{id}/permissions`: adds one, or gives one that is there another description.
pub(in crate::dashboard) async fn put(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (value, description) = (sent.trimmed("permission"), sent.trimmed("description"));
    match tenant.put_permission(&id, value, description).await {
        Ok(()) => Ok(Done::PermissionSaved.at(&View::Permissions.path(&id))),
        Err(error) if is_about_a_field(&error) => {
            let fields = fields(value, description, Some(sentence(&error)));
            let page = Permissions::read(&tenant, administrator, &id, fields).await?;
            Ok(html_with(StatusCode::BAD_REQUEST, &FormTarget::Here, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// The query of [`ask`].
#[derive(Deserialize)]
pub(in crate::dashboard) struct Named {
    #[serde(default)]
    permission: String,
}

/// `GET /apis/{id}/permissions/delete?permission=`: says what would break.
pub(in crate::dashboard) async fn ask(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(Named { permission: value }): Query<Named>,
) -> Result<Response, Trouble> {
    let (frame, head) = Head::read(&tenant, administrator, &id, View::Permissions).await?;
    if !head.api.has_permission(&value) {
        let detail = format!("the API has no permission {value:?}");
        return Err(TenantError::new(TenantErrorKind::UnknownPermission, detail).into());
    }
    let usage = tenant.store().permission_usage(&head.api.id, &value).await?;
    let breaks = match usage.in_words() {
        None => "Nothing holds it: nothing breaks.".to_owned(),
        Some(words) if usage.is_one() => format!("{words} loses it."),
        Some(words) => format!("{words} lose it."),
    };
    let danger = Danger {
        id: "remove",
        title: format!("Remove {value}"),
        breaks: vec![breaks, "Tokens that are out keep it until they expire.".to_owned()],
        action: format!("/apis/{}/permissions/delete", head.api.id),
        button: format!("Remove {value}"),
        typed: None,
        fields: vec![("permission".to_owned(), value)],
    };
    Ok(html(&RemovePermission { frame, head, danger }))
}

/// `POST /apis/{id}/permissions/delete`.
pub(in crate::dashboard) async fn remove(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    tenant.delete_permission(&id, sent.text("permission")).await?;
    Ok(Done::PermissionRemoved.at(&View::Permissions.path(&id)))
}

impl Permissions {
    async fn read(
        tenant: &Tenant,
        administrator: Administrator,
        id: &str,
        fields: [Field; 2],
    ) -> Result<Permissions, TenantError> {
        let (frame, head) = Head::read(tenant, administrator, id, View::Permissions).await?;
        let mut permissions = Vec::new();
        for permission in &head.api.permissions {
            let usage = tenant.store().permission_usage(&head.api.id, &permission.value).await?;
            permissions.push((permission.clone(), usage));
        }
        Ok(Permissions { frame, head, permissions, fields })
    }
}

/// What a new permission is made of; Get started asks for the same.
pub(in crate::dashboard) fn fields(
    value: &str,
    description: &str,
    fault: Option<String>,
) -> [Field; 2] {
    [
        Field::new("permission", "Permission")
            .value(value)
            .mono()
            .hint("Usually an action and what it is done to, such as read:messages.")
            .fault(fault),
        Field::new("description", "Description")
            .value(description)
            .optional()
            .hint("What a person reads who is asked for consent."),
    ]
}
