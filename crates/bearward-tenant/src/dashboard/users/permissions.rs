//! `/users/{user_id}/permissions`: all that a user may do, and where it comes from.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::below;
use crate::model::{Api, HeldPermission};
use crate::pages::pieces::{Control, Field};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/users/permissions.html")]
struct Permissions {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    /// Name and settings of each API that gives its permissions to anyone who asks.
    unenforced: Vec<(String, String)>,
    /// Nothing when there is no permission that could be added.
    add: Option<Field>,
    here: String,
}

struct Row {
    value: String,
    api: String,
    api_id: String,
    direct: bool,
    roles: Vec<String>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(user_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let user = tenant.user(&user_id).await?;
    let held = tenant.user_permissions(&user.user_id).await?;
    let apis = tenant.apis().await?;
    let choices = addable(&apis, &held);
    let add = Field::new("permission", "Permission").control(Control::Choice(choices.clone()));
    Ok(html(&Permissions {
        frame: Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done),
        head: Head::new(&tenant, &user, View::Permissions).await?,
        add: (!choices.is_empty()).then_some(add),
        unenforced: apis
            .iter()
            .filter(|api| !api.enforce_policies && !api.permissions.is_empty())
            .map(|api| (api.name.clone(), format!("{}/settings", below("/apis", &api.id))))
            .collect(),
        rows: held.into_iter().filter_map(|held| row(&apis, held)).collect(),
        here: View::Permissions.path(&user.user_id),
    }))
}

fn row(apis: &[Api], held: HeldPermission) -> Option<Row> {
    let api = apis.iter().find(|api| api.identifier == held.audience)?;
    Some(Row {
        value: held.value,
        api: api.name.clone(),
        api_id: api.id.clone(),
        direct: held.direct,
        roles: held.roles,
    })
}

/// Every permission that is not held directly, as value and name of an option.
fn addable(apis: &[Api], held: &[HeldPermission]) -> Vec<(String, String)> {
    let is_held = |api: &Api, value: &str| {
        let mut direct = held.iter().filter(|held| held.direct);
        direct.any(|held| held.audience == api.identifier && held.value == value)
    };
    let all = apis.iter().flat_map(|api| api.permissions.iter().map(move |held| (api, held)));
    all.filter(|(api, permission)| !is_held(api, &permission.value))
        .map(|(api, permission)| {
            let value = &permission.value;
            (format!("{} {value}", api.id), format!("{value} on {}", api.name))
        })
        .collect()
}

pub(super) async fn give(
    State(tenant): State<Tenant>,
    Path(user_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (api, value) = sent.trimmed("permission").split_once(' ').unwrap_or_default();
    tenant.give_user_permission(&user_id, api, value).await?;
    Ok(Done::Given.at(&View::Permissions.path(&user_id)))
}

pub(super) async fn take(
    State(tenant): State<Tenant>,
    Path(user_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (api, value) = sent.trimmed("permission").split_once(' ').unwrap_or_default();
    tenant.take_user_permission(&user_id, api, value).await?;
    Ok(Done::TakenAway.at(&View::Permissions.path(&user_id)))
}
