//! The Authorization header: scheme and token.

use crate::rejection::{Reason, Rejection};

/// The one access token that a request carries.
///
/// `Debug` does not show it.
///
/// # Example
/// ```
/// use bearward::Credentials;
/// assert!(Credentials::read([b"bearer abc".as_slice()], None).is_ok()); // any case
/// assert!(Credentials::read([b"Bearer a".as_slice(), b"Bearer a"], None).is_err()); // two lines
/// ```
///
/// Source: RFC 9110 section 11, RFC 6750 section 2.1.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    token: &'a str,
}

impl<'a> Credentials<'a> {
    /// Reads the values of all `Authorization` header lines, and looks at the query for a second
    /// token. A token in the query alone is never used (OAuth 2.1 section 5.1).
    ///
    /// # Errors
    /// `no_credentials` when there is no Bearer token; `multiple_credentials` when there is more
    /// than one header line, or a token in the header and in the query; `malformed_authorization`
    /// when the value is not a scheme, spaces, and a `b64token`.
    ///
    /// # Example
    /// ```
    /// use bearward::Credentials;
    /// let two_methods = Credentials::read([b"Bearer a".as_slice()], Some("access_token=b"));
    /// assert_eq!(two_methods.unwrap_err().code(), "multiple_credentials");
    /// ```
    pub fn read(
        authorization: impl IntoIterator<Item = &'a [u8]>,
        query: Option<&str>,
    ) -> Result<Credentials<'a>, Rejection> {
        let mut lines = authorization.into_iter();
        let Some(line) = lines.next() else { return Err(none()) };
        if lines.next().is_some() {
            return Err(Rejection::new(
                Reason::MultipleCredentials,
                "expected one Authorization header, found more than one",
            ));
        }
        let credentials = read_line(line)?;
        if query.is_some_and(has_access_token) {
            return Err(Rejection::new(
                Reason::MultipleCredentials,
                "expected one access token, found one in the header and one in the query",
            ));
        }
        Ok(credentials)
    }

    pub(crate) fn token(&self) -> &'a str {
        self.token
    }
}

impl std::fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// The refusal for a request without a token.
pub(crate) fn none() -> Rejection {
    Rejection::new(Reason::NoCredentials, "the request carries no Bearer token")
}

fn malformed(detail: &'static str) -> Rejection {
    Rejection::new(Reason::MalformedAuthorization, detail)
}

fn read_line(line: &[u8]) -> Result<Credentials<'_>, Rejection> {
    let line = str::from_utf8(line)
        .ok()
        .filter(|text| text.is_ascii())
        .ok_or_else(|| malformed("the Authorization header holds bytes that are not ASCII"))?;
    let (scheme, rest) = line.split_once(' ').unwrap_or((line, ""));
    if !scheme.bytes().all(is_token_char) {
        return Err(malformed("the Authorization header does not start with a scheme and a space"));
    }
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(none());
    }
    let token = rest.trim_start_matches(' ');
    if token.is_empty() {
        return Err(none());
    }
    if !is_b64token(token) {
        return Err(malformed("what follows Bearer is not one token (RFC 6750 section 2.1)"));
    }
    Ok(Credentials { token })
}

/// RFC 9110 section 5.6.2.
fn is_token_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
fn is_b64token(token: &str) -> bool {
    let body = token.trim_end_matches('=').as_bytes();
    let fits = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
    };
    // Without a way out in the middle the compiler looks at many bytes at once.
    !body.is_empty() && body.iter().fold(true, |all, byte| all & fits(byte))
}

fn has_access_token(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
}
