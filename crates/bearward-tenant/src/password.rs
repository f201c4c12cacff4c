//! Passwords: kept as argon2id, and checked in the same time whether there is a user or not.

use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::error::TenantError;

/// Each takes 19 MiB and tens of milliseconds (OWASP's parameters for argon2id, the library's
/// default), so only a few run at a time.
const AT_A_TIME: usize = 4;

/// Hashes and checks passwords, a few at a time, beside the threads that serve.
#[derive(Clone, Debug)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl Passwords {
    /// The hash to keep, in the PHC string format, with a salt of its own.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, TenantError> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?
    }

    /// Whether this is the password that was hashed. Without a hash the answer is no, after the
    /// same work.
    pub(crate) async fn matches(
        &self,
        password: &str,
        kept: Option<String>,
    ) -> Result<bool, TenantError> {
        let password = password.to_owned();
        self.run(move || match kept {
            Some(kept) => verify(&password, &kept),
            None => {
                verify(&password, of_nobody());
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, TenantError> {
        let failed = "the password could not be looked at";
        let _turn = self.0.acquire().await.map_err(|e| TenantError::surroundings(failed, e))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| TenantError::surroundings(failed, e))
    }
}

fn hash(password: &str) -> Result<String, TenantError> {
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(error) => Err(TenantError::surroundings("the password could not be hashed", error)),
    }
}

fn verify(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
}

/// A hash with the parameters of all others that no password is known to have.
fn of_nobody() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash("").unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let passwords = Passwords::default();
        let kept = passwords.hash("correct horse").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, passwords.hash("correct horse").await.unwrap());
        assert!(passwords.matches("correct horse", Some(kept.clone())).await.unwrap());
        assert!(!passwords.matches("correct horse ", Some(kept)).await.unwrap());
        assert!(!passwords.matches("", None).await.unwrap());
        assert!(!passwords.matches("x", Some("nonsense".to_owned())).await.unwrap());
    }
}
