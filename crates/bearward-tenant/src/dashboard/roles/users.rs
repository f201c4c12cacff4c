//! `/roles/{role_id}/users`: who has a role.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::users::path;
use crate::pages::pieces::{Control, Field};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

/// As many as a list to pick from can hold; the rest are found by their own page.
const MOST_CHOICES: usize = 500;

#[derive(Template)]
#[template(path = "dashboard/roles/users.html")]
struct Users {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    /// Nothing when all users have the role.
    add: Option<Field>,
    here: String,
}

struct Row {
    user_id: String,
    email: String,
    name: String,
    href: String,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(role_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let role = tenant.role(&role_id).await?;
    let ids = tenant.role_users(&role.id).await?;
    let (having, others): (Vec<_>, Vec<_>) =
        tenant.users().await?.into_iter().partition(|user| ids.contains(&user.user_id));
    let choices: Vec<_> =
        others.into_iter().take(MOST_CHOICES).map(|user| (user.user_id, user.email)).collect();
    let add = Field::new("user_id", "User").control(Control::Choice(choices.clone()));
    let rows = having.into_iter().map(|user| Row {
        href: path(&user.user_id),
        user_id: user.user_id,
        email: user.email,
        name: user.name,
    });
    Ok(html(&Users {
        frame: Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done),
        head: Head::new(&tenant, &role, View::Users).await?,
        rows: rows.collect(),
        add: (!choices.is_empty()).then_some(add),
        here: View::Users.path(&role.id),
    }))
}

pub(super) async fn give(
    State(tenant): State<Tenant>,
    Path(role_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    tenant.give_user_role(sent.trimmed("user_id"), &role_id).await?;
    Ok(Done::Given.at(&View::Users.path(&role_id)))
}

pub(super) async fn take(
    State(tenant): State<Tenant>,
    Path(role_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    tenant.take_user_role(sent.trimmed("user_id"), &role_id).await?;
    Ok(Done::TakenAway.at(&View::Users.path(&role_id)))
}
