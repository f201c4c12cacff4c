//! The rules of step 7: claims that fit issuer, kind, audience and time.

use std::time::Duration;

use super::Profile;
use crate::claims::Claims;
use crate::rejection::{Reason, Rejection, shown};
use crate::words;

/// What a token must fit, besides its profile.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    /// Other identifiers by which the issuer names the API.
    pub(crate) aliases: &'a [String],
    /// Time of day since 1970.
    pub(crate) now: Duration,
    pub(crate) skew: Duration,
    pub(crate) max_lifetime: Option<Duration>,
}

impl Expected<'_> {
    fn is_api(&self, audience: &str) -> bool {
        audience == self.audience || self.aliases.iter().any(|alias| alias == audience)
    }
}

impl Profile {
    /// Step 7: claims that fit issuer, kind, audience and time.
    pub(crate) fn check(self, claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
        issuer(claims, expected)?;
        self.kind(claims)?;
        self.required(claims)?;
        self.audience(claims, expected)?;
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
        for (name, access) in self.0.kinds {
            match claims.text(name) {
                Some(kind) if access.contains(&kind) => {}
                Some(kind) => return Err(other_kind(name, kind)),
                None if claims.has(name) => return Err(other_kind(name, "no text")),
                None => return Err(missing(name)),
            }
        }
        for (name, kinds) in self.0.other_kinds {
            if let Some(kind) = claims.text(name).filter(|kind| kinds.contains(kind)) {
                return Err(other_kind(name, kind));
            }
        }
        Ok(())
    }

    fn required(self, claims: &Claims) -> Result<(), Rejection> {
        let there = |name: &&str| match claims.text(name) {
            Some(text) => !text.is_empty(),
            None => *name == "iat" && claims.has(name),
        };
        for any_of in self.0.required {
            if !any_of.iter().any(there) {
                return Err(missing(&any_of.join(" or ")));
            }
        }
        if claims.text("sub") == Some("") { Err(missing("sub")) } else { Ok(()) }
    }

    fn audience(self, claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
        let names = self.0.audience;
        let Some(name) = names.iter().find(|name| claims.has(name)) else {
            return Err(missing(&names.join(" or ")));
        };
        let found = || claims.audience().chain(claims.text(name).filter(|_| *name != "aud"));
        if found().any(|audience| expected.is_api(audience)) {
            return Ok(());
        }
        let found: Vec<String> = found().take(4).map(shown).collect();
        Err(Rejection::new(
            Reason::WrongAudience,
            format!("{name} is [{}], expected {}", found.join(", "), expected.audience),
        ))
    }
}

fn other_kind(name: &str, kind: &str) -> Rejection {
    let detail = format!("the claim {name} is {}: this is no access token", shown(kind));
    Rejection::new(Reason::WrongTokenKind, detail)
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

fn time(claims: &Claims, expected: &Expected<'_>) -> Result<(), Rejection> {
    let Expected { now, skew, .. } = *expected;
    let expires = claims.expires.ok_or_else(|| missing("exp"))?;
    if now >= expires + skew {
        let ago = words::length(now - expires);
        return Err(Rejection::new(Reason::Expired, format!("it expired {ago} ago")));
    }
    for (name, date) in [("nbf", claims.not_before), ("iat", claims.issued)] {
        if let Some(date) = date.filter(|date| *date > now + skew) {
            let ahead = words::length(date - now);
            return Err(Rejection::new(
                Reason::NotYetValid,
                format!("{name} is {ahead} ahead of this machine's clock"),
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
