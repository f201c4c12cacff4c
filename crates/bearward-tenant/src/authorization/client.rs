//! The client and the address that answers go to: both must be known before anything is redirected.

use super::{BrowserParameters, PageRefusal};
use crate::model::Application;
use crate::tenant::Tenant;

/// The application that asks, and the address that it wants the answer at, which is one of its own.
///
/// Source: RFC 6749 section 4.1.2.1, OAuth 2.1 section 2.3.1.
pub(crate) async fn known_client(
    tenant: &Tenant,
    parameters: &BrowserParameters,
) -> Result<(Application, String), PageRefusal> {
    for name in ["client_id", "redirect_uri"] {
        if parameters.is_repeated(name) {
            return Err(PageRefusal::Repeated(name));
        }
    }
    let client_id = parameters.text("client_id").ok_or(PageRefusal::Missing("client_id"))?;
    let Some(application) = tenant.store().application(client_id).await? else {
        return Err(PageRefusal::UnknownClient(client_id.to_owned()));
    };
    let redirect_uri =
        parameters.text("redirect_uri").ok_or(PageRefusal::Missing("redirect_uri"))?;
    if application.callbacks.iter().any(|callback| is_callback(callback, redirect_uri)) {
        return Ok((application, redirect_uri.to_owned()));
    }
    let found = redirect_uri.to_owned();
    Err(PageRefusal::CallbackMismatch { application: Box::new(application), found })
}

/// Whether this is one of the addresses, byte for byte.
pub(crate) fn is_registered(addresses: &[String], found: &str) -> bool {
    addresses.iter().any(|address| address == found)
}

/// Whether `found` is the callback, byte for byte, except for the port on loopback: programs on a
/// person's machine take whatever port is free.
///
/// Source: RFC 9700 section 2.1, RFC 8252 section 7.3. That section speaks of IP literals; `localhost`
/// counts too, because that is what SDKs send.
fn is_callback(callback: &str, found: &str) -> bool {
    callback == found
        || matches!((without_loopback_port(callback), without_loopback_port(found)),
            (Some(callback), Some(found)) if callback == found)
}

/// Host and what follows the port, of a plain address on loopback.
fn without_loopback_port(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("http://")?;
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let Some(rest) = rest.strip_prefix(host) else { continue };
        let Some(port) = rest.strip_prefix(':') else { return Some((host, rest)) };
        let end = port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len());
        let (digits, rest) = port.split_at_checked(end)?;
        digits.parse::<u16>().ok()?;
        return Some((host, rest));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        for (callback, found) in [
            ("https://app.example/cb", "https://app.example/cb"),
            ("http://localhost:3000/cb", "http://localhost:4000/cb"),
            ("http://localhost/cb", "http://localhost:4000/cb"),
            ("http://127.0.0.1:1/cb?a=b", "http://127.0.0.1:65535/cb?a=b"),
            ("http://[::1]:1/", "http://[::1]/"),
        ] {
            assert!(is_callback(callback, found), "{found}");
        }
        for (callback, found) in [
            ("http://localhost:3000/cb", "http://127.0.0.1:3000/cb"),
            ("http://localhost:3000/cb", "https://localhost:3000/cb"),
            ("http://localhost:3000/cb", "http://localhost:3000@evil.example/cb"),
            ("http://localhost:3000/cb", "http://localhost:x@evil.example/cb"),
            ("http://localhost:3000/cb", "http://localhost.evil.example/cb"),
            ("http://localhost:3000/cb", "http://localhost:65536/cb"),
            ("http://localhost:3000/cb", "http://localhost:/cb"),
            ("http://localhost:3000/cb", "http://localhost:3000/cb/"),
            ("http://localhost:3000/cb", "http://LOCALHOST:3000/cb"),
            ("https://app.example:1/cb", "https://app.example:2/cb"),
        ] {
            assert!(!is_callback(callback, found), "{found}");
        }
    }
}
