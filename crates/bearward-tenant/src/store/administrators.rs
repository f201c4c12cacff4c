//! Administrators and their sessions in the dashboard.

use super::Store;
use super::database::is_duplicate;
use crate::error::{TenantError, TenantErrorKind};
use crate::secret::SecretHash;

impl Store {
    pub(crate) async fn has_administrator(&self) -> Result<bool, TenantError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM administrators")
            .fetch_one(self.database.reader())
            .await?;
        Ok(count > 0)
    }

    /// Makes the first administrator; refused when there is one already, also when two requests
    /// come at once.
    pub(crate) async fn insert_first_administrator(
        &self,
        name: &str,
        password_hash: &str,
        now: i64,
    ) -> Result<(), TenantError> {
        let taken = || {
            let detail = "there is an administrator already; log in instead";
            TenantError::new(TenantErrorKind::DuplicateName, detail)
        };
        let inserted = sqlx::query(
            "INSERT INTO administrators (name, password_hash, created_at) \
             SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM administrators)",
        )
        .bind(name)
        .bind(password_hash)
        .bind(now)
        .execute(self.database.writer())
        .await;
        match inserted {
            Ok(inserted) if inserted.rows_affected() == 1 => Ok(()),
            Ok(_) => Err(taken()),
            Err(error) if is_duplicate(&error) => Err(taken()),
            Err(error) => Err(error.into()),
        }
    }

    /// The hash of the password, to check one.
    pub(crate) async fn administrator_password(
        &self,
        name: &str,
    ) -> Result<Option<String>, TenantError> {
        let hash = sqlx::query_scalar("SELECT password_hash FROM administrators WHERE name = $1")
            .bind(name)
            .fetch_optional(self.database.reader())
            .await?;
        Ok(hash)
    }

    pub(crate) async fn insert_dashboard_session(
        &self,
        id: &SecretHash,
        administrator: &str,
        now: i64,
        expires_at: i64,
    ) -> Result<(), TenantError> {
        sqlx::query("DELETE FROM dashboard_sessions WHERE expires_at <= $1")
            .bind(now)
            .execute(self.database.writer())
            .await?;
        sqlx::query(
            "INSERT INTO dashboard_sessions (id_hash, administrator, created_at, last_seen_at, \
             expires_at) VALUES ($1, $2, $3, $3, $4)",
        )
        .bind(id.as_bytes())
        .bind(administrator)
        .bind(now)
        .bind(expires_at)
        .execute(self.database.writer())
        .await?;
        Ok(())
    }

    /// Whether there is such a session that was last seen after `idle_since`.
    pub(crate) async fn dashboard_session(
        &self,
        id: &SecretHash,
        now: i64,
        idle_since: i64,
    ) -> Result<bool, TenantError> {
        let last_seen_at: Option<i64> = sqlx::query_scalar(
            "SELECT last_seen_at FROM dashboard_sessions \
             WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at > $3",
        )
        .bind(id.as_bytes())
        .bind(now)
        .bind(idle_since)
        .fetch_optional(self.database.reader())
        .await?;
        let Some(last_seen_at) = last_seen_at else { return Ok(false) };
        // A minute's precision is enough, and spares a write with every page.
        if now - last_seen_at >= 60 {
            sqlx::query("UPDATE dashboard_sessions SET last_seen_at = $2 WHERE id_hash = $1")
                .bind(id.as_bytes())
                .bind(now)
                .execute(self.database.writer())
                .await?;
        }
        Ok(true)
    }

    pub(crate) async fn delete_dashboard_session(
        &self,
        id: &SecretHash,
    ) -> Result<(), TenantError> {
        sqlx::query("DELETE FROM dashboard_sessions WHERE id_hash = $1")
            .bind(id.as_bytes())
            .execute(self.database.writer())
            .await?;
        Ok(())
    }
}
