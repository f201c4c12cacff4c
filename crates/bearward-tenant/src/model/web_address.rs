//! Addresses that an application gives: where people may be sent, and who may read answers.

use bearward::is_loopback;
use url::Url;

use super::ApplicationType;
use crate::error::{TenantError, TenantErrorKind};

/// More than any address has, and little enough to print.
const MAX_BYTES: usize = 2048;

/// Lets a callback pass: absolute, without fragment, `https`, or `http` on loopback. A native
/// application may also have a scheme of its own with a dot in it (`com.example.app:/callback`).
///
/// Source: OAuth 2.1 draft-16 section 2.3; RFC 9700 section 2.6; RFC 8252 section 7.1.
pub(super) fn check_callback(app_type: ApplicationType, text: &str) -> Result<(), TenantError> {
    let url = parse(text)?;
    let own_scheme = app_type == ApplicationType::Native && url.scheme().contains('.');
    if own_scheme || is_web(&url) { Ok(()) } else { Err(not_web(text)) }
}

/// Lets the address pass that people are sent to after they have logged out: like a callback.
pub(super) fn check_logout_url(text: &str) -> Result<(), TenantError> {
    let url = parse(text)?;
    if is_web(&url) { Ok(()) } else { Err(not_web(text)) }
}

/// Lets an origin pass: scheme, host and port, exactly as browsers write it in `Origin`.
///
/// Source: RFC 6454 section 6.2.
pub(super) fn check_web_origin(text: &str) -> Result<(), TenantError> {
    let url = parse(text)?;
    let canonical = url.origin().ascii_serialization();
    if !is_web(&url) {
        return Err(not_web(text));
    }
    if text != canonical {
        return Err(invalid(format!("expected the origin {canonical:?}, found {text:?}")));
    }
    Ok(())
}

fn parse(text: &str) -> Result<Url, TenantError> {
    if text.len() > MAX_BYTES {
        return Err(invalid(format!("expected a URL of at most {MAX_BYTES} bytes")));
    }
    // What `url` would quietly mend is refused: the comparison later is byte for byte.
    if text.contains(['*', '\\']) || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(invalid(format!(
            "expected a URL without *, \\, spaces and control characters, found {text:?}"
        )));
    }
    let url = Url::parse(text)
        .map_err(|error| invalid(format!("expected an absolute URL, found {text:?}: {error}")))?;
    if url.fragment().is_some() {
        return Err(invalid(format!("expected a URL without a fragment (#...), found {text:?}")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("expected a URL without a user name or password"));
    }
    Ok(url)
}

fn is_web(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        _ => false,
    }
}

fn not_web(text: &str) -> TenantError {
    invalid(format!(
        "expected a URL with https, or http on localhost or a loopback address, found {text:?}"
    ))
}

fn invalid(detail: impl Into<String>) -> TenantError {
    TenantError::new(TenantErrorKind::InvalidUrl, detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_an_absolute_web_address() {
        for text in [
            "https://app.example/callback",
            "https://app.example/callback?a=b",
            "http://localhost:3010/",
            "http://127.0.0.1/callback",
        ] {
            assert!(check_callback(ApplicationType::Spa, text).is_ok(), "{text}");
        }
        for text in [
            "",
            "/callback",
            "app.example/callback",
            "http://app.example/callback",
            "https://app.example/callback#a",
            "https://*.app.example/",
            "https://user:password@app.example/",
            "https://app.example\\callback",
            "https://app.example/ callback",
            "https://app.example/\n",
            "javascript:alert(1)",
            "data:text/html,x",
            "com.example.app:/callback",
        ] {
            let error = check_callback(ApplicationType::Spa, text).unwrap_err();
            assert_eq!(error.kind(), TenantErrorKind::InvalidUrl, "{text}");
        }
        assert!(check_callback(ApplicationType::Native, "com.example.app:/callback").is_ok());
        assert!(check_callback(ApplicationType::Native, "javascript:alert(1)").is_err());
    }

    #[test]
    fn an_origin_has_no_path() {
        assert!(check_web_origin("http://localhost:3010").is_ok());
        assert!(check_web_origin("https://app.example").is_ok());
        for text in ["https://app.example/", "https://app.example:443", "http://app.example"] {
            assert!(check_web_origin(text).is_err(), "{text}");
        }
    }
}
