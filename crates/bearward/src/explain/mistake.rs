//! Mistakes that people make, and what mends each: a row a mistake, in lists by reason.
//!
//! A row looks at the case and speaks up only if it is the row's own mistake. The first that does
//! is the likely one.

mod algorithm;
mod audience;
mod fetch;
mod grant;
mod issuer;
mod keys;
mod kind;
mod text;
mod time;

use super::Scene;
use crate::rejection::Reason;

pub(super) use text::without_wrapping;

/// What somebody has probably done, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) what: String,
    pub(super) mend: String,
}

impl Mistake {
    fn new(what: impl Into<String>, mend: impl Into<String>) -> Mistake {
        Mistake { what: what.into(), mend: mend.into() }
    }
}

/// One mistake.
type Row = fn(&Scene<'_>) -> Option<Mistake>;

/// The likely mistake behind a refusal, where one can be told from what is there.
pub(super) fn likely(scene: &Scene<'_>) -> Option<Mistake> {
    rows(scene.rejection?.reason()).iter().find_map(|row| row(scene))
}

fn rows(reason: &Reason) -> &'static [Row] {
    match reason {
        Reason::NoCredentials | Reason::MalformedAuthorization => text::OF_THE_HEADER,
        Reason::MalformedToken | Reason::EncryptedToken => text::OF_THE_TOKEN,
        Reason::AlgorithmNotAllowed => algorithm::ROWS,
        Reason::WrongType => kind::OF_THE_TYPE,
        Reason::UnknownKey => keys::UNKNOWN,
        Reason::KeysUnavailable => fetch::ROWS,
        Reason::BadSignature => keys::BAD_SIGNATURE,
        Reason::InvalidClaim => time::OF_A_CLAIM,
        Reason::MissingClaim => kind::OF_MISSING_CLAIMS,
        Reason::WrongIssuer => issuer::ROWS,
        Reason::UnknownIssuer => issuer::CLAIMED,
        Reason::WrongAudience => audience::ROWS,
        Reason::Expired => time::EXPIRED,
        Reason::NotYetValid => time::NOT_YET_VALID,
        Reason::WrongTokenKind => kind::OF_THE_TOKEN,
        Reason::ProofRequired => kind::OF_BOUND_TOKENS,
        Reason::InsufficientScope => grant::ROWS,
        Reason::MultipleCredentials
        | Reason::TokenTooLong
        | Reason::MalformedHeader
        | Reason::CriticalHeader
        | Reason::MalformedClaims
        | Reason::LifetimeTooLong
        | Reason::Check(_)
        | Reason::ClaimsShape
        | Reason::GuardMissing
        | Reason::ClockUnset => &[],
    }
}
