//! Users.

use sqlx::FromRow;

use super::Store;
use super::database::is_duplicate;
use super::row::{signed, unsigned};
use crate::error::{TenantError, TenantErrorKind};
use crate::model::User;

#[derive(FromRow)]
struct UserRow {
    user_id: String,
    email: String,
    email_verified: bool,
    name: String,
    nickname: String,
    picture: Option<String>,
    password_hash: String,
    blocked: bool,
    created_at: i64,
    updated_at: i64,
    last_login: Option<i64>,
    logins_count: i64,
}

impl Store {
    pub(crate) async fn insert_user(
        &self,
        user: &User,
        password_hash: &str,
    ) -> Result<(), TenantError> {
        let inserted = sqlx::query(
            "INSERT INTO users (user_id, email, email_verified, name, nickname, picture, \
             password_hash, blocked, created_at, updated_at, last_login, logins_count) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(&user.user_id)
        .bind(&user.email)
        .bind(user.email_verified)
        .bind(&user.name)
        .bind(&user.nickname)
        .bind(&user.picture)
        .bind(password_hash)
        .bind(user.blocked)
        .bind(signed(user.created_at))
        .bind(signed(user.updated_at))
        .bind(user.last_login.map(signed))
        .bind(signed(user.logins_count))
        .execute(self.database.writer())
        .await;
        match inserted {
            Err(error) if is_duplicate(&error) => Err(duplicate(user)),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// What people may change of a user; not the password, and not what the tenant counts.
    pub(crate) async fn update_user(&self, user: &User, now: i64) -> Result<(), TenantError> {
        let updated = sqlx::query(
            "UPDATE users SET email = $2, email_verified = $3, name = $4, nickname = $5, \
             picture = $6, blocked = $7, updated_at = $8 WHERE user_id = $1",
        )
        .bind(&user.user_id)
        .bind(&user.email)
        .bind(user.email_verified)
        .bind(&user.name)
        .bind(&user.nickname)
        .bind(&user.picture)
        .bind(user.blocked)
        .bind(now)
        .execute(self.database.writer())
        .await;
        match updated {
            Err(error) if is_duplicate(&error) => Err(duplicate(user)),
            other => found(other?.rows_affected(), &user.user_id),
        }
    }

    pub(crate) async fn replace_password(
        &self,
        user_id: &str,
        password_hash: &str,
        now: i64,
    ) -> Result<(), TenantError> {
        let mut transaction = self.database.begin().await?;
        let updated =
            sqlx::query("UPDATE users SET password_hash = $2, updated_at = $3 WHERE user_id = $1")
                .bind(user_id)
                .bind(password_hash)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
        sqlx::query("DELETE FROM sessions WHERE user_id = $1")
            .bind(user_id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        found(updated.rows_affected(), user_id)
    }

    /// Counts a login.
    pub(crate) async fn count_login(&self, user_id: &str, now: i64) -> Result<(), TenantError> {
        sqlx::query(
            "UPDATE users SET last_login = $2, logins_count = logins_count + 1 WHERE user_id = $1",
        )
        .bind(user_id)
        .bind(now)
        .execute(self.database.writer())
        .await?;
        Ok(())
    }

    pub(crate) async fn delete_user(&self, user_id: &str) -> Result<(), TenantError> {
        let deleted = sqlx::query("DELETE FROM users WHERE user_id = $1")
            .bind(user_id)
            .execute(self.database.writer())
            .await?;
        found(deleted.rows_affected(), user_id)
    }

    /// By email address.
    pub(crate) async fn users(&self) -> Result<Vec<User>, TenantError> {
        let rows: Vec<UserRow> = sqlx::query_as("SELECT * FROM users ORDER BY email")
            .fetch_all(self.database.reader())
            .await?;
        Ok(rows.into_iter().map(|row| user(row).0).collect())
    }

    pub(crate) async fn user(&self, user_id: &str) -> Result<Option<User>, TenantError> {
        let row: Option<UserRow> = sqlx::query_as("SELECT * FROM users WHERE user_id = $1")
            .bind(user_id)
            .fetch_optional(self.database.reader())
            .await?;
        Ok(row.map(|row| user(row).0))
    }

    /// With the hash of the password, to check one. `email` is in lower case.
    pub(crate) async fn user_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(User, String)>, TenantError> {
        let row: Option<UserRow> = sqlx::query_as("SELECT * FROM users WHERE email = $1")
            .bind(email)
            .fetch_optional(self.database.reader())
            .await?;
        Ok(row.map(user))
    }
}

fn user(row: UserRow) -> (User, String) {
    let user = User {
        user_id: row.user_id,
        email: row.email,
        email_verified: row.email_verified,
        name: row.name,
        nickname: row.nickname,
        picture: row.picture,
        blocked: row.blocked,
        created_at: unsigned(row.created_at),
        updated_at: unsigned(row.updated_at),
        last_login: row.last_login.map(unsigned),
        logins_count: unsigned(row.logins_count),
    };
    (user, row.password_hash)
}

fn duplicate(user: &User) -> TenantError {
    let detail = format!("there is a user with the email address {:?}", user.email);
    TenantError::new(TenantErrorKind::DuplicateEmail, detail)
}

fn found(rows: u64, user_id: &str) -> Result<(), TenantError> {
    if rows == 0 { Err(unknown_user(user_id)) } else { Ok(()) }
}

pub(super) fn unknown_user(user_id: &str) -> TenantError {
    TenantError::new(TenantErrorKind::UnknownUser, format!("there is no user {user_id:?}"))
}
