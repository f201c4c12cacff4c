//! The issuer: who this tenant says it is.

use bearward::is_loopback;
use url::Url;

use crate::error::{TenantError, TenantErrorKind};

/// The configured identity of a tenant, checked once and then only read.
///
/// It is a constant and never taken from a Host header: whoever could choose the header would
/// choose what tokens say about their origin.
///
/// Source: RFC 8414 section 2 (`issuer`), RFC 9700 section 2.6.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    text: String,
    host: String,
}

impl Issuer {
    /// `https`, or `http` on loopback alone; an origin and a `/`, in exactly the form that `url` writes.
    ///
    /// Auth0's issuers end with `/` and verifiers compare byte for byte, so that nothing is mended here.
    pub(crate) fn parse(text: &str) -> Result<Issuer, TenantError> {
        let invalid = |detail: String| TenantError::new(TenantErrorKind::InvalidIssuer, detail);
        let url = Url::parse(text).map_err(|error| {
            invalid(format!(
                "expected an issuer such as https://localhost:8443/, found {text:?}: {error}"
            ))
        })?;
        let encrypted_or_local = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url),
            _ => false,
        };
        if !encrypted_or_local {
            return Err(invalid(format!(
                "expected an issuer with https, or http on localhost or a loopback address, found {text:?}"
            )));
        }
        let canonical = format!("{}/", url.origin().ascii_serialization());
        if text != canonical {
            return Err(invalid(format!("expected the issuer {canonical:?}, found {text:?}")));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Issuer { text: canonical, host })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone, without a port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Host and port, the port only where it is not the scheme's own: what browsers put in `Host`.
    pub(crate) fn authority(&self) -> &str {
        let rest = self.text.split_once("://").map_or("", |(_, rest)| rest);
        rest.trim_end_matches('/')
    }

    /// The address of something the tenant serves; `path` has no leading slash.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_origin_and_a_slash() {
        for text in [
            "https://localhost:8443/",
            "https://tenant.example/",
            "http://localhost:3011/",
            "http://127.0.0.1:3011/",
            "http://[::1]:3011/",
        ] {
            assert_eq!(Issuer::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "localhost:3011",
            "http://tenant.example/",
            "http://192.168.0.1/",
            "http://localhost.example/",
            "ftp://localhost/",
            "https://tenant.example",
            "https://tenant.example:443/",
            "https://TENANT.example/",
            "https://tenant.example/path/",
            "https://tenant.example/?a=b",
            "https://tenant.example/#a",
            "https://user:password@tenant.example/",
            " https://tenant.example/",
        ] {
            let error = Issuer::parse(text).unwrap_err();
            assert_eq!(error.kind(), TenantErrorKind::InvalidIssuer, "{text}");
        }
    }
}
