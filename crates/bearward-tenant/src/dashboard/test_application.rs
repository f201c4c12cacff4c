//! An application for trying an API out.

use crate::error::TenantError;
use crate::model::{Api, Application, ApplicationType, NewApplication};
use crate::tenant::Tenant;

/// A name has 200 characters at most, and the rest of it comes behind.
const MAX_CHARACTERS: usize = 180;

/// Makes it, in Auth0's words, with a grant for all that the API has. Nobody needs its secret: the
/// Test view asks in its place, and whoever wants one later rotates it.
pub(super) async fn make(tenant: &Tenant, api: &Api) -> Result<Application, TenantError> {
    let name: String = api.name.chars().take(MAX_CHARACTERS).collect();
    let name = format!("{name} (Test Application)");
    let new = NewApplication::new(name, ApplicationType::NonInteractive);
    let application = tenant.create_application(new).await?.application;
    let scopes: Vec<&str> = api.permissions.iter().map(|p| p.value.as_str()).collect();
    tenant.grant(&application.client_id, &api.identifier, &scopes).await?;
    Ok(application)
}
