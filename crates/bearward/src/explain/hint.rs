//! A refusal in one line, and what helps where nothing but its reason is known.

use crate::challenge::Challenge;
use crate::rejection::{Reason, Rejection, shown};

impl Rejection {
    /// What a person may do about it, in one sentence, where there is something sure to say.
    ///
    /// # Example
    /// ```
    /// use bearward::Credentials;
    /// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
    /// assert_eq!(rejection.hint(), Some("send the header Authorization: Bearer TOKEN"));
    /// ```
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        hint(self.reason())
    }

    /// One line for the operator: what was asked, what was answered, why, and what to do.
    ///
    /// # Example
    /// ```
    /// use bearward::Credentials;
    /// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
    /// assert_eq!(
    ///     rejection.explain("GET", "/api/private"),
    ///     "401 GET /api/private: the request carries no Bearer token; \
    ///      hint: send the header Authorization: Bearer TOKEN"
    /// );
    /// ```
    #[must_use]
    pub fn explain(&self, method: &str, path: &str) -> String {
        self.line(method, path, None)
    }

    /// The same with a better hint, where there is one.
    pub(super) fn line(&self, method: &str, path: &str, hint: Option<&str>) -> String {
        let status = Challenge::from(self).status();
        let asked = format!("{status} {} {}: {self}", shown(method), shown(path));
        match hint.or_else(|| self.hint()) {
            Some(hint) => format!("{asked}; hint: {hint}"),
            None => asked,
        }
    }
}

fn hint(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::NoCredentials => "send the header Authorization: Bearer TOKEN",
        Reason::MultipleCredentials => "send one Authorization header, and no token in the query",
        Reason::MalformedAuthorization => "the header's form is: Bearer, one space, the token",
        Reason::TokenTooLong => "raise Limits::token_bytes if your issuer's tokens are this long",
        Reason::MalformedToken => {
            "this may be an opaque token: ask the issuer for one with this API as audience"
        }
        Reason::EncryptedToken => "turn token encryption off for this API at the issuer",
        Reason::AlgorithmNotAllowed => {
            "sign this API's tokens with RS256 or another asymmetric algorithm that is allowed"
        }
        Reason::WrongType => "send an access token, or choose the issuer's profile",
        Reason::UnknownKey => "is the token from this issuer, and not from another tenant?",
        Reason::BadSignature => "the token was changed, cut, or signed by somebody else",
        Reason::WrongIssuer | Reason::UnknownIssuer => {
            "compare letter by letter, also the slash at the end and the port"
        }
        Reason::WrongAudience => "ask the issuer for a token with this API's identifier",
        Reason::WrongTokenKind => "send the access token, not the ID token",
        Reason::ProofRequired => "turn off DPoP or mTLS binding for this API at the issuer",
        Reason::Expired => "get a new token",
        Reason::NotYetValid => "set the clocks of issuer and API by NTP",
        Reason::LifetimeTooLong => "shorten the lifetime of this API's tokens at the issuer",
        Reason::InsufficientScope => {
            "grant it to the application or user, then get a new token that asks for it"
        }
        Reason::KeysUnavailable => "is the issuer up, and can this machine reach it?",
        Reason::ClockUnset => "set this machine's clock by NTP",
        Reason::GuardMissing => "add the guard to this route, or take the token out of its handler",
        Reason::MissingClaim | Reason::ClaimsShape => "see what the issuer puts into its tokens",
        Reason::MalformedHeader
        | Reason::CriticalHeader
        | Reason::MalformedClaims
        | Reason::InvalidClaim
        | Reason::Check(_) => return None,
    })
}
