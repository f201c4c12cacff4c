//! The tenant's roles, and what users may do.

use super::Tenant;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{HeldPermission, Role};
use crate::random;

impl Tenant {
    /// Makes a role.
    ///
    /// # Errors
    /// `invalid_name`; `duplicate_name` when there is a role with this name.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// let reader = tenant.create_role("Reader", "May read messages").await?;
    /// assert_eq!(tenant.roles().await?, [reader]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_role(&self, name: &str, description: &str) -> Result<Role, TenantError> {
        let role = Role {
            id: format!("rol_{}", random::letters_and_digits(16)?),
            name: name.to_owned(),
            description: description.to_owned(),
        };
        role.check()?;
        self.store().insert_role(&role).await?;
        Ok(role)
    }

    /// Every role, by name.
    ///
    /// # Errors
    /// `store`.
    pub async fn roles(&self) -> Result<Vec<Role>, TenantError> {
        self.store().roles().await
    }

    /// The role with this id, or else with this name.
    ///
    /// # Errors
    /// `unknown_role`, `store`.
    pub async fn role(&self, id_or_name: &str) -> Result<Role, TenantError> {
        if let Some(role) = self.store().role(id_or_name).await? {
            return Ok(role);
        }
        let named = self.store().roles().await?.into_iter().find(|role| role.name == id_or_name);
        named.ok_or_else(|| {
            let detail = format!("there is no role {id_or_name:?}");
            TenantError::new(TenantErrorKind::UnknownRole, detail)
        })
    }

    /// Keeps another name and description of a role.
    ///
    /// # Errors
    /// `invalid_name`, `duplicate_name`; `unknown_role` when it is gone.
    pub async fn update_role(&self, role: &Role) -> Result<(), TenantError> {
        role.check()?;
        self.store().update_role(role).await
    }

    /// Deletes a role. Users lose what they hold by it alone.
    ///
    /// # Errors
    /// `unknown_role`.
    pub async fn delete_role(&self, role_id: &str) -> Result<(), TenantError> {
        self.store().delete_role(role_id).await
    }

    /// The permissions of a role, each as identifier of the API and value.
    ///
    /// # Errors
    /// `store`.
    pub async fn role_permissions(
        &self,
        role_id: &str,
    ) -> Result<Vec<(String, String)>, TenantError> {
        self.store().role_permissions(role_id).await
    }

    /// Gives a role a permission of an API.
    ///
    /// # Errors
    /// `unknown_api`; `unknown_permission` when the API has none such, or there is no such role.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let reader = tenant.role("Reader").await?;
    /// tenant.give_role_permission(&reader.id, "http://localhost:3010", "read:messages").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn give_role_permission(
        &self,
        role_id: &str,
        audience: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let api = self.api(audience).await?;
        self.store().give_role_permission(role_id, &api.id, value).await
    }

    /// Takes a permission from a role, if it has it.
    ///
    /// # Errors
    /// `unknown_api`.
    pub async fn take_role_permission(
        &self,
        role_id: &str,
        audience: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let api = self.api(audience).await?;
        self.store().take_role_permission(role_id, &api.id, value).await
    }

    /// Ids of the users that have a role.
    ///
    /// # Errors
    /// `store`.
    pub async fn role_users(&self, role_id: &str) -> Result<Vec<String>, TenantError> {
        self.store().role_users(role_id).await
    }

    /// Gives a user a role.
    ///
    /// # Errors
    /// `unknown_role` when there is no such role or no such user.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let (alice, reader) = (tenant.user("alice@example.com").await?, tenant.role("Reader").await?);
    /// tenant.give_user_role(&alice.user_id, &reader.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn give_user_role(&self, user_id: &str, role_id: &str) -> Result<(), TenantError> {
        self.store().give_user_role(user_id, role_id).await
    }

    /// Takes a role from a user, if they have it.
    ///
    /// # Errors
    /// `store`.
    pub async fn take_user_role(&self, user_id: &str, role_id: &str) -> Result<(), TenantError> {
        self.store().take_user_role(user_id, role_id).await
    }

    /// The roles of a user, by name.
    ///
    /// # Errors
    /// `store`.
    pub async fn user_roles(&self, user_id: &str) -> Result<Vec<Role>, TenantError> {
        self.store().user_roles(user_id).await
    }

    /// Gives a user a permission of an API, without a role.
    ///
    /// # Errors
    /// `unknown_api`; `unknown_permission` when the API has none such, or there is no such user.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let alice = tenant.user("alice@example.com").await?;
    /// tenant
    ///     .give_user_permission(&alice.user_id, "http://localhost:3010", "read:messages")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn give_user_permission(
        &self,
        user_id: &str,
        audience: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let api = self.api(audience).await?;
        self.store().give_user_permission(user_id, &api.id, value).await
    }

    /// Takes a permission from a user that they hold without a role. What a role gives stays.
    ///
    /// # Errors
    /// `unknown_api`.
    pub async fn take_user_permission(
        &self,
        user_id: &str,
        audience: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let api = self.api(audience).await?;
        self.store().take_user_permission(user_id, &api.id, value).await
    }

    /// All that a user may do, by API and value: held directly, and by roles.
    ///
    /// # Errors
    /// `store`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let alice = tenant.user("alice@example.com").await?;
    /// for held in tenant.user_permissions(&alice.user_id).await? {
    ///     println!("{} on {}, by {:?}", held.value, held.audience, held.roles);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user_permissions(
        &self,
        user_id: &str,
    ) -> Result<Vec<HeldPermission>, TenantError> {
        self.store().user_permissions(user_id).await
    }
}
