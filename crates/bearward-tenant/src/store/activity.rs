//! What happened.

use sqlx::FromRow;

use super::Store;
use super::row::{signed, unsigned};
use crate::error::TenantError;
use crate::model::{Activity, ActivityFilter};

/// As many as anyone scrolls through; older ones go.
const KEPT: i64 = 10_000;

#[derive(FromRow)]
struct ActivityRow {
    id: String,
    at: i64,
    event: String,
    reason: Option<String>,
    detail: String,
    client_id: Option<String>,
    user_id: Option<String>,
    audience: Option<String>,
    scope: Option<String>,
}

impl Store {
    /// Keeps these, in one write, and lets go of the oldest.
    pub(crate) async fn insert_activity(&self, entries: &[Activity]) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        for entry in entries {
            sqlx::query(
                "INSERT INTO activity (id, at, event, reason, detail, client_id, user_id, \
                 audience, scope) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&entry.id)
            .bind(signed(entry.at))
            .bind(&entry.event)
            .bind(&entry.reason)
            .bind(&entry.detail)
            .bind(&entry.client_id)
            .bind(&entry.user_id)
            .bind(&entry.audience)
            .bind(&entry.scope)
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "DELETE FROM activity WHERE id <= \
             (SELECT id FROM activity ORDER BY id DESC LIMIT 1 OFFSET $1)",
        )
        .bind(KEPT)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Those that the filter lets through, the newest first; before this id, when there is one.
    pub(crate) async fn activity(
        &self,
        filter: &ActivityFilter,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Activity>, TenantError> {
        let rows: Vec<ActivityRow> = sqlx::query_as(
            "SELECT * FROM activity WHERE id < COALESCE($1, '~') \
             AND (reason IS NOT NULL OR NOT $3) AND client_id IS NOT DISTINCT FROM \
             COALESCE($4, client_id) AND audience IS NOT DISTINCT FROM COALESCE($5, audience) \
             ORDER BY id DESC LIMIT $2",
        )
        .bind(before)
        .bind(i64::from(limit))
        .bind(filter.refused)
        .bind(&filter.client_id)
        .bind(&filter.audience)
        .fetch_all(self.database.reader())
        .await?;
        Ok(rows.into_iter().map(activity).collect())
    }

    pub(crate) async fn activity_entry(&self, id: &str) -> Result<Option<Activity>, TenantError> {
        let row: Option<ActivityRow> = sqlx::query_as("SELECT * FROM activity WHERE id = $1")
            .bind(id)
            .fetch_optional(self.database.reader())
            .await?;
        Ok(row.map(activity))
    }
}

fn activity(row: ActivityRow) -> Activity {
    Activity {
        id: row.id,
        at: unsigned(row.at),
        event: row.event,
        reason: row.reason,
        detail: row.detail,
        client_id: row.client_id,
        user_id: row.user_id,
        audience: row.audience,
        scope: row.scope,
    }
}
