//! Login sessions. Times are seconds since 1970.

use super::Store;
use crate::error::TenantError;
use crate::model::Session;
use crate::secret::SecretHash;

/// A session is not written down as seen more often than this; the idle limit is in days.
const SEEN_EVERY_SECONDS: i64 = 60;

impl Store {
    /// Keeps a session under the id that its browser holds, and lets go of those that are over.
    pub(crate) async fn insert_session(
        &self,
        id: &str,
        session: &Session,
        now: i64,
        idle_since: i64,
        expires_at: i64,
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2")
            .bind(now)
            .bind(idle_since)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (id_hash, sid, user_id, auth_time, last_seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(SecretHash::of(id).as_bytes())
        .bind(&session.sid)
        .bind(&session.user_id)
        .bind(session.auth_time)
        .bind(now)
        .bind(expires_at)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The session that this id stands for, when it is not over: neither expired now, nor unseen
    /// since `idle_since`.
    pub(crate) async fn session(
        &self,
        id: &str,
        now: i64,
        idle_since: i64,
    ) -> Result<Option<Session>, TenantError> {
        let hash = SecretHash::of(id);
        let row: Option<(String, String, i64, i64)> = sqlx::query_as(
            "SELECT sid, user_id, auth_time, last_seen_at FROM sessions \
             WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at > $3",
        )
        .bind(hash.as_bytes())
        .bind(now)
        .bind(idle_since)
        .fetch_optional(self.database.reader())
        .await?;
        let Some((sid, user_id, auth_time, last_seen_at)) = row else { return Ok(None) };
        if last_seen_at + SEEN_EVERY_SECONDS <= now {
            sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id_hash = $1")
                .bind(hash.as_bytes())
                .bind(now)
                .execute(self.database.writer())
                .await?;
        }
        Ok(Some(Session { sid, user_id, auth_time }))
    }

    /// Ends the session that ID tokens call so. Whether there was one.
    pub(crate) async fn delete_session(&self, sid: &str) -> Result<bool, TenantError> {
        let deleted = sqlx::query("DELETE FROM sessions WHERE sid = $1")
            .bind(sid)
            .execute(self.database.writer())
            .await?;
        Ok(deleted.rows_affected() > 0)
    }
}
