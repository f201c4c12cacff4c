//! Token families, and the codes that they begin with.

use sqlx::FromRow;

use super::Store;
use super::database::Db;
use crate::error::TenantError;
use crate::model::{NewCode, TokenFamily};
use crate::secret::SecretHash;

/// How long a family is kept. Its last refresh token ends 30 days after the login, and the access
/// tokens that it gave at most 30 days later; with some days more, nothing that could come back is
/// good, and there is no reuse left to see.
const KEPT_SECONDS: i64 = 65 * 86_400;

/// More than come, so that they become fewer, and few enough that nobody waits for it.
const FORGOTTEN_AT_ONCE: i64 = 100;

#[derive(FromRow)]
pub(super) struct FamilyRow {
    id: String,
    client_id: String,
    user_id: String,
    sid: Option<String>,
    audience: Option<String>,
    scope: String,
    auth_time: i64,
}

impl Store {
    /// Keeps a family and its code together, or neither, and lets go of families of long ago, with
    /// all that belongs to them.
    pub(crate) async fn insert_family_with_code(
        &self,
        family: &TokenFamily,
        code: &NewCode<'_>,
        now: i64,
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        sqlx::query(
            "DELETE FROM token_families WHERE id IN \
             (SELECT id FROM token_families WHERE created_at <= $1 LIMIT $2)",
        )
        .bind(now.saturating_sub(KEPT_SECONDS))
        .bind(FORGOTTEN_AT_ONCE)
        .execute(&mut *transaction)
        .await?;
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

    /// From now on no token of the family gives another.
    pub(crate) async fn revoke_family(&self, id: &str, now: i64) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        revoke(&mut transaction, id, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whether all that this user let this application do has been taken back. Access tokens do
    /// not name their family, so that one of them alone cannot be.
    pub(crate) async fn all_families_revoked(
        &self,
        user_id: &str,
        client_id: &str,
    ) -> Result<bool, TenantError> {
        let live: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM token_families \
             WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL)",
        )
        .bind(user_id)
        .bind(client_id)
        .fetch_one(self.database.reader())
        .await?;
        Ok(!live)
    }

    /// Ends the families of a login session that end with it: those without `offline_access`.
    pub(crate) async fn revoke_families_of_session(
        &self,
        sid: &str,
        now: i64,
    ) -> Result<(), TenantError> {
        sqlx::query(
            "UPDATE token_families SET revoked_at = $2 WHERE sid = $1 AND revoked_at IS NULL \
             AND ' ' || scope || ' ' NOT LIKE '% offline_access %'",
        )
        .bind(sid)
        .bind(now)
        .execute(self.database.writer())
        .await?;
        Ok(())
    }
}

pub(super) fn family(row: FamilyRow) -> TokenFamily {
    TokenFamily {
        id: row.id,
        client_id: row.client_id,
        user_id: row.user_id,
        sid: row.sid,
        audience: row.audience,
        scope: row.scope,
        auth_time: row.auth_time,
    }
}

pub(super) async fn revoke(
    transaction: &mut sqlx::Transaction<'_, Db>,
    family_id: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE token_families SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(family_id)
        .bind(now)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
