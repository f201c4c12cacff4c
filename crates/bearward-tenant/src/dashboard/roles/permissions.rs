//! `/roles/{role_id}/permissions`: what a role gives, by API.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::below;
use crate::model::Api;
use crate::pages::pieces::{Matrix, MatrixLine};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/roles/permissions.html")]
struct Permissions {
    frame: Frame,
    head: Head,
    apis: Vec<OfApi>,
}

/// What the role gives on one API.
struct OfApi {
    name: String,
    identifier: String,
    enforced: bool,
    settings: String,
    matrix: Matrix,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(role_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let role = tenant.role(&role_id).await?;
    let held = tenant.role_permissions(&role.id).await?;
    let apis = tenant.apis().await?;
    let here = View::Permissions.path(&role.id);
    let with_permissions = apis.iter().filter(|api| !api.permissions.is_empty());
    Ok(html(&Permissions {
        frame: Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done),
        head: Head::new(&tenant, &role, View::Permissions).await?,
        apis: with_permissions.map(|api| of_api(api, &held, &here)).collect(),
    }))
}

fn of_api(api: &Api, held: &[(String, String)], here: &str) -> OfApi {
    let line = |id: &str, name: &str| MatrixLine { id: id.to_owned(), name: name.to_owned() };
    OfApi {
        name: api.name.clone(),
        identifier: api.identifier.clone(),
        enforced: api.enforce_policies,
        settings: format!("{}/settings", below("/apis", &api.id)),
        matrix: Matrix {
            action: here.to_owned(),
            label: format!("Permissions on {}", api.name),
            corner: "Permission".to_owned(),
            columns: vec![line(&api.id, "Given")],
            rows: api.permissions.iter().map(|p| line(&p.value, &p.value)).collect(),
            granted: held
                .iter()
                .filter(|(audience, _)| *audience == api.identifier)
                .map(|(_, value)| (value.clone(), api.id.clone()))
                .collect(),
        },
    }
}

/// Gives and takes away permissions as boxes are ticked.
pub(super) async fn save(
    State(tenant): State<Tenant>,
    Path(role_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let role_id = tenant.role(&role_id).await?.id;
    for change in sent.changes() {
        let (api, value) = (&change.column, &change.row);
        match change.granted {
            true => tenant.give_role_permission(&role_id, api, value).await?,
            false => tenant.take_role_permission(&role_id, api, value).await?,
        }
    }
    Ok(sent.kept(&View::Permissions.path(&role_id)))
}
