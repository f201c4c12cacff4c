//! `/users/{user_id}/roles`: which roles a user has.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::pages::pieces::{Matrix, MatrixLine};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

/// The column of the table; there is one.
const ASSIGNED: &str = "assigned";

#[derive(Template)]
#[template(path = "dashboard/users/roles.html")]
struct Roles {
    frame: Frame,
    head: Head,
    /// Nothing when the tenant has no roles.
    matrix: Option<Matrix>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(user_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let user = tenant.user(&user_id).await?;
    let held = tenant.user_roles(&user.user_id).await?;
    let roles = tenant.roles().await?;
    let line = |id: String, name: &str| MatrixLine { id, name: name.to_owned() };
    let matrix = (!roles.is_empty()).then(|| Matrix {
        action: View::Roles.path(&user.user_id),
        label: format!("Roles of {}", user.email),
        corner: "Role".to_owned(),
        columns: vec![line(ASSIGNED.to_owned(), "Assigned")],
        rows: roles.into_iter().map(|role| line(role.id, &role.name)).collect(),
        granted: held.into_iter().map(|role| (role.id, ASSIGNED.to_owned())).collect(),
    });
    Ok(html(&Roles {
        frame: Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done),
        head: Head::new(&tenant, &user, View::Roles).await?,
        matrix,
    }))
}

/// Assigns and removes roles as boxes are ticked.
pub(super) async fn save(
    State(tenant): State<Tenant>,
    Path(user_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let user_id = tenant.user(&user_id).await?.user_id;
    for change in sent.changes() {
        match change.granted {
            true => tenant.give_user_role(&user_id, &change.row).await?,
            false => tenant.take_user_role(&user_id, &change.row).await?,
        }
    }
    Ok(sent.kept(&View::Roles.path(&user_id)))
}
