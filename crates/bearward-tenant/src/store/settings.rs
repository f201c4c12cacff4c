//! What holds for the tenant as a whole.

use super::Store;
use crate::error::TenantError;

/// The issuer that the tenant was last served as.
pub(crate) const ISSUER: &str = "issuer";

impl Store {
    pub(crate) async fn put_setting(&self, name: &str, value: &str) -> Result<(), TenantError> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(self.database.writer())
        .await?;
        Ok(())
    }

    pub(crate) async fn setting(&self, name: &str) -> Result<Option<String>, TenantError> {
        let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_optional(self.database.reader())
            .await?;
        Ok(value)
    }
}
