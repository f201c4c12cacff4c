//! Application access: which applications get tokens for the API without a user, and with what.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::{Change, Sent};
use crate::dashboard::trouble::Trouble;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Api, Application, Grant, GrantType};
use crate::pages::pieces::{Matrix, MatrixLine};
use crate::pages::{Frame, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/api/access.html")]
struct Access {
    frame: Frame,
    head: Head,
    /// Those that can ask for tokens without a user.
    applications: Vec<(Application, Option<Grant>)>,
    matrix: Matrix,
}

/// `GET /apis/{id}/access`.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let (frame, head) = Head::read(&tenant, administrator, &id, View::ApplicationAccess).await?;
    let mut applications = Vec::new();
    for application in tenant.applications().await? {
        if application.may_use(GrantType::ClientCredentials) {
            let grant = tenant.store().grant(&application.client_id, &head.api.identifier).await?;
            applications.push((application, grant));
        }
    }
    let matrix = matrix(&head, &applications);
    Ok(html(&Access { frame: frame.after(query.done), head, applications, matrix }))
}

fn matrix(head: &Head, applications: &[(Application, Option<Grant>)]) -> Matrix {
    let authorized = applications
        .iter()
        .filter_map(|(application, grant)| grant.as_ref().map(|grant| (application, grant)));
    let mut rows = Vec::new();
    let mut granted = Vec::new();
    for (application, grant) in authorized {
        let id = &application.client_id;
        rows.push(MatrixLine { id: id.clone(), name: application.name.clone() });
        granted.extend(grant.scopes.iter().map(|scope| (id.clone(), scope.clone())));
    }
    let column = |value: &String| MatrixLine { id: value.clone(), name: value.clone() };
    Matrix {
        action: format!("/apis/{}/access", head.api.id),
        label: "Permissions of each application".to_owned(),
        corner: "Application".to_owned(),
        columns: head.api.permissions.iter().map(|permission| column(&permission.value)).collect(),
        rows,
        granted,
    }
}

/// `POST /apis/{id}/access`: the matrix. With its script one change at a time, without it all boxes.
pub(in crate::dashboard) async fn save(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let api = tenant.api(&id).await?;
    for change in sent.changes() {
        set(&tenant, &api.identifier, &change).await?;
    }
    Ok(sent.kept(&View::ApplicationAccess.path(&api.id)))
}

/// Grants the permission or takes it, and leaves the others as they are.
async fn set(tenant: &Tenant, audience: &str, change: &Change) -> Result<(), TenantError> {
    let (client_id, permission) = (&change.row, &change.column);
    let Some(grant) = tenant.store().grant(client_id, audience).await? else {
        let detail = format!("{client_id:?} has no grant for {audience:?}");
        return Err(TenantError::new(TenantErrorKind::UnknownGrant, detail));
    };
    if grant.scopes.contains(permission) == change.granted {
        return Ok(());
    }
    let others = grant.scopes.iter().filter(|other| *other != permission);
    let this = change.granted.then_some(permission);
    let scopes: Vec<&str> = others.chain(this).map(String::as_str).collect();
    tenant.grant(client_id, audience, &scopes).await.map(|_| ())
}

/// `POST /apis/{id}/access/authorize`: gives the application a grant, with these permissions besides
/// those that it has. It is the mend of the Test view too, which is where `back=test` leads, and
/// where the permissions may be for a user instead.
pub(in crate::dashboard) async fn authorize(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let api = tenant.api(&id).await?;
    let (client_id, user_id) = (sent.text("client_id"), sent.text("user_id"));
    let scopes: Vec<&str> = sent.all("scope").collect();
    let done = if user_id.is_empty() {
        grant(&tenant, &api, client_id, &scopes).await?
    } else {
        for scope in scopes {
            tenant.give_user_permission(user_id, &api.identifier, scope).await?;
        }
        Done::Given
    };
    if sent.text("back") == "test" {
        return Ok(done.at(&super::test::path(&api.id, client_id, user_id)));
    }
    Ok(done.at(&View::ApplicationAccess.path(&api.id)))
}

async fn grant(
    tenant: &Tenant,
    api: &Api,
    client_id: &str,
    more: &[&str],
) -> Result<Done, TenantError> {
    let grant = tenant.store().grant(client_id, &api.identifier).await?;
    let done = if grant.is_some() { Done::Given } else { Done::Authorized };
    let had = grant.map(|grant| grant.scopes).unwrap_or_default();
    let scopes: Vec<&str> = had.iter().map(String::as_str).chain(more.iter().copied()).collect();
    tenant.grant(client_id, &api.identifier, &scopes).await?;
    Ok(done)
}

/// `POST /apis/{id}/access/withdraw`: takes the application's grant.
pub(in crate::dashboard) async fn withdraw(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let api = tenant.api(&id).await?;
    tenant.delete_grant(sent.text("client_id"), &api.identifier).await?;
    Ok(Done::Withdrawn.at(&View::ApplicationAccess.path(&api.id)))
}
