//! What stands on top of each page of one user.

use super::path;
use crate::dashboard::words::count;
use crate::error::TenantError;
use crate::model::User;
use crate::pages::pieces::Tab;
use crate::tenant::Tenant;

/// Address, name, id, what they have, and the other views.
pub(super) struct Head {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) user_id: String,
    pub(super) has: String,
    pub(super) blocked: bool,
    pub(super) tabs: Vec<Tab>,
}

/// The views of a user.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Details,
    Roles,
    Permissions,
}

impl View {
    /// Where it is, for this user.
    pub(super) fn path(self, user_id: &str) -> String {
        let user = path(user_id);
        match self {
            View::Details => user,
            View::Roles => format!("{user}/roles"),
            View::Permissions => format!("{user}/permissions"),
        }
    }
}

impl Head {
    pub(super) async fn new(tenant: &Tenant, user: &User, view: View) -> Result<Head, TenantError> {
        let roles = tenant.user_roles(&user.user_id).await?.len();
        let permissions = tenant.user_permissions(&user.user_id).await?.len();
        let tab =
            |label, of: View| Tab { label, href: of.path(&user.user_id), current: of == view };
        Ok(Head {
            email: user.email.clone(),
            name: user.name.clone(),
            user_id: user.user_id.clone(),
            has: format!("{}, {}", count(roles, "role"), count(permissions, "permission")),
            blocked: user.blocked,
            tabs: vec![
                tab("Details", View::Details),
                tab("Roles", View::Roles),
                tab("Permissions", View::Permissions),
            ],
        })
    }
}
