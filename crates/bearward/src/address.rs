//! Which addresses may be asked for keys: `https` anywhere, `http` on this machine only.

use url::{Host, Url};

use crate::config::ConfigError;
use crate::rejection::shown;

/// Whether a URL leads to this machine by its text alone: its host is `localhost` or a loopback
/// address. Only then is `http` taken in place of `https`.
///
/// It asks no name server: `localhost.example.com` is not this machine, wherever it leads.
///
/// # Example
/// ```
/// use bearward::is_loopback;
/// assert!(is_loopback(&"http://localhost:3011/".parse().unwrap()));
/// assert!(is_loopback(&"http://[::1]/".parse().unwrap()));
/// assert!(!is_loopback(&"http://192.168.0.1/".parse().unwrap()));
/// ```
///
/// Source: RFC 8252 section 8.3, RFC 9700 section 2.6.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `https`, or `http` to this machine; never with credentials in it.
pub(crate) fn checked_url(setting: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| {
        ConfigError::new(setting, format!("expected a URL, found \"{}\": {error}", shown(text)))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ConfigError::new(setting, "expected a URL without user name and password"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(ConfigError::new(
            setting,
            format!("expected https, found \"{}\": http is taken for localhost only", shown(text)),
        )),
        scheme => Err(ConfigError::new(setting, format!("expected https, found {scheme}"))),
    }
}
