//! Refresh tokens, as hashes. A token that was rotated stays, so that its reuse is seen.

use sqlx::FromRow;

use super::Store;
use super::token_families::{FamilyRow, family, revoke};
use crate::error::TenantError;
use crate::model::TokenFamily;
use crate::secret::SecretHash;

/// A refresh token that the tenant has given at some time.
pub(crate) struct KeptRefreshToken {
    pub(crate) family: TokenFamily,
    pub(crate) family_revoked: bool,
    pub(crate) rotated: bool,
    pub(crate) idle_expires_at: i64,
    pub(crate) expires_at: i64,
}

/// A refresh token that is to be given.
pub(crate) struct NewRefreshToken<'a> {
    /// The token itself; only its hash is kept.
    pub(crate) token: &'a str,
    pub(crate) idle_expires_at: i64,
    pub(crate) expires_at: i64,
}

#[derive(FromRow)]
struct RefreshTokenRow {
    #[sqlx(flatten)]
    family: FamilyRow,
    revoked_at: Option<i64>,
    rotated_at: Option<i64>,
    idle_expires_at: i64,
    expires_at: i64,
}

impl Store {
    pub(crate) async fn refresh_token(
        &self,
        token: &str,
    ) -> Result<Option<KeptRefreshToken>, TenantError> {
        let row: Option<RefreshTokenRow> = sqlx::query_as(
            "SELECT token_families.*, refresh_tokens.rotated_at, refresh_tokens.idle_expires_at, \
             refresh_tokens.expires_at FROM refresh_tokens \
             JOIN token_families ON token_families.id = refresh_tokens.family_id \
             WHERE refresh_tokens.token_hash = $1",
        )
        .bind(SecretHash::of(token).as_bytes())
        .fetch_optional(self.database.reader())
        .await?;
        Ok(row.map(|row| KeptRefreshToken {
            family: family(row.family),
            family_revoked: row.revoked_at.is_some(),
            rotated: row.rotated_at.is_some(),
            idle_expires_at: row.idle_expires_at,
            expires_at: row.expires_at,
        }))
    }

    /// Keeps the first refresh token of a family. It is on the disk when this returns.
    pub(crate) async fn insert_refresh_token(
        &self,
        family_id: &str,
        new: &NewRefreshToken<'_>,
        now: i64,
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        insert(&mut transaction, family_id, new, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Puts a new token in the place of an old one, and says whether it did. Of many who show the
    /// old one at once, one is first; the others end the family, as does whoever comes later.
    ///
    /// Source: RFC 9700 section 4.14.2.
    pub(crate) async fn rotate_refresh_token(
        &self,
        old: &str,
        family_id: &str,
        new: &NewRefreshToken<'_>,
        now: i64,
    ) -> Result<bool, TenantError> {
        let mut transaction = self.database.begin().await?;
        let rotated = sqlx::query(
            "UPDATE refresh_tokens SET rotated_at = $3 \
             WHERE token_hash = $1 AND family_id = $2 AND rotated_at IS NULL \
             AND EXISTS (SELECT 1 FROM token_families WHERE id = $2 AND revoked_at IS NULL)",
        )
        .bind(SecretHash::of(old).as_bytes())
        .bind(family_id)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let is_first = rotated.rows_affected() == 1;
        if is_first {
            insert(&mut transaction, family_id, new, now).await?;
        } else {
            revoke(&mut transaction, family_id, now).await?;
        }
        transaction.commit().await?;
        Ok(is_first)
    }
}

async fn insert(
    transaction: &mut sqlx::Transaction<'_, super::database::Db>,
    family_id: &str,
    new: &NewRefreshToken<'_>,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO refresh_tokens (token_hash, family_id, created_at, idle_expires_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(SecretHash::of(new.token).as_bytes())
    .bind(family_id)
    .bind(now)
    .bind(new.idle_expires_at)
    .bind(new.expires_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
