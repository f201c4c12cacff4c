//! What stands on top of each page of one role.

use super::SECTION;
use crate::dashboard::words::{below, count};
use crate::error::TenantError;
use crate::model::Role;
use crate::pages::pieces::Tab;
use crate::tenant::Tenant;

/// Name, id, what depends on it, and the other views.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) description: String,
    pub(super) depends: String,
    pub(super) tabs: Vec<Tab>,
}

/// The views of a role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Details,
    Permissions,
    Users,
}

impl View {
    /// Where it is, for this role.
    pub(super) fn path(self, role_id: &str) -> String {
        let role = below(SECTION, role_id);
        match self {
            View::Details => role,
            View::Permissions => format!("{role}/permissions"),
            View::Users => format!("{role}/users"),
        }
    }
}

impl Head {
    pub(super) async fn new(tenant: &Tenant, role: &Role, view: View) -> Result<Head, TenantError> {
        let permissions = tenant.role_permissions(&role.id).await?.len();
        let users = tenant.role_users(&role.id).await?.len();
        let tab = |label, of: View| Tab { label, href: of.path(&role.id), current: of == view };
        Ok(Head {
            name: role.name.clone(),
            id: role.id.clone(),
            description: role.description.clone(),
            depends: format!(
                "Gives {} to {}.",
                count(permissions, "permission"),
                count(users, "user")
            ),
            tabs: vec![
                tab("Details", View::Details),
                tab("Permissions", View::Permissions),
                tab("Users", View::Users),
            ],
        })
    }
}
