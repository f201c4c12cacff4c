//! A rejection becomes status, `WWW-Authenticate` and body here, and nowhere else.

use std::sync::OnceLock;
use std::time::Duration;

use crate::rejection::{Reason, Rejection, RejectionKind};

/// What a client is answered when its request is refused.
///
/// It holds a fixed sentence for each error and values from the configuration only: no byte of the
/// token ever stands in it.
///
/// # Example
/// ```
/// use bearward::{Challenge, Credentials};
/// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
/// let challenge = Challenge::from(&rejection);
/// assert_eq!(challenge.status(), 401);
/// assert_eq!(challenge.www_authenticate(), Some(r#"Bearer realm="api""#));
/// ```
///
/// Source: RFC 6750 section 3, RFC 9728 section 5.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    status: u16,
    www_authenticate: Option<String>,
    retry_after: Option<Duration>,
    body: String,
}

/// What a resource server says of itself in its challenges.
#[derive(Debug)]
pub(crate) struct Protection {
    realm: String,
    /// The address of the RFC 9728 document, once it is mounted.
    resource_metadata: OnceLock<String>,
}

impl Protection {
    /// The realm is the audience where a quoted string can hold it, else `api`: a 401 must carry
    /// at least one parameter (RFC 9110 section 11.6.1).
    pub(crate) fn new(audience: &str) -> Protection {
        let realm = if !audience.is_empty() && audience.bytes().all(is_quotable) {
            audience.to_owned()
        } else {
            DEFAULT_REALM.to_owned()
        };
        Protection { realm, resource_metadata: OnceLock::new() }
    }

    #[cfg(feature = "axum")]
    pub(crate) fn mount_metadata(&self, url: &str) {
        self.resource_metadata.get_or_init(|| url.to_owned());
    }
}

const DEFAULT_REALM: &str = "api";

/// The characters that RFC 6750 section 3 allows in its quoted values.
fn is_quotable(byte: u8) -> bool {
    matches!(byte, 0x20 | 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

/// Status, error code and sentence of a kind: the table of the answers.
struct Answer {
    status: u16,
    error: &'static str,
    sentence: &'static str,
}

fn answer(reason: &Reason, kind: RejectionKind) -> Answer {
    let (status, error, sentence) = match kind {
        RejectionKind::NoCredentials => {
            (401, "missing_token", "This request needs an access token")
        }
        RejectionKind::InvalidRequest => (
            400,
            "invalid_request",
            "Send exactly one access token, in one Authorization header of the form: Bearer TOKEN",
        ),
        RejectionKind::InvalidToken if *reason == Reason::Expired => {
            (401, "invalid_token", "The access token has expired")
        }
        RejectionKind::InvalidToken => {
            (401, "invalid_token", "The access token is not valid for this API")
        }
        RejectionKind::InsufficientScope => {
            (403, "insufficient_scope", "The access token does not allow this request")
        }
        RejectionKind::KeysUnavailable => (
            503,
            "temporarily_unavailable",
            "The keys that verify access tokens are not available now, try again later",
        ),
        RejectionKind::Internal => (500, "server_error", "The server is not set up correctly"),
    };
    Answer { status, error, sentence }
}

impl From<&Rejection> for Challenge {
    fn from(rejection: &Rejection) -> Challenge {
        let kind = rejection.kind();
        let Answer { status, error, sentence } = answer(rejection.reason(), kind);
        let scope = rejection.needs().scopes.join(" ");
        let body = if scope.is_empty() {
            serde_json::json!({ "error": error, "error_description": sentence })
        } else {
            serde_json::json!({ "error": error, "error_description": sentence, "scope": scope })
        };
        let www_authenticate = matches!(status, 400 | 401 | 403).then(|| {
            let protection = rejection.protection();
            let mut text = String::from("Bearer ");
            push(&mut text, "realm", protection.map_or(DEFAULT_REALM, |ours| &ours.realm));
            if kind != RejectionKind::NoCredentials {
                push(&mut text, "error", error);
                push(&mut text, "error_description", sentence);
            }
            if !scope.is_empty() {
                push(&mut text, "scope", &scope);
            }
            if let Some(url) = protection.and_then(|ours| ours.resource_metadata.get()) {
                push(&mut text, "resource_metadata", url);
            }
            text
        });
        Challenge {
            status,
            www_authenticate,
            retry_after: rejection.wait(),
            body: body.to_string(),
        }
    }
}

fn push(text: &mut String, name: &str, value: &str) {
    debug_assert!(value.bytes().all(is_quotable), "{name} holds configuration and constants only");
    if !text.ends_with(' ') {
        text.push_str(", ");
    }
    text.push_str(name);
    text.push_str("=\"");
    text.push_str(value);
    text.push('"');
}

impl Challenge {
    /// The HTTP status: 400, 401, 403, 500 or 503.
    ///
    /// # Example
    /// ```
    /// # use bearward::{Challenge, Credentials};
    /// let rejection = Credentials::read([b"Bearer a b".as_slice()], None).unwrap_err();
    /// assert_eq!(Challenge::from(&rejection).status(), 400);
    /// ```
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The value of `WWW-Authenticate`; there is none with 500 and 503.
    ///
    /// # Example
    /// ```
    /// # use bearward::{Challenge, Credentials};
    /// let rejection = Credentials::read([b"Bearer a b".as_slice()], None).unwrap_err();
    /// let challenge = Challenge::from(&rejection);
    /// assert!(challenge.www_authenticate().is_some_and(|text| text.contains("invalid_request")));
    /// ```
    #[must_use]
    pub fn www_authenticate(&self) -> Option<&str> {
        self.www_authenticate.as_deref()
    }

    /// Whole seconds for `Retry-After`, at least one; only with 503.
    ///
    /// # Example
    /// ```
    /// # use bearward::{Challenge, Credentials};
    /// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
    /// assert_eq!(Challenge::from(&rejection).retry_after_secs(), None);
    /// ```
    #[must_use]
    pub fn retry_after_secs(&self) -> Option<u64> {
        let whole = |wait: Duration| wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.retry_after.map(|wait| whole(wait).max(1))
    }

    /// The JSON body: `error`, `error_description` and, where a scope is missing, `scope`.
    ///
    /// # Example
    /// ```
    /// # use bearward::{Challenge, Credentials};
    /// let rejection = Credentials::read(std::iter::empty(), None).unwrap_err();
    /// assert!(Challenge::from(&rejection).body().starts_with(r#"{"error":"missing_token""#));
    /// ```
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds_that_are_not_too_few() {
        for (wait_ms, seconds) in [(0, 1), (400, 1), (1000, 1), (1001, 2), (5000, 5), (59_999, 60)]
        {
            let rejection = Rejection::new(Reason::KeysUnavailable, "")
                .retry_after(Duration::from_millis(wait_ms));
            assert_eq!(Challenge::from(&rejection).retry_after_secs(), Some(seconds), "{wait_ms}");
        }
    }
}
