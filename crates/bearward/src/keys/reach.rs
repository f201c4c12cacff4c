//! Which addresses may be connected to: looked at where a name has just become the addresses that
//! are then used, so that no second answer of a name server can differ.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::address_class::AddressClass;

/// Where a client may connect to. `localhost` is this machine and nothing else, whatever a name
/// server says of it.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// What the operator configured is trusted, in whatever network it is.
    Configured,
    /// What metadata named: nothing more internal than what answered with the metadata.
    LedTo(Arc<Mutex<AddressClass>>),
}

/// An address that is not connected to.
#[derive(Debug)]
pub(super) struct Refused {
    host: String,
    address: IpAddr,
    expected: AddressClass,
    led: bool,
}

impl Reach {
    pub(super) fn check(&self, host: &str, address: IpAddr) -> Result<(), Refused> {
        let found = AddressClass::of(address);
        let refused = |expected, led| Refused { host: host.to_owned(), address, expected, led };
        if host == "localhost" && found != AddressClass::Loopback {
            return Err(refused(AddressClass::Loopback, false));
        }
        match self {
            Reach::Configured => Ok(()),
            Reach::LedTo(from) => {
                let from = *from.lock().unwrap_or_else(PoisonError::into_inner);
                if from.may_lead_to(found) { Ok(()) } else { Err(refused(from, true)) }
            }
        }
    }

    /// Checks a host that is an address already, which no resolver is asked for.
    pub(super) fn check_literal(&self, url: &Url) -> Result<(), Refused> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(&address.to_string(), address.into()),
            Some(Host::Ipv6(address)) => self.check(&address.to_string(), address.into()),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }
}

/// A resolver that gives a client those addresses only that it may connect to.
pub(super) struct Resolver {
    pub(super) names: Arc<dyn Resolve>,
    pub(super) reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (host, reach) = (name.as_str().to_owned(), self.reach.clone());
        let found = self.names.resolve(name);
        Box::pin(async move {
            let (mut allowed, mut refused) = (Vec::new(), None);
            for address in found.await? {
                match reach.check(&host, address.ip()) {
                    Ok(()) => allowed.push(address),
                    Err(error) => refused = Some(error),
                }
            }
            match refused {
                Some(refused) if allowed.is_empty() => Err(refused.into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// The names as the machine resolves them.
pub(super) struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refused { host, address, expected, led } = self;
        let found = AddressClass::of(*address);
        if !led {
            return write!(f, "{host} is at {address}, {found}; expected {expected}");
        }
        write!(
            f,
            "the metadata leads to {host} at {address}, {found}; expected no more internal than \
             where it came from, {expected}; configure jwks_uri if this is meant"
        )
    }
}

impl std::error::Error for Refused {}
