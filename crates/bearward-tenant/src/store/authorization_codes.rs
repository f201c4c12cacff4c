//! Authorization codes, redeemed. They are made with their family: `token_families.rs`.

use sqlx::FromRow;

use super::Store;
use super::token_families::{FamilyRow, family, revoke};
use crate::error::TenantError;
use crate::model::TokenFamily;
use crate::secret::SecretHash;

/// What came of showing a code.
pub(crate) enum Redemption {
    /// It is spent from now on, whatever the rest of the request is worth.
    Code(Box<RedeemedCode>),
    /// It had been spent. Its family is revoked.
    Again(Box<TokenFamily>),
    Unknown,
}

/// A code that was just spent, with what its request must show.
pub(crate) struct RedeemedCode {
    pub(crate) family: TokenFamily,
    /// As it was when the code was spent. Whoever shows the code again a moment later ends the
    /// family, and with it what this gives; but not before it is given, for then nobody would have
    /// been first.
    pub(crate) family_revoked: bool,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) expires_at: i64,
}

#[derive(FromRow)]
struct CodeRow {
    #[sqlx(flatten)]
    family: FamilyRow,
    revoked_at: Option<i64>,
    redirect_uri: String,
    code_challenge: Option<String>,
    nonce: Option<String>,
    expires_at: i64,
}

impl Store {
    /// Spends a code. Of many who show it at once, one is first.
    ///
    /// Source: RFC 6749 section 4.1.2 (a second use ends what the first gave).
    pub(crate) async fn redeem_code(
        &self,
        code: &str,
        now: i64,
    ) -> Result<Redemption, TenantError> {
        let hash = SecretHash::of(code);
        let mut transaction = self.database.begin().await?;
        let row: Option<CodeRow> = sqlx::query_as(
            "SELECT token_families.*, authorization_codes.redirect_uri, \
             authorization_codes.code_challenge, authorization_codes.nonce, \
             authorization_codes.expires_at FROM authorization_codes \
             JOIN token_families ON token_families.id = authorization_codes.family_id \
             WHERE authorization_codes.code_hash = $1",
        )
        .bind(hash.as_bytes())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else {
            return Ok(Redemption::Unknown);
        };
        let spent = sqlx::query(
            "UPDATE authorization_codes SET redeemed_at = $2 \
             WHERE code_hash = $1 AND redeemed_at IS NULL",
        )
        .bind(hash.as_bytes())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let family = family(row.family);
        if spent.rows_affected() == 0 {
            revoke(&mut transaction, &family.id, now).await?;
            transaction.commit().await?;
            return Ok(Redemption::Again(Box::new(family)));
        }
        transaction.commit().await?;
        Ok(Redemption::Code(Box::new(RedeemedCode {
            family,
            family_revoked: row.revoked_at.is_some(),
            redirect_uri: row.redirect_uri,
            code_challenge: row.code_challenge,
            nonce: row.nonce,
            expires_at: row.expires_at,
        })))
    }
}
