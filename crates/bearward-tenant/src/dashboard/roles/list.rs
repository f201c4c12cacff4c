//! `GET /roles`.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::head::View;
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::users::{Half, tabs};
use crate::pages::pieces::Tab;
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/roles/list.html")]
struct List {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    href: String,
    description: String,
    permissions: usize,
    users: usize,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let mut rows = Vec::new();
    for role in tenant.roles().await? {
        rows.push(Row {
            href: View::Details.path(&role.id),
            permissions: tenant.role_permissions(&role.id).await?.len(),
            users: tenant.role_users(&role.id).await?.len(),
            name: role.name,
            description: role.description,
        });
    }
    let frame = Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done);
    Ok(html(&List { frame, tabs: tabs(Half::Roles), rows }))
}
