//! APIs and their permissions.

use sqlx::FromRow;

use super::Store;
use super::database::{is_duplicate, names_nothing};
use super::row::{duration, signed, unreadable};
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Api, Permission, SigningAlgorithm, TokenDialect};

#[derive(FromRow)]
struct ApiRow {
    id: String,
    identifier: String,
    name: String,
    signing_algorithm: String,
    token_dialect: String,
    token_lifetime: i64,
    token_lifetime_for_web: i64,
    enforce_policies: bool,
    allow_offline_access: bool,
    skip_consent_for_verifiable_first_party_clients: bool,
}

impl Store {
    pub(crate) async fn insert_api(&self, api: &Api, now: i64) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        let inserted = sqlx::query(
            "INSERT INTO apis (id, identifier, name, signing_algorithm, token_dialect, \
             token_lifetime, token_lifetime_for_web, enforce_policies, allow_offline_access, \
             skip_consent_for_verifiable_first_party_clients, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(&api.id)
        .bind(&api.identifier)
        .bind(&api.name)
        .bind(api.signing_algorithm.name())
        .bind(api.token_dialect.name())
        .bind(signed(api.token_lifetime.as_secs()))
        .bind(signed(api.token_lifetime_for_web.as_secs()))
        .bind(api.enforce_policies)
        .bind(api.allow_offline_access)
        .bind(api.skip_consent_for_verifiable_first_party_clients)
        .bind(now)
        .execute(&mut *transaction)
        .await;
        match inserted {
            Err(error) if is_duplicate(&error) => {
                let detail = format!("there is an API {:?} already", api.identifier);
                return Err(TenantError::new(TenantErrorKind::DuplicateIdentifier, detail));
            }
            other => other?,
        };
        for (position, permission) in api.permissions.iter().enumerate() {
            sqlx::query(
                "INSERT INTO permissions (api_id, value, description, position) \
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(&api.id)
            .bind(&permission.value)
            .bind(&permission.description)
            .bind(signed(position as u64))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Everything but identifier and permissions.
    pub(crate) async fn update_api(&self, api: &Api) -> Result<(), TenantError> {
        let updated = sqlx::query(
            "UPDATE apis SET name = $2, signing_algorithm = $3, token_dialect = $4, \
             token_lifetime = $5, token_lifetime_for_web = $6, enforce_policies = $7, \
             allow_offline_access = $8, skip_consent_for_verifiable_first_party_clients = $9 \
             WHERE id = $1",
        )
        .bind(&api.id)
        .bind(&api.name)
        .bind(api.signing_algorithm.name())
        .bind(api.token_dialect.name())
        .bind(signed(api.token_lifetime.as_secs()))
        .bind(signed(api.token_lifetime_for_web.as_secs()))
        .bind(api.enforce_policies)
        .bind(api.allow_offline_access)
        .bind(api.skip_consent_for_verifiable_first_party_clients)
        .execute(self.database.writer())
        .await?;
        if updated.rows_affected() == 0 { Err(unknown_api(&api.identifier)) } else { Ok(()) }
    }

    pub(crate) async fn delete_api(&self, id: &str) -> Result<(), TenantError> {
        let deleted = sqlx::query("DELETE FROM apis WHERE id = $1")
            .bind(id)
            .execute(self.database.writer())
            .await?;
        if deleted.rows_affected() == 0 { Err(unknown_api(id)) } else { Ok(()) }
    }

    /// Adds a permission, or gives one that is there another description.
    pub(crate) async fn put_permission(
        &self,
        api_id: &str,
        permission: &Permission,
    ) -> Result<(), TenantError> {
        let inserted = sqlx::query(
            "INSERT INTO permissions (api_id, value, description, position) \
             VALUES ($1, $2, $3, \
             (SELECT COALESCE(MAX(position) + 1, 0) FROM permissions WHERE api_id = $1)) \
             ON CONFLICT (api_id, value) DO UPDATE SET description = excluded.description",
        )
        .bind(api_id)
        .bind(&permission.value)
        .bind(&permission.description)
        .execute(self.database.writer())
        .await;
        match inserted {
            Err(error) if names_nothing(&error) => Err(unknown_api(api_id)),
            other => Ok(other.map(|_| ())?),
        }
    }

    pub(crate) async fn delete_permission(
        &self,
        api_id: &str,
        value: &str,
    ) -> Result<(), TenantError> {
        let deleted = sqlx::query("DELETE FROM permissions WHERE api_id = $1 AND value = $2")
            .bind(api_id)
            .bind(value)
            .execute(self.database.writer())
            .await?;
        if deleted.rows_affected() == 0 {
            let detail = format!("the API has no permission {value:?}");
            return Err(TenantError::new(TenantErrorKind::UnknownPermission, detail));
        }
        Ok(())
    }

    /// By name.
    pub(crate) async fn apis(&self) -> Result<Vec<Api>, TenantError> {
        let rows: Vec<ApiRow> = sqlx::query_as("SELECT * FROM apis ORDER BY name, id")
            .fetch_all(self.database.reader())
            .await?;
        let mut apis = Vec::with_capacity(rows.len());
        for row in rows {
            apis.push(self.with_permissions(row).await?);
        }
        Ok(apis)
    }

    /// By identifier.
    pub(crate) async fn api(&self, identifier: &str) -> Result<Option<Api>, TenantError> {
        let row: Option<ApiRow> = sqlx::query_as("SELECT * FROM apis WHERE identifier = $1")
            .bind(identifier)
            .fetch_optional(self.database.reader())
            .await?;
        match row {
            Some(row) => Ok(Some(self.with_permissions(row).await?)),
            None => Ok(None),
        }
    }

    pub(crate) async fn api_by_id(&self, id: &str) -> Result<Option<Api>, TenantError> {
        let row: Option<ApiRow> = sqlx::query_as("SELECT * FROM apis WHERE id = $1")
            .bind(id)
            .fetch_optional(self.database.reader())
            .await?;
        match row {
            Some(row) => Ok(Some(self.with_permissions(row).await?)),
            None => Ok(None),
        }
    }

    async fn with_permissions(&self, row: ApiRow) -> Result<Api, TenantError> {
        let permissions: Vec<(String, String)> = sqlx::query_as(
            "SELECT value, description FROM permissions WHERE api_id = $1 ORDER BY position",
        )
        .bind(&row.id)
        .fetch_all(self.database.reader())
        .await?;
        let permissions = permissions
            .into_iter()
            .map(|(value, description)| Permission::new(value, description))
            .collect::<Result<_, _>>()?;
        let algorithm = &row.signing_algorithm;
        let dialect = &row.token_dialect;
        Ok(Api {
            signing_algorithm: SigningAlgorithm::from_name(algorithm)
                .ok_or_else(|| unreadable("a signing algorithm", algorithm))?,
            token_dialect: TokenDialect::from_name(dialect)
                .ok_or_else(|| unreadable("a token dialect", dialect))?,
            id: row.id,
            name: row.name,
            identifier: row.identifier,
            permissions,
            token_lifetime: duration(row.token_lifetime),
            token_lifetime_for_web: duration(row.token_lifetime_for_web),
            enforce_policies: row.enforce_policies,
            allow_offline_access: row.allow_offline_access,
            skip_consent_for_verifiable_first_party_clients: row
                .skip_consent_for_verifiable_first_party_clients,
        })
    }
}

pub(super) fn unknown_api(named: &str) -> TenantError {
    TenantError::new(TenantErrorKind::UnknownApi, format!("there is no API {named:?}"))
}
