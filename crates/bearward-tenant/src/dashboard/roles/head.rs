//! What stands on top of each page of one role.

use super::SECTION;
use crate::dashboard::words::{below, count};
use crate::error::TenantError;
use crate::model::Role;
use crate::pages::pieces::Tab;
use crate::tenant::Tenant;

/// Name, id, what depends on it, and the other parts.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) description: String,
    pub(super) depends: String,
    pub(super) tabs: Vec<Tab>,
}

/// The parts of a role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Details,
    Permissions,
    Users,
}

impl Part {
    /// Where it is, for this role.
    pub(super) fn path(self, role_id: &str) -> String {
        let role = below(SECTION, role_id);
        match self {
            Part::Details => role,
            Part::Permissions => format!("{role}/permissions"),
            Part::Users => format!("{role}/users"),
        }
    }
}

impl Head {
    pub(super) async fn new(tenant: &Tenant, role: &Role, part: Part) -> Result<Head, TenantError> {
        let permissions = tenant.role_permissions(&role.id).await?.len();
        let users = tenant.role_users(&role.id).await?.len();
        let tab = |label, of: Part| Tab { label, href: of.path(&role.id), current: of == part };
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
                tab("Details", Part::Details),
                tab("Permissions", Part::Permissions),
                tab("Users", Part::Users),
            ],
        })
    }
}
