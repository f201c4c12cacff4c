//! Every way a request can fail, each with a stable code.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::challenge::Protection;

/// Why a request was refused.
///
/// It has two sides. The client's side is the [`Challenge`](crate::Challenge) built from it: the
/// RFC's error code and a fixed sentence. The operator's side is [`code`](Rejection::code), a
/// stable word for logs and metrics, and `Display`, which says what was expected and what was
/// found. Neither holds a byte of the token's text; `Display` may name a claim's value, shortened
/// and escaped.
///
/// # Example
/// ```
/// use bearward::{Credentials, RejectionKind};
/// let rejection = Credentials::read([b"Bearer a, Bearer b".as_slice()], None).unwrap_err();
/// assert_eq!(rejection.kind(), RejectionKind::InvalidRequest);
/// assert_eq!(rejection.code(), "malformed_authorization");
/// ```
#[derive(Clone)]
pub struct Rejection {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    reason: Reason,
    detail: String,
    needs: Needs,
    retry_after: Option<Duration>,
    protection: Option<Arc<Protection>>,
}

/// What the request would have needed; filled where the access token is good but not enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Scopes that would satisfy the operation, for `scope` in the challenge.
    pub(crate) scopes: Vec<Cow<'static, str>>,
}

/// The kind of a [`Rejection`]: who has to act.
///
/// # Example
/// ```
/// use bearward::{Credentials, RejectionKind};
/// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
/// assert_eq!(rejection.kind(), RejectionKind::NoCredentials);
/// ```
///
/// Source: RFC 6750 section 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RejectionKind {
    /// The request carries no access token: 401 without an error code.
    NoCredentials,
    /// More than one token, or a malformed header: 400 `invalid_request`.
    InvalidRequest,
    /// Any fault of the token: 401 `invalid_token`.
    InvalidToken,
    /// A good token that does not allow this request: 403 `insufficient_scope`.
    InsufficientScope,
    /// The issuer's keys are not to be had: 503 with `Retry-After`. Never the token's fault.
    KeysUnavailable,
    /// A fault of this program or machine, such as an extractor on a route without a guard: 500.
    Internal,
}

/// The reason behind a code, closed and private: the code is the public contract.
#[cfg_attr(
    not(all(feature = "axum", feature = "remote")),
    allow(dead_code, reason = "some are for adapters and fetched keys only")
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NoCredentials,
    MultipleCredentials,
    MalformedAuthorization,
    TokenTooLong,
    MalformedToken,
    MalformedHeader,
    CriticalHeader,
    EncryptedToken,
    AlgorithmNotAllowed,
    WrongType,
    /// As `WrongIssuer`, before the signature was checked.
    UnknownIssuer,
    UnknownKey,
    BadSignature,
    MalformedClaims,
    InvalidClaim,
    MissingClaim,
    WrongIssuer,
    WrongAudience,
    Expired,
    NotYetValid,
    LifetimeTooLong,
    WrongTokenKind,
    ProofRequired,
    ClaimsShape,
    InsufficientScope,
    Check(Cow<'static, str>),
    KeysUnavailable,
    GuardMissing,
    ClockUnset,
}

impl Reason {
    fn code(&self) -> &str {
        match self {
            Reason::NoCredentials => "no_credentials",
            Reason::MultipleCredentials => "multiple_credentials",
            Reason::MalformedAuthorization => "malformed_authorization",
            Reason::TokenTooLong => "token_too_long",
            Reason::MalformedToken => "malformed_token",
            Reason::MalformedHeader => "malformed_header",
            Reason::CriticalHeader => "critical_header",
            Reason::EncryptedToken => "encrypted_token",
            Reason::AlgorithmNotAllowed => "algorithm_not_allowed",
            Reason::WrongType => "wrong_type",
            Reason::UnknownKey => "unknown_key",
            Reason::BadSignature => "bad_signature",
            Reason::MalformedClaims => "malformed_claims",
            Reason::InvalidClaim => "invalid_claim",
            Reason::MissingClaim => "missing_claim",
            Reason::WrongIssuer | Reason::UnknownIssuer => "wrong_issuer",
            Reason::WrongAudience => "wrong_audience",
            Reason::Expired => "expired",
            Reason::NotYetValid => "not_yet_valid",
            Reason::LifetimeTooLong => "lifetime_too_long",
            Reason::WrongTokenKind => "wrong_token_kind",
            Reason::ProofRequired => "proof_of_possession_required",
            Reason::ClaimsShape => "claims_shape",
            Reason::InsufficientScope => "insufficient_scope",
            Reason::Check(name) => name,
            Reason::KeysUnavailable => "keys_unavailable",
            Reason::GuardMissing => "guard_missing",
            Reason::ClockUnset => "clock_unset",
        }
    }

    fn kind(&self) -> RejectionKind {
        match self {
            Reason::NoCredentials => RejectionKind::NoCredentials,
            Reason::MultipleCredentials | Reason::MalformedAuthorization => {
                RejectionKind::InvalidRequest
            }
            Reason::InsufficientScope | Reason::Check(_) => RejectionKind::InsufficientScope,
            Reason::KeysUnavailable => RejectionKind::KeysUnavailable,
            Reason::GuardMissing | Reason::ClockUnset => RejectionKind::Internal,
            _ => RejectionKind::InvalidToken,
        }
    }
}

impl Rejection {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Rejection {
        Rejection {
            inner: Box::new(Inner {
                reason,
                detail: detail.into(),
                needs: Needs::default(),
                retry_after: None,
                protection: None,
            }),
        }
    }

    pub(crate) fn with_needs(mut self, needs: Needs) -> Rejection {
        self.inner.needs = needs;
        self
    }

    #[cfg(feature = "remote")]
    pub(crate) fn retry_after(mut self, wait: Duration) -> Rejection {
        self.inner.retry_after = Some(wait);
        self
    }

    /// Names the resource server that refused, so that the challenge can.
    pub(crate) fn of(mut self, protection: &Arc<Protection>) -> Rejection {
        self.inner.protection = Some(Arc::clone(protection));
        self
    }

    /// Who has to act.
    ///
    /// # Example
    /// ```
    /// # use bearward::{Credentials, RejectionKind};
    /// let rejection = Credentials::read([b"Bearer \"x\"".as_slice()], None).unwrap_err();
    /// assert_eq!(rejection.kind(), RejectionKind::InvalidRequest);
    /// ```
    #[must_use]
    pub fn kind(&self) -> RejectionKind {
        self.inner.reason.kind()
    }

    /// A stable word for logs and metrics, such as `expired` or `wrong_audience`; for a custom
    /// check its name.
    ///
    /// # Example
    /// ```
    /// # use bearward::Credentials;
    /// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
    /// assert_eq!(rejection.code(), "no_credentials");
    /// ```
    #[must_use]
    pub fn code(&self) -> &str {
        self.inner.reason.code()
    }

    pub(crate) fn reason(&self) -> &Reason {
        &self.inner.reason
    }

    pub(crate) fn needs(&self) -> &Needs {
        &self.inner.needs
    }

    pub(crate) fn wait(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    pub(crate) fn protection(&self) -> Option<&Protection> {
        self.inner.protection.as_deref()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.detail)
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("code", &self.code())
            .field("detail", &self.inner.detail)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Rejection {}

/// A value from a token as a log may show it: escaped, and cut after 80 characters.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut out: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
