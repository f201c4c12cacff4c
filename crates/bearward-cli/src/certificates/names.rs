//! The names that a certificate is for: what clients call the server.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use rustls::pki_types::ServerName;
use url::{Host, Url};

/// One host name or address, as it stands in a certificate (RFC 5280, section 4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// In lower case; its first label may be `*`.
    Dns(String),
    Address(IpAddr),
}

impl Name {
    /// The host of an address.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        match url.host()? {
            Host::Domain(host) => host.parse().ok(),
            Host::Ipv4(address) => Some(Self::Address(address.into())),
            Host::Ipv6(address) => Some(Self::Address(address.into())),
        }
    }

    /// As it stands in an address, and so in `Host`.
    pub(crate) fn as_host(&self) -> String {
        match self {
            Self::Dns(name) => name.clone(),
            Self::Address(IpAddr::V4(address)) => address.to_string(),
            Self::Address(IpAddr::V6(address)) => format!("[{address}]"),
        }
    }

    /// What a client that looks for this name would ask for.
    pub(crate) fn as_server_name(&self) -> Option<ServerName<'static>> {
        match self {
            Self::Address(address) => Some(ServerName::IpAddress((*address).into())),
            Self::Dns(name) => ServerName::try_from(name.replace('*', "any")).ok(),
        }
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let base = text.strip_prefix("*.");
        if base.is_some_and(|base| !base.contains('.')) {
            return Err(
                "expected at least two labels after the *, or clients refuse the certificate"
                    .into(),
            );
        }
        match ServerName::try_from(base.unwrap_or(text)) {
            Ok(ServerName::DnsName(_)) if !text.ends_with('.') => {
                Ok(Self::Dns(text.to_ascii_lowercase()))
            }
            _ => Err("expected a host name or an IP address, such as app.localhost".into()),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => name.fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// All that the tenant can be called by; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names(BTreeSet<Name>);

impl Names {
    /// What this machine is always called, from itself and from a container on it, and `more`.
    ///
    /// `*.localhost` is not among them: Firefox and rustls refuse a wildcard above a single label,
    /// and where the CA is constrained to names they refuse the whole certificate for it.
    pub(crate) fn with(more: impl IntoIterator<Item = Name>) -> Self {
        let dns = ["localhost", "host.docker.internal"].map(|name| Name::Dns(name.to_owned()));
        let addresses = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        Self(dns.into_iter().chain(addresses.map(Name::Address)).chain(more).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Name> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hosts_and_addresses() {
        for text in ["app.localhost", "a", "*.dev.example", "127.0.0.2", "::1", "xn--bcher-kva.x"] {
            assert_eq!(text.parse::<Name>().unwrap().to_string(), text);
        }
        assert_eq!("A.Example".parse::<Name>().unwrap().to_string(), "a.example");
        for text in
            ["", "*", "*.localhost", "a.*.b", "a b", "https://a", "a:1", "a.", "*.", "ä.example"]
        {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_host_of_the_issuer_is_a_name() {
        for (url, name) in [
            ("https://id.example:8443/", "id.example"),
            ("https://[::1]:1/", "::1"),
            ("https://10.0.0.1/", "10.0.0.1"),
        ] {
            assert_eq!(Name::of(&Url::parse(url).unwrap()).unwrap().to_string(), name);
        }
    }
}
