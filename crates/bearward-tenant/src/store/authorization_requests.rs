//! Requests at `/authorize` that wait for somebody to log in or to consent.

use super::Store;
use crate::error::TenantError;
use crate::secret::SecretHash;

/// Anyone can make a request wait, so only this many do; the oldest give way.
const MOST: i64 = 10_000;

impl Store {
    /// Keeps a request under an id that only its browser is told.
    pub(crate) async fn insert_authorization_request(
        &self,
        id: &str,
        request: &str,
        now: i64,
        expires_at: i64,
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        sqlx::query(
            "DELETE FROM authorization_requests WHERE expires_at <= $1 OR expires_at <= \
             (SELECT expires_at FROM authorization_requests ORDER BY expires_at DESC \
             LIMIT 1 OFFSET $2)",
        )
        .bind(now)
        .bind(MOST)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO authorization_requests (id_hash, request, expires_at) \
             VALUES ($1, $2, $3)",
        )
        .bind(SecretHash::of(id).as_bytes())
        .bind(request)
        .bind(expires_at)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    pub(crate) async fn authorization_request(
        &self,
        id: &str,
        now: i64,
    ) -> Result<Option<String>, TenantError> {
        let request = sqlx::query_scalar(
            "SELECT request FROM authorization_requests WHERE id_hash = $1 AND expires_at > $2",
        )
        .bind(SecretHash::of(id).as_bytes())
        .bind(now)
        .fetch_optional(self.database.reader())
        .await?;
        Ok(request)
    }

    /// Changes what is kept of a request that still waits.
    pub(crate) async fn update_authorization_request(
        &self,
        id: &str,
        request: &str,
    ) -> Result<(), TenantError> {
        sqlx::query("UPDATE authorization_requests SET request = $2 WHERE id_hash = $1")
            .bind(SecretHash::of(id).as_bytes())
            .bind(request)
            .execute(self.database.writer())
            .await?;
        Ok(())
    }

    /// Ends the wait. Whether it was still there: of several that end it at the same time, one
    /// hears yes.
    pub(crate) async fn delete_authorization_request(&self, id: &str) -> Result<bool, TenantError> {
        let deleted = sqlx::query("DELETE FROM authorization_requests WHERE id_hash = $1")
            .bind(SecretHash::of(id).as_bytes())
            .execute(self.database.writer())
            .await?;
        Ok(deleted.rows_affected() > 0)
    }
}
