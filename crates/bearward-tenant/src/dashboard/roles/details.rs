//! `/roles/{role_id}`: name, description, and the end of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::SECTION;
use super::create::{fields, is_of_a_field};
use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::{below, count};
use crate::error::TenantError;
use crate::model::Role;
use crate::pages::pieces::{Danger, Field};
use crate::pages::{FormTarget, Frame, Section, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/roles/details.html")]
struct Details {
    frame: Frame,
    head: Head,
    fields: Vec<Field>,
    delete: Danger,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(role_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let role = tenant.role(&role_id).await?;
    page(
        &tenant,
        Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done),
        &role,
        None,
    )
    .await
}

pub(super) async fn save(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(role_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let role = Role {
        name: sent.trimmed("name").to_owned(),
        description: sent.trimmed("description").to_owned(),
        ..tenant.role(&role_id).await?
    };
    match tenant.update_role(&role).await {
        Ok(()) => Ok(Done::Kept.at(&View::Details.path(&role.id))),
        Err(error) if is_of_a_field(&error) => {
            let frame = Frame::new(Section::UsersAndRoles, administrator.csrf.clone());
            page(&tenant, frame, &role, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(
    State(tenant): State<Tenant>,
    Path(role_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let role = tenant.role(&role_id).await?;
    if sent.text("confirm") != role.name {
        return Ok(Trouble::not_confirmed(&role.name));
    }
    tenant.delete_role(&role.id).await?;
    Ok(Done::RoleDeleted.at(SECTION))
}

async fn page(
    tenant: &Tenant,
    frame: Frame,
    role: &Role,
    error: Option<&TenantError>,
) -> Result<Response, Trouble> {
    let kept = tenant.role(&role.id).await?;
    let users = tenant.role_users(&role.id).await?.len();
    let permissions = tenant.role_permissions(&role.id).await?.len();
    let page = Details {
        frame,
        head: Head::new(tenant, &kept, View::Details).await?,
        fields: fields(&role.name, &role.description, error),
        delete: Danger {
            id: "delete",
            title: "Delete this role".to_owned(),
            breaks: vec![
                format!(
                    "{} lose {} that they do not hold otherwise.",
                    count(users, "user"),
                    count(permissions, "permission")
                ),
                "Tokens that they have are good until they expire.".to_owned(),
            ],
            action: format!("{}/delete", below(SECTION, &role.id)),
            button: "Delete role".to_owned(),
            typed: Some(kept.name),
            fields: Vec::new(),
        },
    };
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(html_with(status, &FormTarget::Here, &page))
}
