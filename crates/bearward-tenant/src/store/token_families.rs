//! Token families, and the codes that they begin with.

use super::Store;
use crate::error::TenantError;
use crate::model::{NewCode, TokenFamily};
use crate::secret::SecretHash;

impl Store {
    #[expect(dead_code, reason = "for the authorization endpoint")]
    /// Keeps a family and its code together, or neither.
    pub(crate) async fn insert_family_with_code(
        &self,
        family: &TokenFamily,
        code: &NewCode<'_>,
        now: i64,
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        sqlx::query(
            "INSERT INTO token_families (id, client_id, user_id, sid, audience, scope, auth_time, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&family.id)
        .bind(&family.client_id)
        .bind(&family.user_id)
        .bind(&family.sid)
        .bind(&family.audience)
        .bind(&family.scope)
        .bind(family.auth_time)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO authorization_codes (code_hash, family_id, redirect_uri, \
             code_challenge, nonce, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(SecretHash::of(code.code).as_bytes())
        .bind(&family.id)
        .bind(code.redirect_uri)
        .bind(code.code_challenge)
        .bind(code.nonce)
        .bind(code.expires_at)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}
