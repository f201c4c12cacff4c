//! What users allowed applications. The audience is an API's identifier, or empty for the scopes of
//! OpenID Connect.

use super::Store;
use crate::error::TenantError;

impl Store {
    /// The scopes that a user allowed an application before.
    pub(crate) async fn consents(
        &self,
        user_id: &str,
        client_id: &str,
        audience: &str,
    ) -> Result<Vec<String>, TenantError> {
        let scopes = sqlx::query_scalar(
            "SELECT scope FROM consents WHERE user_id = $1 AND client_id = $2 AND audience = $3",
        )
        .bind(user_id)
        .bind(client_id)
        .bind(audience)
        .fetch_all(self.database.reader())
        .await?;
        Ok(scopes)
    }

    pub(crate) async fn insert_consents(
        &self,
        user_id: &str,
        client_id: &str,
        audience: &str,
        scopes: &[String],
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        for scope in scopes {
            sqlx::query(
                "INSERT INTO consents (user_id, client_id, audience, scope) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(user_id)
            .bind(client_id)
            .bind(audience)
            .bind(scope)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
