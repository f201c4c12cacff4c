//! Grants: what applications may do on APIs without a user.

use super::Store;
use super::apis::unknown_api;
use super::applications::unknown_application;
use super::row::signed;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::Grant;

impl Store {
    /// Makes the grant, or gives the one that is there these scopes instead.
    pub(crate) async fn put_grant(&self, grant: &Grant, now: i64) -> Result<Grant, TenantError> {
        let mut transaction = self.database.begin().await?;
        let known: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM applications WHERE client_id = $1")
                .bind(&grant.client_id)
                .fetch_one(&mut *transaction)
                .await?;
        if known == 0 {
            return Err(unknown_application(&grant.client_id));
        }
        let api_id: Option<String> =
            sqlx::query_scalar("SELECT id FROM apis WHERE identifier = $1")
                .bind(&grant.audience)
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(api_id) = api_id else {
            return Err(unknown_api(&grant.audience));
        };
        let id: String = sqlx::query_scalar(
            "INSERT INTO grants (id, client_id, api_id, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (client_id, api_id) DO UPDATE SET client_id = excluded.client_id \
             RETURNING id",
        )
        .bind(&grant.id)
        .bind(&grant.client_id)
        .bind(&api_id)
        .bind(now)
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM grant_scopes WHERE grant_id = $1")
            .bind(&id)
            .execute(&mut *transaction)
            .await?;
        for (position, value) in grant.scopes.iter().enumerate() {
            sqlx::query(
                "INSERT INTO grant_scopes (grant_id, api_id, value, position) \
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(&id)
            .bind(&api_id)
            .bind(value)
            .bind(signed(position as u64))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(Grant { id, ..grant.clone() })
    }

    pub(crate) async fn delete_grant(
        &self,
        client_id: &str,
        audience: &str,
    ) -> Result<(), TenantError> {
        let deleted = sqlx::query(
            "DELETE FROM grants WHERE client_id = $1 \
             AND api_id = (SELECT id FROM apis WHERE identifier = $2)",
        )
        .bind(client_id)
        .bind(audience)
        .execute(self.database.writer())
        .await?;
        if deleted.rows_affected() == 0 {
            let detail = format!("{client_id:?} has no grant for {audience:?}");
            return Err(TenantError::new(TenantErrorKind::UnknownGrant, detail));
        }
        Ok(())
    }

    /// By application and API.
    pub(crate) async fn grants(&self) -> Result<Vec<Grant>, TenantError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT grants.id, grants.client_id, apis.identifier FROM grants \
             JOIN apis ON apis.id = grants.api_id ORDER BY grants.client_id, apis.identifier",
        )
        .fetch_all(self.database.reader())
        .await?;
        let mut grants = Vec::with_capacity(rows.len());
        for row in rows {
            grants.push(self.with_scopes(row).await?);
        }
        Ok(grants)
    }

    pub(crate) async fn grant(
        &self,
        client_id: &str,
        audience: &str,
    ) -> Result<Option<Grant>, TenantError> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "SELECT grants.id, grants.client_id, apis.identifier FROM grants \
             JOIN apis ON apis.id = grants.api_id \
             WHERE grants.client_id = $1 AND apis.identifier = $2",
        )
        .bind(client_id)
        .bind(audience)
        .fetch_optional(self.database.reader())
        .await?;
        match row {
            Some(row) => Ok(Some(self.with_scopes(row).await?)),
            None => Ok(None),
        }
    }

    async fn with_scopes(
        &self,
        (id, client_id, audience): (String, String, String),
    ) -> Result<Grant, TenantError> {
        let scopes = sqlx::query_scalar(
            "SELECT value FROM grant_scopes WHERE grant_id = $1 ORDER BY position",
        )
        .bind(&id)
        .fetch_all(self.database.reader())
        .await?;
        Ok(Grant { id, client_id, audience, scopes })
    }
}
