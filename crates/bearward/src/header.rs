//! The JOSE header as closed types: `alg`, `kid`, `typ`, and what must not stand there.

use crate::algorithm::Algorithm;
use crate::json::{JsonLimits, Object, Value, parse_object};
use crate::rejection::{Reason, Rejection, shown};

/// A token's header, read and reduced to what selects a key and a profile.
///
/// `jku`, `x5u`, `jwk` and `x5c` never give a key and never cause a fetch: they are not read.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<Box<str>>,
    pub(crate) token_type: TokenType,
}

/// `typ`, as far as it tells access tokens from other tokens. Source: RFC 9068 section 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// `at+jwt`, or `application/at+jwt`, in any case.
    AtJwt,
    /// `JWT`, or `application/jwt`.
    Jwt,
    Absent,
    Other,
}

impl TokenType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            TokenType::AtJwt => "at+jwt",
            TokenType::Jwt => "JWT",
            TokenType::Absent => "none",
            TokenType::Other => "another",
        }
    }
}

pub(crate) fn parse_header(bytes: &[u8], limits: JsonLimits) -> Result<Header, Rejection> {
    let header = parse_object(bytes, limits)
        .map_err(|error| malformed(format!("the header cannot be read: {error}")))?;
    refuse_extensions(&header)?;
    Ok(Header {
        algorithm: algorithm(&header)?,
        kid: text(&header, "kid")?.map(Box::from),
        token_type: token_type(text(&header, "typ")?),
    })
}

fn malformed(detail: impl Into<String>) -> Rejection {
    Rejection::new(Reason::MalformedHeader, detail)
}

/// RFC 7515 section 4.1.11: what must be understood and is not, is refused. Bearward understands
/// no extension, so the presence of `crit` is enough.
fn refuse_extensions(header: &Object<'_>) -> Result<(), Rejection> {
    for name in ["crit", "b64"] {
        if header.get(name).is_some() {
            return Err(Rejection::new(
                Reason::CriticalHeader,
                format!("the header holds {name}, an extension that bearward does not take"),
            ));
        }
    }
    for name in ["enc", "zip"] {
        if header.get(name).is_some() {
            return Err(Rejection::new(
                Reason::EncryptedToken,
                format!("the header holds {name}: expected a signed token, found an encrypted one"),
            ));
        }
    }
    Ok(())
}

fn algorithm(header: &Object<'_>) -> Result<Algorithm, Rejection> {
    let name = text(header, "alg")?.ok_or_else(|| malformed("the header has no alg"))?;
    Algorithm::from_name(name).ok_or_else(|| {
        Rejection::new(
            Reason::AlgorithmNotAllowed,
            format!("alg is {}, which bearward does not verify", shown(name)),
        )
    })
}

fn text<'o>(header: &'o Object<'_>, name: &str) -> Result<Option<&'o str>, Rejection> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("{name} in the header is not a string"))),
    }
}

fn token_type(typ: Option<&str>) -> TokenType {
    let Some(typ) = typ else { return TokenType::Absent };
    // A media type's `application/` may be left out (RFC 7515 section 4.1.9).
    let prefix = "application/";
    let name = match typ.get(..prefix.len()) {
        Some(start) if start.eq_ignore_ascii_case(prefix) => typ.get(prefix.len()..).unwrap_or(""),
        _ => typ,
    };
    if name.eq_ignore_ascii_case("at+jwt") {
        TokenType::AtJwt
    } else if name.eq_ignore_ascii_case("JWT") {
        TokenType::Jwt
    } else {
        TokenType::Other
    }
}
