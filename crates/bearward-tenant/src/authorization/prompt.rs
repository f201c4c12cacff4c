//! Whether the user is to be asked again, or not at all.

use serde::{Deserialize, Serialize};

use super::AuthorizationError;

/// What `prompt` says. Words that it does not know are ignored, as Auth0 does.
///
/// Source: OpenID Connect Core section 3.1.2.1.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Prompt {
    /// Ask nothing: an error where something would have to be asked.
    pub(crate) none: bool,
    /// Ask for the password even where somebody is logged in. `select_account` means the same
    /// here: a browser has one session at a time, and the way to another account is to log in.
    pub(crate) login: bool,
    /// Ask for consent even where it was given.
    pub(crate) consent: bool,
}

impl Prompt {
    pub(super) fn parse(text: &str) -> Result<Prompt, AuthorizationError> {
        let mut prompt = Prompt::default();
        for word in text.split(' ') {
            match word {
                "none" => prompt.none = true,
                "login" | "select_account" => prompt.login = true,
                "consent" => prompt.consent = true,
                _ => {}
            }
        }
        if prompt.none && text.trim() != "none" {
            return Err(AuthorizationError::invalid_request(
                "prompt_contradicts_itself",
                "prompt none stands alone",
            ));
        }
        Ok(prompt)
    }
}
