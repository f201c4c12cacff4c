//! A role: permissions that are given to users together.

use super::name::check_name;
use crate::error::TenantError;

/// A role.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
/// let role = tenant.create_role("Reader", "May read messages").await?;
/// assert!(role.id.starts_with("rol_"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Role {
    /// What the tenant calls it: `rol_` and 16 random letters and digits. It never changes.
    pub id: String,
    /// What people call it. No other role has this name.
    pub name: String,
    /// What people read.
    pub description: String,
}

/// A permission that a role or a user holds.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// # let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
/// # let user_id = "auth0|x";
/// for held in tenant.user_permissions(user_id).await? {
///     println!("{} on {}, by {:?}", held.value, held.audience, held.roles);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldPermission {
    /// Identifier of the API.
    pub audience: String,
    /// The scope token that stands for it.
    pub value: String,
    /// Whether it is held without a role.
    pub direct: bool,
    /// Names of the roles that give it.
    pub roles: Vec<String>,
}

impl Role {
    pub(crate) fn check(&self) -> Result<(), TenantError> {
        check_name("role", &self.name)?;
        if self.description.is_empty() { Ok(()) } else { check_name("role", &self.description) }
    }
}
