//! A password that nobody chose.

use std::fmt;

use crate::error::TenantError;
use crate::random;

/// A password of 20 random letters and digits (119 bits), for a user who has none yet.
///
/// `Debug` redacts, and there is no `Display`: whoever wants the text asks for it with
/// [`expose`](GeneratedPassword::expose).
///
/// # Example
/// ```
/// # fn example() -> Result<(), bearward_tenant::TenantError> {
/// use bearward_tenant::{GeneratedPassword, NewUser};
/// let password = GeneratedPassword::generate()?;
/// let alice = NewUser::new("alice@example.com", password.expose());
/// # drop(alice);
/// assert_eq!(format!("{password:?}"), "GeneratedPassword(redacted)");
/// # Ok(())
/// # }
/// # example().unwrap();
/// ```
pub struct GeneratedPassword(String);

impl GeneratedPassword {
    /// A new one.
    ///
    /// # Errors
    /// `surroundings` when the operating system gives no randomness.
    pub fn generate() -> Result<GeneratedPassword, TenantError> {
        random::letters_and_digits(20).map(GeneratedPassword)
    }

    /// The password itself, to hand to the user.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GeneratedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GeneratedPassword(redacted)")
    }
}
