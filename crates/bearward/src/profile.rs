//! What an issuer's access tokens look like: one table, no code paths.

mod check;
mod service;
mod table;

use std::fmt;

pub(crate) use check::Expected;
use table::Row;

use crate::config::ConfigError;
use crate::header::Header;
use crate::rejection::{Reason, Rejection};

/// How the access tokens of an issuer are told from its other tokens, and where they say what.
///
/// Every profile demands `iss` and `exp`, checks `nbf` and `iat` where they stand, wants the API's
/// identifier as the audience, and refuses tokens bound to a key (`cnf`). The profiles differ in
/// this:
///
/// | profile | admitted `typ` | must be there too | audience | refused |
/// | --- | --- | --- | --- | --- |
/// | [`RFC9068`](Profile::RFC9068) | `at+jwt` | `sub`, `client_id`, `iat`, `jti` | `aud` | |
/// | [`GENERAL`](Profile::GENERAL) | `at+jwt`, `JWT`, none | `sub` or a client | `aud` | with `nonce`, `at_hash`, `c_hash` or `events`; `typ` of Keycloak's other tokens; `token_use` `id` |
/// | [`AUTH0`](Profile::AUTH0) | `at+jwt`, `JWT` | `sub`, and `azp` or `client_id` | `aud` | with `nonce` or `at_hash` |
/// | [`KEYCLOAK`](Profile::KEYCLOAK) | `at+jwt`, `JWT` | `sub`; the claim `typ` | `aud` | the claim `typ` not `Bearer` |
/// | [`OKTA`](Profile::OKTA) | `at+jwt`, `JWT`, none | `sub`, `cid` | `aud` | with `nonce`, `at_hash` or `c_hash` |
/// | [`ENTRA`](Profile::ENTRA) | `at+jwt`, `JWT` | `sub`, and `azp` or `appid` | `aud` | with `nonce`, `at_hash` or `c_hash` |
/// | [`COGNITO`](Profile::COGNITO) | `at+jwt`, `JWT`, none | `sub`, `client_id`; `token_use` | `aud`, else `client_id` | `token_use` not `access` |
///
/// They also differ in how [`principal`](crate::Claims::principal) tells users from clients that
/// act for themselves:
///
/// | profile | a client, where |
/// | --- | --- |
/// | `RFC9068`, `GENERAL`, `AUTH0` | `sub` is the client's id, or that with `@clients` behind it |
/// | `KEYCLOAK` | `preferred_username` is `service-account-` and the client's id, and `client_id` is that id too: both are put there by Keycloak's own client scopes |
/// | `OKTA` | there is no `uid` |
/// | `ENTRA` | `idtyp` is `app` (an optional claim: ask for it); or `sub` is `oid`, and there is no `scp` |
/// | `COGNITO` | `sub` is the client's id |
///
/// # Example
/// ```
/// use bearward::Profile;
/// assert_eq!(Profile::from_name("rfc9068").unwrap(), Profile::RFC9068);
/// assert!(Profile::from_name("rfc-9068").is_err());
/// ```
///
/// Source: RFC 9068 section 4; for each provider the pages named in `profile/table.rs`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Profile(&'static Row);

impl Profile {
    /// RFC 9068 to the letter: for issuers that say so.
    pub const RFC9068: Profile = Profile(&table::RFC9068);
    /// Any issuer: the default of [`Issuer::new`](crate::Issuer::new).
    ///
    /// The audience must not be a client's id: an ID token without `nonce` and hashes looks like an
    /// access token for its client.
    pub const GENERAL: Profile = Profile(&table::GENERAL);
    /// Auth0, in both of its dialects.
    pub const AUTH0: Profile = Profile(&table::AUTH0);
    /// Keycloak.
    ///
    /// Its access tokens name no API by themselves, or `account` only: add an audience mapper to a
    /// client scope of the clients that call this API. Roles (`realm_access`, `resource_access`)
    /// are no scopes and are not read; check them with
    /// [`ResourceServer::check`](crate::ResourceServer::check). Lightweight access tokens are meant
    /// for introspection and lack `sub`.
    pub const KEYCLOAK: Profile = Profile(&table::KEYCLOAK);
    /// Okta, custom authorization servers. Tokens of the org authorization server are for Okta
    /// alone to read.
    pub const OKTA: Profile = Profile(&table::OKTA);
    /// Microsoft Entra ID, tokens of version 2.0 and 1.0.
    ///
    /// In 2.0 the audience is the API's client id; in 1.0 that or any of its application ID URIs
    /// (`api://...`), with or without a slash at the end: see
    /// [`Issuer::audiences`](crate::Issuer::audiences). Tokens for Microsoft Graph and other APIs
    /// of Microsoft (`nonce` in the header) cannot be verified by anybody else.
    pub const ENTRA: Profile = Profile(&table::ENTRA);
    /// Amazon Cognito user pools.
    ///
    /// Access tokens have no `aud`: the audience is the id of the app client that got the token.
    /// List the others in [`Issuer::audiences`](crate::Issuer::audiences).
    pub const COGNITO: Profile = Profile(&table::COGNITO);

    pub(crate) const ALL: [Profile; 7] = [
        Profile::RFC9068,
        Profile::GENERAL,
        Profile::AUTH0,
        Profile::KEYCLOAK,
        Profile::OKTA,
        Profile::ENTRA,
        Profile::COGNITO,
    ];

    /// The names of all profiles.
    ///
    /// # Example
    /// ```
    /// # use bearward::Profile;
    /// assert!(Profile::names().any(|name| name == "keycloak"));
    /// ```
    pub fn names() -> impl Iterator<Item = &'static str> {
        Profile::ALL.into_iter().map(Profile::name)
    }

    /// The profile with this name.
    ///
    /// # Errors
    /// `profile` when there is none; the message lists the names.
    ///
    /// # Example
    /// ```
    /// # use bearward::Profile;
    /// let error = Profile::from_name("auth1").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "profile: expected one of rfc9068, general, auth0, keycloak, okta, entra, cognito, found \"auth1\""
    /// );
    /// ```
    pub fn from_name(name: &str) -> Result<Profile, ConfigError> {
        Profile::ALL.into_iter().find(|profile| profile.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Profile::names().collect();
            let message = format!("expected one of {}, found {name:?}", names.join(", "));
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
        let names: Vec<&str> = self.0.types.iter().map(|one| one.name()).collect();
        Err(Rejection::new(
            Reason::WrongType,
            format!("profile {} admits typ {}", self.name(), names.join(", ")),
        ))
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
