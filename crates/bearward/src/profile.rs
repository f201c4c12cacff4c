//! What an issuer's access tokens look like: one table, no code paths, and the rules of step 7.

use std::fmt;
use std::time::Duration;

use crate::claims::Claims;
use crate::config::ConfigError;
use crate::header::{Header, TokenType};
use crate::rejection::{Reason, Rejection, shown};

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

#[derive(PartialEq, Eq)]
struct Row {
    name: &'static str,
    types: &'static [TokenType],
    /// Of each list at least one claim must be there.
    required: &'static [&'static [&'static str]],
    refused: &'static [&'static str],
}

const RFC9068: Row = Row {
    name: "rfc9068",
    types: &[TokenType::AtJwt],
    required: &[&["sub"], &["client_id"], &["iat"], &["jti"]],
    refused: &[],
};

const GENERAL: Row = Row {
    name: "general",
    types: &[TokenType::AtJwt, TokenType::Jwt, TokenType::Absent],
    required: &[&["sub", "client_id", "azp", "cid", "appid"]],
    refused: &["nonce", "at_hash", "c_hash", "events"],
};

const AUTH0: Row = Row {
    name: "auth0",
    types: &[TokenType::AtJwt, TokenType::Jwt],
    required: &[&["sub"], &["azp", "client_id"]],
    refused: &["nonce", "at_hash"],
};

/// What a token must fit, besides its profile.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    /// Time of day since 1970.
    pub(crate) now: Duration,
    pub(crate) skew: Duration,
    pub(crate) max_lifetime: Option<Duration>,
}

impl Profile {
    /// RFC 9068 to the letter: for issuers that say so.
    pub const RFC9068: Profile = Profile(&RFC9068);
    /// Any issuer: the default of [`Issuer::new`](crate::Issuer::new).
    pub const GENERAL: Profile = Profile(&GENERAL);
    /// Auth0, in both of its dialects.
    pub const AUTH0: Profile = Profile(&AUTH0);

    const ALL: [Profile; 3] = [Profile::RFC9068, Profile::GENERAL, Profile::AUTH0];

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

    /// Step 7: claims that fit issuer, kind, audience and time.
    pub(crate) fn check(self, claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
        issuer(claims, expected)?;
        self.kind(claims)?;
        self.required(claims)?;
        audience(claims, expected)?;
        time(claims, expected)
    }

    fn kind(self, claims: &Claims) -> Result<(), Rejection> {
        if let Some(name) = self.0.refused.iter().find(|name| claims.has(name)) {
            return Err(Rejection::new(
                Reason::WrongTokenKind,
                format!("it holds {name}: this is an ID token or another kind, no access token"),
            ));
        }
        if claims.has("cnf") {
            return Err(Rejection::new(
                Reason::ProofRequired,
                "it is bound to a key (cnf), and proof of possession is not supported",
            ));
        }
        Ok(())
    }

    fn required(self, claims: &Claims) -> Result<(), Rejection> {
        let there = |name: &&str| claims.has(name) && claims.text(name) != Some("");
        for any_of in self.0.required {
            if !any_of.iter().any(there) {
                return Err(missing(&any_of.join(" or ")));
            }
        }
        if claims.text("sub") == Some("") { Err(missing("sub")) } else { Ok(()) }
    }
}

fn missing(name: &str) -> Rejection {
    Rejection::new(Reason::MissingClaim, format!("the claim {name} is missing or empty"))
}

/// Byte by byte: a trailing slash, a port or the case of the host make another issuer.
fn issuer(claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
    match claims.text("iss") {
        None => Err(missing("iss")),
        Some(iss) if iss == expected.issuer => Ok(()),
        Some(iss) => Err(Rejection::new(
            Reason::WrongIssuer,
            format!("iss is {}, expected {}", shown(iss), expected.issuer),
        )),
    }
}

fn audience(claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
    if !claims.has("aud") {
        return Err(missing("aud"));
    }
    if claims.audience().any(|audience| audience == expected.audience) {
        return Ok(());
    }
    let found: Vec<String> = claims.audience().take(4).map(shown).collect();
    Err(Rejection::new(
        Reason::WrongAudience,
        format!("aud is [{}], expected {}", found.join(", "), expected.audience),
    ))
}

fn time(claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
    let Expected { now, skew, .. } = *expected;
    let expires = claims.expires.ok_or_else(|| missing("exp"))?;
    if now >= expires + skew {
        let ago = (now - expires).as_secs();
        return Err(Rejection::new(Reason::Expired, format!("it expired {ago} s ago")));
    }
    for (name, date) in [("nbf", claims.not_before), ("iat", claims.issued)] {
        if let Some(date) = date.filter(|date| *date > now + skew) {
            let ahead = (date - now).as_secs();
            return Err(Rejection::new(
                Reason::NotYetValid,
                format!("{name} is {ahead} s ahead of this machine's clock"),
            ));
        }
    }
    let Some(most) = expected.max_lifetime else { return Ok(()) };
    let issued = claims.issued.ok_or_else(|| missing("iat"))?;
    let lifetime = expires.saturating_sub(issued);
    if lifetime > most {
        return Err(Rejection::new(
            Reason::LifetimeTooLong,
            format!("it lives {} s, at most {} s", lifetime.as_secs(), most.as_secs()),
        ));
    }
    Ok(())
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
