//! The compact form of a JWS, taken apart strictly and within limits; its payload stays closed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::header::{Header, parse_header};
use crate::json::{JsonLimits, Value, parse_object};
use crate::rejection::{Reason, Rejection};
use crate::signature::SignatureHolds;

/// How much of a token is read. Every bound is checked before the work it bounds.
///
/// The defaults admit tokens several times larger than issuers make, and come from what common
/// servers admit as a whole header block (8 to 16 KiB).
///
/// # Example
/// ```
/// use bearward::Limits;
/// let limits = Limits { token_bytes: 8 * 1024, ..Limits::default() };
/// assert_eq!(limits.json_depth, 16);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest token, in bytes of its compact form: 16 KiB.
    pub token_bytes: usize,
    /// The longest header segment, in encoded bytes: 4 KiB.
    pub header_bytes: usize,
    /// The deepest JSON: 16 levels; more than 64 count as 64, as reading goes as deep as the text.
    pub json_depth: usize,
    /// The most members and elements in the header, and in the claims: 512.
    pub json_members: usize,
}

/// Reading takes less than 1 KiB of stack a level; threads have 2 MiB.
const DEEPEST: usize = 64;

impl Default for Limits {
    fn default() -> Limits {
        Limits { token_bytes: 16 * 1024, header_bytes: 4 * 1024, json_depth: 16, json_members: 512 }
    }
}

impl Limits {
    pub(crate) fn json(&self) -> JsonLimits {
        JsonLimits { depth: self.json_depth.min(DEEPEST), members: self.json_members }
    }
}

/// A well-formed token whose signature nobody has checked yet. The payload cannot be read.
pub(crate) struct UnverifiedJws<'a> {
    pub(crate) header: Header,
    pub(crate) signing_input: &'a str,
    pub(crate) signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> UnverifiedJws<'a> {
    pub(crate) fn parse(token: &'a str, limits: &Limits) -> Result<UnverifiedJws<'a>, Rejection> {
        if token.len() > limits.token_bytes {
            return Err(Rejection::new(
                Reason::TokenTooLong,
                format!("the token has {} bytes, at most {}", token.len(), limits.token_bytes),
            ));
        }
        let (header, payload, signature) = segments(token)?;
        if header.len() > limits.header_bytes {
            return Err(Rejection::new(
                Reason::TokenTooLong,
                format!("its header has {} bytes, at most {}", header.len(), limits.header_bytes),
            ));
        }
        let signing_input = token.get(..header.len() + 1 + payload.len()).unwrap_or_default();
        Ok(UnverifiedJws {
            header: parse_header(&decode(header, "header")?, limits.json())?,
            signing_input,
            signature: decode(signature, "signature")?,
            payload: decode(payload, "payload")?,
        })
    }

    /// Whose token it says it is, to look for that issuer's key. It proves nothing and gives no
    /// right: `iss` is compared again once the signature holds.
    pub(crate) fn claimed_issuer(&self, limits: &Limits) -> Result<String, Rejection> {
        let claims = parse_object(&self.payload, limits.json()).map_err(|error| {
            Rejection::new(Reason::MalformedClaims, format!("the claims cannot be read: {error}"))
        })?;
        match claims.get("iss") {
            Some(Value::String(iss)) => Ok(iss.as_ref().to_owned()),
            Some(_) => Err(Rejection::new(Reason::InvalidClaim, "the claim iss is not a string")),
            None => Err(Rejection::new(Reason::MissingClaim, "the claim iss is missing or empty")),
        }
    }

    /// Opens the payload for the only one who can show that the signature holds.
    pub(crate) fn open(self, _proof: SignatureHolds) -> Vec<u8> {
        self.payload
    }
}

fn segments(token: &str) -> Result<(&str, &str, &str), Rejection> {
    let mut parts = token.splitn(6, '.');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None, None, None) => {
            Ok((header, payload, signature))
        }
        (_, _, _, Some(_), Some(_), None) => Err(Rejection::new(
            Reason::EncryptedToken,
            "the token has five parts: expected a signed token, found an encrypted one",
        )),
        _ => Err(Rejection::new(
            Reason::MalformedToken,
            "expected three parts with a dot between them: this is no signed JWT",
        )),
    }
}

/// Unpadded base64url whose unused bits are zero: one text for one value (RFC 4648 section 3.5).
fn decode(segment: &str, part: &str) -> Result<Vec<u8>, Rejection> {
    URL_SAFE_NO_PAD.decode(segment).map_err(|_| {
        Rejection::new(Reason::MalformedToken, format!("the {part} is not unpadded base64url"))
    })
}
