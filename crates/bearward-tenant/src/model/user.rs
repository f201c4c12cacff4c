//! A user: who logs in.

use std::fmt;

use super::name::check_name;
use crate::error::{TenantError, TenantErrorKind};
use crate::random;

/// More than any address that can be written to has (RFC 5321 section 4.5.3.1).
const MAX_EMAIL_CHARACTERS: usize = 254;

/// NIST SP 800-63B section 3.1.1.2 asks for eight at least, and for room for long ones. The upper
/// bound keeps hashing from being work that others choose.
const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 8..=256;

/// A user that the tenant knows.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// use bearward_tenant::{NewUser, Tenant};
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let alice = tenant.create_user(NewUser::new("alice@example.com", "correct horse")).await?;
/// assert!(alice.user_id.starts_with("auth0|"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// What tokens call the user: their `sub`. It never changes.
    pub user_id: String,
    /// In lower case; it stands for the user at login.
    pub email: String,
    /// Whether somebody has made sure that the address is the user's.
    pub email_verified: bool,
    /// The full name.
    pub name: String,
    /// How the user likes to be called.
    pub nickname: String,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Whether the user is kept from logging in and from getting new tokens.
    pub blocked: bool,
    /// In seconds since 1970-01-01 UTC.
    pub created_at: u64,
    /// In seconds since 1970-01-01 UTC.
    pub updated_at: u64,
    /// In seconds since 1970-01-01 UTC; nothing before the first.
    pub last_login: Option<u64>,
    /// How often the user has logged in.
    pub logins_count: u64,
}

/// A user that is to be made: an email address and a password, and what differs from the defaults.
///
/// It is checked when it is made, by [`Tenant::create_user`](crate::Tenant::create_user). Defaults:
/// named after the address, not verified. `Debug` redacts the password.
///
/// # Example
/// ```
/// use bearward_tenant::NewUser;
/// let alice = NewUser::new("alice@example.com", "correct horse").name("Alice Liddell");
/// # drop(alice);
/// ```
#[derive(Clone)]
pub struct NewUser {
    pub(crate) email: String,
    pub(crate) password: String,
    name: Option<String>,
    email_verified: bool,
    user_id: Option<String>,
}

impl NewUser {
    /// A user with this address and this password of 8 to 256 bytes.
    #[must_use]
    pub fn new(email: impl Into<String>, password: impl Into<String>) -> NewUser {
        NewUser {
            email: email.into(),
            password: password.into(),
            name: None,
            email_verified: false,
            user_id: None,
        }
    }

    /// Sets the full name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> NewUser {
        self.name = Some(name.into());
        self
    }

    /// Says that the address is known to be the user's.
    #[must_use]
    pub fn email_verified(mut self) -> NewUser {
        self.email_verified = true;
        self
    }

    /// Chooses the part of the user id after `auth0|`, for a seed file that must give the same each
    /// time: 1 to 64 letters and digits.
    #[must_use]
    pub fn user_id(mut self, id: impl Into<String>) -> NewUser {
        self.user_id = Some(id.into());
        self
    }

    pub(crate) fn check(self, now: u64) -> Result<User, TenantError> {
        let email = normal_email(&self.email)?;
        check_password(&self.password)?;
        let id = match self.user_id {
            Some(id) => chosen_user_id(id)?,
            None => random::letters_and_digits(24)?,
        };
        let nickname = email.split('@').next().unwrap_or_default().to_owned();
        let user = User {
            user_id: format!("auth0|{id}"),
            name: self.name.unwrap_or_else(|| email.clone()),
            nickname,
            email,
            email_verified: self.email_verified,
            picture: None,
            blocked: false,
            created_at: now,
            updated_at: now,
            last_login: None,
            logins_count: 0,
        };
        user.check()?;
        Ok(user)
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("email", &self.email).finish_non_exhaustive()
    }
}

impl User {
    pub(crate) fn check(&self) -> Result<(), TenantError> {
        check_name("user", &self.name)?;
        check_name("user", &self.nickname)
    }
}

/// The address as it is kept and compared.
///
/// Letters are lowered one by one and nothing else is mended: two addresses that only look alike
/// (`ａlice`, `аlice`) stay two.
pub(crate) fn normal_email(text: &str) -> Result<String, TenantError> {
    let email = text.trim().to_lowercase();
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    let characters = email.chars().count();
    if well_formed
        && characters <= MAX_EMAIL_CHARACTERS
        && !email.chars().any(|c| c.is_control() || c.is_whitespace() || c == '<' || c == '>')
    {
        return Ok(email);
    }
    let detail = format!(
        "expected an email address such as alice@example.com of at most {MAX_EMAIL_CHARACTERS} \
         characters, found {characters} characters that are none"
    );
    Err(TenantError::new(TenantErrorKind::InvalidEmail, detail))
}

pub(crate) fn check_password(password: &str) -> Result<(), TenantError> {
    if PASSWORD_BYTES.contains(&password.len()) {
        return Ok(());
    }
    let detail = format!(
        "expected a password of {} to {} bytes, found {}",
        PASSWORD_BYTES.start(),
        PASSWORD_BYTES.end(),
        password.len()
    );
    Err(TenantError::new(TenantErrorKind::InvalidPassword, detail))
}

fn chosen_user_id(id: String) -> Result<String, TenantError> {
    if (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(id);
    }
    let detail = format!("expected a user id of 1 to 64 letters and digits, found {id:?}");
    Err(TenantError::new(TenantErrorKind::InvalidName, detail))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(normal_email(" Alice@Example.COM ").unwrap(), "alice@example.com");
        assert_ne!(normal_email("аlice@example.com").unwrap(), "alice@example.com");
        let long = format!("{}@example.com", "a".repeat(250));
        for text in ["", "alice", "@example.com", "alice@", "a@b@c", "a b@c", "a\0@c", &long] {
            assert!(normal_email(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_is_neither_short_nor_endless() {
        for (length, good) in [(0, false), (7, false), (8, true), (256, true), (257, false)] {
            assert_eq!(check_password(&"x".repeat(length)).is_ok(), good, "{length}");
        }
    }
}
