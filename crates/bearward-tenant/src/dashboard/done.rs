//! What has just been done, told on the page that a form leads to.
//!
//! A form redirects, so that a reload does not repeat it.

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};

use crate::pages::pieces::Meaning;
use crate::pages::{Flash, Frame};

/// What was done, as it stands in the address of the next page. An address that somebody else made
/// up can say no more than one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Done {
    Kept,
    ApiCreated,
    ApiDeleted,
    PermissionSaved,
    PermissionRemoved,
    ApplicationCreated,
    ApplicationDeleted,
    Authorized,
    Withdrawn,
    UserCreated,
    UserDeleted,
    Blocked,
    Unblocked,
    PasswordSet,
    RoleCreated,
    RoleDeleted,
    Given,
    TakenAway,
    Rotated,
    Revoked,
    Mended,
}

/// The part of a query that says it.
#[derive(Deserialize)]
pub(super) struct DoneQuery {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) done: Option<Done>,
}

/// A word that is none of ours says nothing; the page is shown all the same.
fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Done>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let word: StrDeserializer<'_, Error> = text.as_str().into_deserializer();
    Ok(Done::deserialize(word).ok())
}

impl Done {
    /// In the address, then for the reader: what happened, and what follows from it.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Done::Kept => ("kept", "Saved", "The next request sees it."),
            Done::ApiCreated => ("api-created", "Created", "Tokens can be for it."),
            Done::ApiDeleted => ("api-deleted", "Deleted", "Nobody gets tokens for that API."),
            Done::PermissionSaved => ("permission-saved", "Saved", "It can be granted."),
            Done::PermissionRemoved => {
                ("permission-removed", "Removed", "New tokens do not have it. Those out there do.")
            }
            Done::ApplicationCreated => {
                ("application-created", "Created", "Tell it where people may be sent after login.")
            }
            Done::ApplicationDeleted => {
                ("application-deleted", "Deleted", "It gets no more tokens.")
            }
            Done::Authorized => ("authorized", "Authorized", "It gets tokens for this API."),
            Done::Withdrawn => {
                ("withdrawn", "Withdrawn", "No new tokens. Those out there last until they expire.")
            }
            Done::UserCreated => ("user-created", "Created", "They can log in."),
            Done::UserDeleted => ("user-deleted", "Deleted", "They cannot log in any more."),
            Done::Blocked => ("blocked", "Blocked", "No login and no new tokens."),
            Done::Unblocked => ("unblocked", "Unblocked", "They can log in again."),
            Done::PasswordSet => ("password-set", "Password set", "The old one opens nothing."),
            Done::RoleCreated => ("role-created", "Created", "Tick what it gives."),
            Done::RoleDeleted => ("role-deleted", "Deleted", "What it alone gave is gone."),
            Done::Given => ("given", "Given", "The next token has it."),
            Done::TakenAway => ("taken-away", "Taken away", "The next token does not have it."),
            Done::Rotated => {
                ("rotated", "Rotated", "New tokens are signed with the key that was next.")
            }
            Done::Revoked => {
                ("revoked", "Revoked", "Verifiers refuse its tokens from their next fetch on.")
            }
            Done::Mended => ("mended", "Mended", "Send the request again."),
        }
    }

    /// Leads to this page, which says what was done. The path may have a query.
    pub(super) fn at(self, path: &str) -> Response {
        let mark = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{path}{mark}done={}", self.words().0)).into_response()
    }
}

impl Frame {
    /// With a line about what has just been done.
    pub(super) fn after(self, done: Option<Done>) -> Frame {
        let flash = done.map(|done| {
            let (_, word, says) = done.words();
            Flash { meaning: Meaning::Allowed, word, says: says.to_owned(), next: None }
        });
        Frame { flash, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_what_it_was_made_from() {
        for done in [
            Done::Kept,
            Done::ApiCreated,
            Done::ApiDeleted,
            Done::PermissionSaved,
            Done::PermissionRemoved,
            Done::ApplicationCreated,
            Done::ApplicationDeleted,
            Done::Authorized,
            Done::Withdrawn,
            Done::UserCreated,
            Done::UserDeleted,
            Done::Blocked,
            Done::Unblocked,
            Done::PasswordSet,
            Done::RoleCreated,
            Done::RoleDeleted,
            Done::Given,
            Done::TakenAway,
            Done::Rotated,
            Done::Revoked,
            Done::Mended,
        ] {
            let word: StrDeserializer<'_, Error> = done.words().0.into_deserializer();
            assert_eq!(Done::deserialize(word), Ok(done));
        }
    }
}
