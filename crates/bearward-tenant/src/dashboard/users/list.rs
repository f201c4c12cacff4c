//! `GET /users`.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::path;
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::moment;
use crate::error::TenantError;
use crate::pages::pieces::{Moment, Tab};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/users/list.html")]
struct List {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

struct Row {
    email: String,
    href: String,
    name: String,
    roles: String,
    last_login: Option<Moment>,
    blocked: bool,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let mut roles = roles_by_user(&tenant).await?;
    let rows = tenant.users().await?.into_iter().map(|user| Row {
        href: path(&user.user_id),
        roles: roles.remove(&user.user_id).unwrap_or_default().join(", "),
        last_login: user.last_login.and_then(|at| moment(&tenant, at)),
        blocked: user.blocked,
        email: user.email,
        name: user.name,
    });
    let rows = rows.collect();
    let frame = Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done);
    Ok(html(&List { frame, tabs: tabs(Half::Users), rows }))
}

/// One query for each role, of which there are few, and none for each user.
async fn roles_by_user(tenant: &Tenant) -> Result<HashMap<String, Vec<String>>, TenantError> {
    let mut by_user: HashMap<String, Vec<String>> = HashMap::new();
    for role in tenant.roles().await? {
        for user_id in tenant.role_users(&role.id).await? {
            by_user.entry(user_id).or_default().push(role.name.clone());
        }
    }
    Ok(by_user)
}

/// The two halves of the section.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::dashboard) enum Half {
    Users,
    Roles,
}

pub(in crate::dashboard) fn tabs(shown: Half) -> Vec<Tab> {
    let tab =
        |label, href: &str, half| Tab { label, href: href.to_owned(), current: half == shown };
    vec![tab("Users", "/users", Half::Users), tab("Roles", "/roles", Half::Roles)]
}
