//! What an issuer's access tokens look like: one table, no code paths.

mod check;
mod table;

use std::fmt;

pub(crate) use check::Expected;
use table::{AUTH0, GENERAL, RFC9068, Row};

use crate::config::ConfigError;
use crate::header::Header;
use crate::rejection::{Reason, Rejection};

/// How the access tokens of an issuer are told from its other tokens.
///
/// Every profile demands `iss` and `exp`, checks `nbf` and `iat` where they stand, wants the
/// audience in `aud`, and refuses tokens bound to a key (`cnf`). The profiles differ in this:
///
/// | profile | admitted `typ` | must be there too | refused when the claims hold |
/// | --- | --- | --- | --- |
/// | [`RFC9068`](Profile::RFC9068) | `at+jwt` | `sub`, `client_id`, `iat`, `jti` | |
/// | [`GENERAL`](Profile::GENERAL) | `at+jwt`, `JWT`, none | `sub` or a client | `nonce`, `at_hash`, `c_hash`, `events` |
/// | [`AUTH0`](Profile::AUTH0) | `at+jwt`, `JWT` | `sub`, and `azp` or `client_id` | `nonce`, `at_hash` |
///
/// # Example
/// ```
/// use bearward::Profile;
/// assert_eq!(Profile::from_name("rfc9068").unwrap(), Profile::RFC9068);
/// assert!(Profile::from_name("rfc-9068").is_err());
/// ```
///
/// Source: RFC 9068 section 4; <https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles>.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Profile(&'static Row);

impl Profile {
    /// RFC 9068 to the letter: for issuers that say so.
    pub const RFC9068: Profile = Profile(&RFC9068);
    /// Any issuer: the default of [`Issuer::new`](crate::Issuer::new).
    pub const GENERAL: Profile = Profile(&GENERAL);
    /// Auth0, in both of its dialects.
    pub const AUTH0: Profile = Profile(&AUTH0);

    pub(crate) const ALL: [Profile; 3] = [Profile::RFC9068, Profile::GENERAL, Profile::AUTH0];

    /// The profile with this name.
    ///
    /// # Errors
    /// `profile` when there is none; the message lists the names.
    ///
    /// # Example
    /// ```
    /// # use bearward::Profile;
    /// let error = Profile::from_name("auth1").unwrap_err();
    /// assert_eq!(error.to_string(), "profile: expected rfc9068, general or auth0, found \"auth1\"");
    /// ```
    pub fn from_name(name: &str) -> Result<Profile, ConfigError> {
        Profile::ALL.into_iter().find(|profile| profile.name() == name).ok_or_else(|| {
            let message = format!("expected rfc9068, general or auth0, found {name:?}");
            ConfigError::new("profile", message)
        })
    }

    /// The name of the profile.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward::Profile::AUTH0.name(), "auth0");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Step 3: what `typ` says, before any key is looked for.
    pub(crate) fn admit(self, header: &Header) -> Result<(), Rejection> {
        if self.0.types.contains(&header.token_type) {
            return Ok(());
        }
        Err(Rejection::new(
            Reason::WrongType,
            format!("the header's typ is not one that profile {} admits", self.name()),
        ))
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
