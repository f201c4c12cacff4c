//! Where a server listens: `localhost` means both loopback addresses, or none.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use tokio::net::TcpListener;

use crate::exit::Failure;

const LOOPBACK_V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const LOOPBACK_V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// An address as it is typed: `localhost:3010`, `127.0.0.1:0`, `[::1]:3010`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListenAddress {
    host: Host,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    Localhost,
    Address(IpAddr),
}

impl ListenAddress {
    pub(crate) const fn localhost(port: u16) -> Self {
        Self { host: Host::Localhost, port }
    }

    /// Whether only this machine can connect.
    pub(crate) fn is_loopback(self) -> bool {
        match self.host {
            Host::Localhost => true,
            Host::Address(address) => address.is_loopback(),
        }
    }

    /// Whether two servers cannot both have their address.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let covers = |all: IpAddr, one: IpAddr| {
            all == one || (all.is_unspecified() && (all.is_ipv6() || one.is_ipv4()))
        };
        let meet = |a: &IpAddr, b: &IpAddr| covers(*a, *b) || covers(*b, *a);
        let theirs = other.addresses();
        self.port == other.port
            && self.port != 0
            && self.addresses().iter().any(|a| theirs.iter().any(|b| meet(a, b)))
    }

    fn addresses(self) -> Vec<IpAddr> {
        match self.host {
            Host::Localhost => vec![LOOPBACK_V4, LOOPBACK_V6],
            Host::Address(address) => vec![address],
        }
    }

    /// Takes the address, for `localhost` in both families: a stranger on the other one would
    /// receive what is meant for us. `flag` is the one that would choose another.
    pub(crate) async fn bind(self, flag: &str) -> Result<Listeners, Failure> {
        // A free port of one family may be taken in the other; another one will do then.
        const ATTEMPTS: u32 = 16;
        let mut attempt = 1;
        loop {
            match self.try_bind().await {
                Ok(listeners) => return Ok(listeners),
                Err(_) if self.port == 0 && attempt < ATTEMPTS => attempt += 1,
                Err((address, error)) => return Err(cannot_listen(address, &error, flag)),
            }
        }
    }

    async fn try_bind(self) -> Result<Listeners, (SocketAddr, io::Error)> {
        let first = match self.host {
            Host::Localhost => LOOPBACK_V4,
            Host::Address(address) => address,
        };
        let socket = listen((first, self.port).into()).await?;
        let port = socket.local_addr().map_err(|error| ((first, self.port).into(), error))?.port();
        let mut sockets = vec![socket];
        if self.host == Host::Localhost {
            match listen((LOOPBACK_V6, port).into()).await {
                Ok(socket) => sockets.push(socket),
                // No IPv6 on this machine: then nobody else can have the address either.
                Err((_, error)) if is_absent(&error) => {}
                Err(taken) => return Err(taken),
            }
        }
        Ok(Listeners { sockets, address: Self { host: self.host, port } })
    }
}

impl FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str =
            "expected localhost or an IP address, and a port, such as localhost:3010";
        let (host, port) = text.rsplit_once(':').ok_or(EXPECTED)?;
        let host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(address) => address.parse().map(IpAddr::V6).map(Host::Address),
            None if host == "localhost" => Ok(Host::Localhost),
            None => host.parse().map(IpAddr::V4).map(Host::Address),
        };
        let host = host.map_err(|_| EXPECTED)?;
        let port = port.parse().map_err(|_| format!("not a port from 0 to 65535: `{port}`"))?;
        Ok(Self { host, port })
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host {
            Host::Localhost => write!(f, "localhost:{}", self.port),
            Host::Address(address) => SocketAddr::new(address, self.port).fmt(f),
        }
    }
}

/// One socket for each family, on the same port.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) sockets: Vec<TcpListener>,
    address: ListenAddress,
}

impl Listeners {
    /// The address with which a client on this machine gets here by http, without a slash at the
    /// end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// The same by https.
    pub(crate) fn https_url(&self) -> String {
        format!("https://{}", self.authority())
    }

    /// It names no family that is not ours: a stranger could be there.
    fn authority(&self) -> ListenAddress {
        let ListenAddress { host, port } = self.address;
        let host = match host {
            Host::Address(IpAddr::V4(Ipv4Addr::UNSPECIFIED)) => Host::Address(LOOPBACK_V4),
            Host::Address(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => Host::Address(LOOPBACK_V6),
            other => other,
        };
        ListenAddress { host, port }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, (SocketAddr, io::Error)> {
    TcpListener::bind(address).await.map_err(|error| (address, error))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported)
        || error.raw_os_error() == Some(AF_NOT_SUPPORTED)
}

/// What Linux (97) and the BSDs (47) call it when the kernel has no IPv6 at all.
const AF_NOT_SUPPORTED: i32 = if cfg!(target_os = "linux") { 97 } else { 47 };

fn cannot_listen(address: SocketAddr, error: &io::Error, flag: &str) -> Failure {
    let failure = Failure::trouble(format!("cannot listen on {address}: {error}"));
    match error.kind() {
        ErrorKind::AddrInUse => failure
            .hint(format!("another program has this port; choose a different one with {flag}")),
        ErrorKind::PermissionDenied => {
            failure.hint(format!("ports below 1024 are for the system; choose one with {flag}"))
        }
        ErrorKind::AddrNotAvailable => failure.hint("this machine does not have that address"),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_they_are_written() {
        for text in ["localhost:3010", "127.0.0.1:0", "[::1]:3010", "0.0.0.0:80"] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "3010",
            "localhost",
            "localhost:http",
            "example.com:80",
            "::1:80",
            "localhost:70000",
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn two_servers_need_an_address_each() {
        let check = |a: &str, b: &str| {
            let (a, b): (ListenAddress, ListenAddress) = (a.parse().unwrap(), b.parse().unwrap());
            assert_eq!(a.overlaps(b), b.overlaps(a));
            a.overlaps(b)
        };
        assert!(check("localhost:1", "localhost:1"));
        assert!(check("localhost:1", "[::1]:1"));
        assert!(check("0.0.0.0:1", "localhost:1"));
        assert!(!check("localhost:0", "localhost:0"));
        assert!(!check("localhost:1", "localhost:2"));
        assert!(!check("127.0.0.2:1", "localhost:1"));
        assert!(!check("0.0.0.0:1", "[::1]:1"));
    }

    #[tokio::test]
    async fn localhost_is_one_port_in_both_families() {
        let listeners = ListenAddress::localhost(0).bind("--listen").await.unwrap();
        let ports: Vec<_> =
            listeners.sockets.iter().map(|socket| socket.local_addr().unwrap().port()).collect();
        assert!(ports.iter().all(|port| *port == ports[0] && *port != 0));
        assert_eq!(listeners.url(), format!("http://localhost:{}", ports[0]));
    }

    #[tokio::test]
    async fn the_address_that_is_shown_is_one_that_is_ours() {
        for (text, shown) in [("0.0.0.0:0", "http://127.0.0.1:"), ("[::]:0", "http://[::1]:")] {
            let address: ListenAddress = text.parse().unwrap();
            let Ok(listeners) = address.bind("--listen").await else { continue };
            assert!(listeners.url().starts_with(shown), "{}", listeners.url());
        }
    }

    #[tokio::test]
    async fn a_stranger_on_either_family_is_an_error() {
        for stranger in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(taken) = TcpListener::bind(stranger).await else { continue };
            let port = taken.local_addr().unwrap().port();
            assert!(ListenAddress::localhost(port).bind("--listen").await.is_err(), "{stranger}");
        }
    }
}
