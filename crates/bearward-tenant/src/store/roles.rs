//! Roles, who has them, and which permissions users hold.

use super::Store;
use super::database::{is_duplicate, names_nothing};
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{HeldPermission, Role};

impl Store {
    pub(crate) async fn insert_role(&self, role: &Role) -> Result<(), TenantError> {
        let inserted = sqlx::query("INSERT INTO roles (id, name, description) VALUES ($1, $2, $3)")
            .bind(&role.id)
            .bind(&role.name)
            .bind(&role.description)
            .execute(self.database.writer())
            .await;
        match inserted {
            Err(error) if is_duplicate(&error) => Err(duplicate(role)),
            other => Ok(other.map(|_| ())?),
        }
    }

    pub(crate) async fn update_role(&self, role: &Role) -> Result<(), TenantError> {
        let updated = sqlx::query("UPDATE roles SET name = $2, description = $3 WHERE id = $1")
            .bind(&role.id)
            .bind(&role.name)
            .bind(&role.description)
            .execute(self.database.writer())
            .await;
        match updated {
            Err(error) if is_duplicate(&error) => Err(duplicate(role)),
            other => found(other?.rows_affected(), &role.id),
        }
    }

    pub(crate) async fn delete_role(&self, id: &str) -> Result<(), TenantError> {
        let deleted = sqlx::query("DELETE FROM roles WHERE id = $1")
            .bind(id)
            .execute(self.database.writer())
            .await?;
        found(deleted.rows_affected(), id)
    }

    /// By name.
    pub(crate) async fn roles(&self) -> Result<Vec<Role>, TenantError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT id, name, description FROM roles ORDER BY name")
                .fetch_all(self.database.reader())
                .await?;
        Ok(rows.into_iter().map(role).collect())
    }

    pub(crate) async fn role(&self, id: &str) -> Result<Option<Role>, TenantError> {
        let row: Option<(String, String, String)> =
            sqlx::query_as("SELECT id, name, description FROM roles WHERE id = $1")
                .bind(id)
                .fetch_optional(self.database.reader())
                .await?;
        Ok(row.map(role))
    }

    /// Identifier of the API and value, by both.
    pub(crate) async fn role_permissions(
        &self,
        role_id: &str,
    ) -> Result<Vec<(String, String)>, TenantError> {
        let rows = sqlx::query_as(
            "SELECT apis.identifier, role_permissions.value FROM role_permissions \
             JOIN apis ON apis.id = role_permissions.api_id WHERE role_id = $1 \
             ORDER BY apis.identifier, role_permissions.value",
        )
        .bind(role_id)
        .fetch_all(self.database.reader())
        .await?;
        Ok(rows)
    }

    pub(crate) async fn give_role_permission(
        &self,
        role_id: &str,
        api_id: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let inserted = sqlx::query(
            "INSERT INTO role_permissions (role_id, api_id, value) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(role_id)
        .bind(api_id)
        .bind(value)
        .execute(self.database.writer())
        .await;
        match inserted {
            Err(error) if names_nothing(&error) => Err(names_nothing_here("role", role_id, value)),
            other => Ok(other.map(|_| ())?),
        }
    }

    pub(crate) async fn take_role_permission(
        &self,
        role_id: &str,
        api_id: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        sqlx::query(
            "DELETE FROM role_permissions WHERE role_id = $1 AND api_id = $2 AND value = $3",
        )
        .bind(role_id)
        .bind(api_id)
        .bind(value)
        .execute(self.database.writer())
        .await?;
        Ok(())
    }

    pub(crate) async fn give_user_permission(
        &self,
        user_id: &str,
        api_id: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let inserted = sqlx::query(
            "INSERT INTO user_permissions (user_id, api_id, value) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(user_id)
        .bind(api_id)
        .bind(value)
        .execute(self.database.writer())
        .await;
        match inserted {
            Err(error) if names_nothing(&error) => Err(names_nothing_here("user", user_id, value)),
            other => Ok(other.map(|_| ())?),
        }
    }

    pub(crate) async fn take_user_permission(
        &self,
        user_id: &str,
        api_id: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        sqlx::query(
            "DELETE FROM user_permissions WHERE user_id = $1 AND api_id = $2 AND value = $3",
        )
        .bind(user_id)
        .bind(api_id)
        .bind(value)
        .execute(self.database.writer())
        .await?;
        Ok(())
    }

    pub(crate) async fn give_user_role(
        &self,
        user_id: &str,
        role_id: &str,
    ) -> Result<(), TenantError> {
        let inserted = sqlx::query(
            "INSERT INTO user_roles (user_id, role_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(user_id)
        .bind(role_id)
        .execute(self.database.writer())
        .await;
        match inserted {
            Err(error) if names_nothing(&error) => {
                let detail = format!("there is no user {user_id:?}, or no role {role_id:?}");
                Err(TenantError::new(TenantErrorKind::UnknownRole, detail))
            }
            other => Ok(other.map(|_| ())?),
        }
    }

    pub(crate) async fn take_user_role(
        &self,
        user_id: &str,
        role_id: &str,
    ) -> Result<(), TenantError> {
        sqlx::query("DELETE FROM user_roles WHERE user_id = $1 AND role_id = $2")
            .bind(user_id)
            .bind(role_id)
            .execute(self.database.writer())
            .await?;
        Ok(())
    }

    /// By name.
    pub(crate) async fn user_roles(&self, user_id: &str) -> Result<Vec<Role>, TenantError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT roles.id, roles.name, roles.description FROM roles \
             JOIN user_roles ON user_roles.role_id = roles.id WHERE user_roles.user_id = $1 \
             ORDER BY roles.name",
        )
        .bind(user_id)
        .fetch_all(self.database.reader())
        .await?;
        Ok(rows.into_iter().map(role).collect())
    }

    /// Ids of the users that have the role.
    pub(crate) async fn role_users(&self, role_id: &str) -> Result<Vec<String>, TenantError> {
        let rows = sqlx::query_scalar(
            "SELECT user_id FROM user_roles WHERE role_id = $1 ORDER BY user_id",
        )
        .bind(role_id)
        .fetch_all(self.database.reader())
        .await?;
        Ok(rows)
    }

    /// Each permission once, with all that it comes by; by API and value.
    pub(crate) async fn user_permissions(
        &self,
        user_id: &str,
    ) -> Result<Vec<HeldPermission>, TenantError> {
        let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
            "SELECT apis.identifier, user_permissions.value, CAST(NULL AS TEXT) AS role FROM user_permissions \
             JOIN apis ON apis.id = user_permissions.api_id WHERE user_id = $1 \
             UNION ALL \
             SELECT apis.identifier, role_permissions.value, roles.name AS role FROM user_roles \
             JOIN roles ON roles.id = user_roles.role_id \
             JOIN role_permissions ON role_permissions.role_id = roles.id \
             JOIN apis ON apis.id = role_permissions.api_id WHERE user_roles.user_id = $1 \
             ORDER BY 1, 2, 3",
        )
        .bind(user_id)
        .fetch_all(self.database.reader())
        .await?;
        let mut held: Vec<HeldPermission> = Vec::new();
        for (audience, value, role) in rows {
            let known =
                held.iter_mut().find(|other| other.audience == audience && other.value == value);
            match (known, role) {
                (Some(known), Some(role)) => known.roles.push(role),
                (Some(known), None) => known.direct = true,
                (None, role) => held.push(HeldPermission {
                    audience,
                    value,
                    direct: role.is_none(),
                    roles: role.into_iter().collect(),
                }),
            }
        }
        Ok(held)
    }
}

fn role((id, name, description): (String, String, String)) -> Role {
    Role { id, name, description }
}

fn duplicate(role: &Role) -> TenantError {
    let detail = format!("there is a role with the name {:?}", role.name);
    TenantError::new(TenantErrorKind::DuplicateName, detail)
}

fn found(rows: u64, id: &str) -> Result<(), TenantError> {
    if rows == 0 {
        let detail = format!("there is no role {id:?}");
        return Err(TenantError::new(TenantErrorKind::UnknownRole, detail));
    }
    Ok(())
}

fn names_nothing_here(what: &str, id: &str, permission: &str) -> TenantError {
    let detail = format!("there is no {what} {id:?}, or the API has no permission {permission:?}");
    TenantError::new(TenantErrorKind::UnknownPermission, detail)
}
