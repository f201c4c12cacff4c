//! `/applications/{client_id}/apis`: what an application may do on each API, for itself.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::below;
use crate::model::{Api, Grant, GrantType};
use crate::pages::pieces::{Matrix, MatrixLine};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/applications/apis.html")]
struct Apis {
    frame: Frame,
    head: Head,
    acts_for_itself: bool,
    acts_for_users: bool,
    settings: String,
    apis: Vec<Access>,
    authorize: String,
    withdraw: String,
}

/// One API, and what the application may do there.
struct Access {
    id: String,
    name: String,
    identifier: String,
    permissions_href: String,
    is_authorized: bool,
    /// Nothing when the API has no permissions.
    matrix: Option<Matrix>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(client_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let application = tenant.application(&client_id).await?;
    let here = View::Apis.path(&client_id);
    let grants = tenant.grants().await?;
    let granted = |api: &Api| {
        let mut own = grants.iter().filter(|grant| grant.client_id == client_id);
        own.find(|grant| grant.audience == api.identifier)
    };
    let apis = tenant.apis().await?;
    Ok(html(&Apis {
        frame: Frame::new(Section::Applications, administrator.csrf).after(query.done),
        head: Head::new(&tenant, &application, View::Apis).await?,
        acts_for_itself: application.may_use(GrantType::ClientCredentials),
        acts_for_users: application.may_use(GrantType::AuthorizationCode),
        settings: View::Settings.path(&client_id),
        apis: apis.iter().map(|api| access(api, granted(api), &here)).collect(),
        authorize: format!("{here}/authorize"),
        withdraw: format!("{here}/withdraw"),
    }))
}

fn access(api: &Api, grant: Option<&Grant>, here: &str) -> Access {
    let line = |id: &str, name: &str| MatrixLine { id: id.to_owned(), name: name.to_owned() };
    let matrix = Matrix {
        action: here.to_owned(),
        label: format!("Permissions on {}", api.name),
        corner: "Permission".to_owned(),
        columns: vec![line(&api.id, "Granted")],
        rows: api.permissions.iter().map(|held| line(&held.value, &held.value)).collect(),
        granted: grant
            .iter()
            .flat_map(|grant| grant.scopes.iter())
            .map(|scope| (scope.clone(), api.id.clone()))
            .collect(),
    };
    Access {
        id: api.id.clone(),
        name: api.name.clone(),
        identifier: api.identifier.clone(),
        permissions_href: format!("{}/permissions", below("/apis", &api.id)),
        is_authorized: grant.is_some(),
        matrix: (!api.permissions.is_empty()).then_some(matrix),
    }
}

/// Grants or takes away permissions as boxes are ticked.
pub(super) async fn save(
    State(tenant): State<Tenant>,
    Path(client_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    for change in sent.changes() {
        let api = tenant.api(&change.column).await?;
        let mut scopes = scopes_of(&tenant, &client_id, &api).await?;
        scopes.retain(|scope| *scope != change.row);
        if change.granted {
            scopes.push(change.row);
        }
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        tenant.grant(&client_id, &api.identifier, &scopes).await?;
    }
    Ok(sent.kept(&View::Apis.path(&client_id)))
}

/// What is granted already; nothing when there is no grant.
pub(in crate::dashboard) async fn scopes_of(
    tenant: &Tenant,
    client_id: &str,
    api: &Api,
) -> Result<Vec<String>, Trouble> {
    let grant = tenant.store().grant(client_id, &api.identifier).await?;
    Ok(grant.map(|grant| grant.scopes).unwrap_or_default())
}

/// A grant without permissions, to begin with.
pub(super) async fn authorize(
    State(tenant): State<Tenant>,
    Path(client_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let api = tenant.api(sent.trimmed("api")).await?;
    let scopes = scopes_of(&tenant, &client_id, &api).await?;
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    tenant.grant(&client_id, &api.identifier, &scopes).await?;
    Ok(Done::Authorized.at(&View::Apis.path(&client_id)))
}

pub(super) async fn withdraw(
    State(tenant): State<Tenant>,
    Path(client_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let api = tenant.api(sent.trimmed("api")).await?;
    tenant.delete_grant(&client_id, &api.identifier).await?;
    Ok(Done::Withdrawn.at(&View::Apis.path(&client_id)))
}
