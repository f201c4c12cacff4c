//! Names that people give to things.

use crate::error::{TenantError, TenantErrorKind};

/// Auth0's limit for the name of an API.
const MAX_CHARACTERS: usize = 200;

/// Lets a name pass that has 1 to 200 characters without `<`, `>` and control characters.
pub(super) fn check_name(what: &str, name: &str) -> Result<(), TenantError> {
    let invalid = |found: &str| {
        let detail = format!(
            "expected a name for the {what} of 1 to {MAX_CHARACTERS} characters without <, > \
             and control characters, found {found}"
        );
        Err(TenantError::new(TenantErrorKind::InvalidName, detail))
    };
    if name.trim().is_empty() {
        return invalid("an empty one");
    }
    let characters = name.chars().count();
    if characters > MAX_CHARACTERS {
        return invalid(&format!("{characters} characters"));
    }
    if name.chars().any(|c| c == '<' || c == '>' || c.is_control()) {
        return invalid(&format!("{name:?}"));
    }
    Ok(())
}
