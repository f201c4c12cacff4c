//! Signing keys, sealed.

use sqlx::FromRow;

use super::Store;
use super::database::is_duplicate;
use super::row::unreadable;
use crate::error::TenantError;
use crate::model::SigningAlgorithm;

/// What a key is for. Of the first two there is one for each algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRole {
    /// Signs.
    Current,
    /// Will sign after the next rotation; published, so that verifiers know it by then.
    Next,
    /// Has signed; published until it is revoked.
    Previous,
}

/// A key as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct KeptKey {
    pub(crate) kid: String,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) sealed_key: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
    pub(crate) role: KeyRole,
    pub(crate) created_at: i64,
    pub(crate) current_since: Option<i64>,
    pub(crate) current_until: Option<i64>,
    pub(crate) revoked_at: Option<i64>,
}

#[derive(FromRow)]
struct KeyRow {
    kid: String,
    algorithm: String,
    sealed_key: Vec<u8>,
    certificate: Vec<u8>,
    role: String,
    created_at: i64,
    current_since: Option<i64>,
    current_until: Option<i64>,
    revoked_at: Option<i64>,
}

impl KeyRole {
    pub(crate) fn name(self) -> &'static str {
        match self {
            KeyRole::Current => "current",
            KeyRole::Next => "next",
            KeyRole::Previous => "previous",
        }
    }

    fn from_name(name: &str) -> Option<KeyRole> {
        [KeyRole::Current, KeyRole::Next, KeyRole::Previous]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Grows with every change, so that other processes on the same file see that there was one.
const VERSION: &str = "signing_keys_version";

impl Store {
    pub(crate) async fn signing_keys_version(&self) -> Result<i64, TenantError> {
        let version: Option<String> =
            sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
                .bind(VERSION)
                .fetch_optional(self.database.reader())
                .await?;
        Ok(version.and_then(|version| version.parse().ok()).unwrap_or_default())
    }

    /// All of them, the revoked ones too, the newest last.
    pub(crate) async fn signing_keys(&self) -> Result<Vec<KeptKey>, TenantError> {
        let rows: Vec<KeyRow> =
            sqlx::query_as("SELECT * FROM signing_keys ORDER BY created_at, kid")
                .fetch_all(self.database.reader())
                .await?;
        rows.into_iter().map(kept_key).collect()
    }

    /// Says whether it is kept: not when another process was first to fill this place.
    pub(crate) async fn insert_signing_key(&self, key: &KeptKey) -> Result<bool, TenantError> {
        let mut transaction = self.database.begin().await?;
        let inserted = sqlx::query(
            "INSERT INTO signing_keys (kid, algorithm, sealed_key, certificate, role, created_at, \
             current_since) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&key.kid)
        .bind(key.algorithm.name())
        .bind(&key.sealed_key)
        .bind(&key.certificate)
        .bind(key.role.name())
        .bind(key.created_at)
        .bind(key.current_since)
        .execute(&mut *transaction)
        .await;
        match inserted {
            Err(error) if is_duplicate(&error) => return Ok(false),
            other => other?,
        };
        bump_version(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The next key becomes current and the current one previous, for every algorithm that has
    /// both. Says how many new current keys there are.
    pub(crate) async fn rotate_signing_keys(&self, now: i64) -> Result<u64, TenantError> {
        let mut transaction = self.database.begin().await?;
        sqlx::query(
            "UPDATE signing_keys SET role = 'previous', current_until = $1 \
             WHERE role = 'current' AND algorithm IN \
             (SELECT algorithm FROM signing_keys WHERE role = 'next')",
        )
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let rotated = sqlx::query(
            "UPDATE signing_keys SET role = 'current', current_since = $1 WHERE role = 'next'",
        )
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        bump_version(&mut transaction).await?;
        transaction.commit().await?;
        Ok(rotated.rows_affected())
    }

    /// Says whether there was such a key to revoke: a previous one that is still published.
    pub(crate) async fn revoke_signing_key(
        &self,
        kid: &str,
        now: i64,
    ) -> Result<bool, TenantError> {
        let mut transaction = self.database.begin().await?;
        let revoked = sqlx::query(
            "UPDATE signing_keys SET revoked_at = $2 \
             WHERE kid = $1 AND role = 'previous' AND revoked_at IS NULL",
        )
        .bind(kid)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        bump_version(&mut transaction).await?;
        transaction.commit().await?;
        Ok(revoked.rows_affected() > 0)
    }
}

async fn bump_version(
    transaction: &mut sqlx::Transaction<'_, super::database::Db>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ($1, '1') ON CONFLICT (name) \
         DO UPDATE SET value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT)",
    )
    .bind(VERSION)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn kept_key(row: KeyRow) -> Result<KeptKey, TenantError> {
    Ok(KeptKey {
        algorithm: SigningAlgorithm::from_name(&row.algorithm)
            .ok_or_else(|| unreadable("a signing algorithm", &row.algorithm))?,
        role: KeyRole::from_name(&row.role)
            .ok_or_else(|| unreadable("the role of a signing key", &row.role))?,
        kid: row.kid,
        sealed_key: row.sealed_key,
        certificate: row.certificate,
        created_at: row.created_at,
        current_since: row.current_since,
        current_until: row.current_until,
        revoked_at: row.revoked_at,
    })
}
