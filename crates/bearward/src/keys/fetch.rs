//! The key set of one issuer over HTTP, found by its address or by the issuer's metadata.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::HeaderValue;
use url::Url;

use super::address_class::AddressClass;
use super::client::{Answer, DocumentClient, Surroundings, TOTAL};
use super::reach::{Reach, SystemNames};
use crate::address::checked_url;
use crate::config::ConfigError;
use crate::issuer::{Issuer, KeyLocation};
use crate::json::{JsonLimits, Object, Value, parse_object};
use crate::jwk::JwkSet;

const METADATA_LIMITS: JsonLimits = JsonLimits { depth: 16, members: 4_096 };
/// The longest address of a key set in metadata, in bytes: it stands in each refusal that is due to
/// it. Those of real issuers are shorter than 200.
const LONGEST_URI: usize = 2_048;
/// For the metadata where an address is known: the key set is to be had in the rest of the 5 s.
const METADATA: Duration = Duration::from_secs(2);

/// Fetches the key set of one issuer. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Fetcher {
    /// For what the operator configured.
    client: DocumentClient,
    issuer: Arc<str>,
    location: Location,
}

#[derive(Clone, Debug)]
enum Location {
    Uri(Url),
    Discovery(Arc<Discovery>),
}

#[derive(Debug)]
struct Discovery {
    /// The places where the metadata may be.
    metadata: Vec<Url>,
    /// The address of the key set that the metadata named last.
    found: Mutex<Option<Url>>,
    /// Why the metadata could not be had the last time, where keys were had without it.
    missed: Mutex<Option<String>>,
    /// Where the metadata came from that named it, and a client that goes no further inside.
    from: Arc<Mutex<AddressClass>>,
    client: DocumentClient,
}

/// What a fetch brought, and how long the issuer says that it stays fresh.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// `None`: the set is still the one whose validator was sent.
    pub(crate) set: Option<FetchedSet>,
    pub(crate) max_age: Option<Duration>,
}

#[derive(Debug)]
pub(crate) struct FetchedSet {
    pub(crate) set: JwkSet,
    pub(crate) text: Vec<u8>,
    pub(crate) validator: Option<Validator>,
}

/// By what an issuer is asked whether a set is still the one: an entity tag, and the address that
/// it is of (RFC 9110 section 8.8.3).
#[derive(Clone, Debug)]
pub(crate) struct Validator {
    uri: Url,
    etag: HeaderValue,
}

/// A fetch that brought nothing. For the operator's log.
#[derive(Debug)]
pub(crate) struct FetchError(String);

impl FetchError {
    pub(crate) fn new(message: impl Into<String>) -> FetchError {
        FetchError(message.into())
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fetcher {
    pub(crate) fn new(issuer: &Issuer) -> Result<Fetcher, ConfigError> {
        Fetcher::with_names(issuer, Arc::new(SystemNames))
    }

    fn with_names(issuer: &Issuer, names: Arc<dyn Resolve>) -> Result<Fetcher, ConfigError> {
        let configured = match &issuer.keys {
            KeyLocation::Uri(url) | KeyLocation::Discovery(url) => url,
            KeyLocation::Fixed(_) => return Err(ConfigError::new("jwks", "keys are fixed")),
        };
        let surroundings = Surroundings {
            ca_pem: issuer.ca_pem.as_deref(),
            plain: configured.scheme() == "http",
            names,
        };
        let location = match &issuer.keys {
            KeyLocation::Discovery(url) => {
                Location::Discovery(Arc::new(Discovery::new(url, &surroundings)?))
            }
            _ => Location::Uri(configured.clone()),
        };
        let client = DocumentClient::new(&surroundings, Reach::Configured)?;
        Ok(Fetcher { client, issuer: issuer.identifier.as_str().into(), location })
    }

    /// One fetch of the key set, with what leads to it: within 5 s in all. The issuer need not send
    /// again what is kept.
    #[allow(clippy::disallowed_methods, reason = "a bound on real traffic, in real time")]
    pub(crate) async fn fetch(&self, kept: Option<&Validator>) -> Result<Fetched, FetchError> {
        tokio::time::timeout(TOTAL, self.find_and_fetch(kept))
            .await
            .unwrap_or_else(|_| Err(FetchError::new("the issuer did not answer within 5 s")))
    }

    async fn find_and_fetch(&self, kept: Option<&Validator>) -> Result<Fetched, FetchError> {
        match &self.location {
            Location::Uri(uri) => key_set(&self.client, uri, kept).await,
            Location::Discovery(discovery) => self.discover_and_fetch(discovery, kept).await,
        }
    }

    /// The metadata is asked each time: it may name another key set while the one before still
    /// answers. Where it cannot be had, the address that it named last is asked.
    #[allow(clippy::disallowed_methods, reason = "a bound on real traffic, in real time")]
    async fn discover_and_fetch(
        &self,
        discovery: &Discovery,
        kept: Option<&Validator>,
    ) -> Result<Fetched, FetchError> {
        let known = lock(&discovery.found).clone();
        let Some(known) = known else {
            let uri = self.discover(discovery).await?;
            return key_set(&discovery.client, &uri, kept).await;
        };
        let discovered = tokio::time::timeout(METADATA, self.discover(discovery))
            .await
            .unwrap_or_else(|_| Err(FetchError::new("no metadata within 2 s")));
        let (uri, missed) = match discovered {
            Ok(uri) => (uri, None),
            Err(error) => (known, Some(error.to_string())),
        };
        match (key_set(&discovery.client, &uri, kept).await, missed) {
            (Ok(fetched), missed) => {
                self.tell(discovery, missed);
                Ok(fetched)
            }
            (Err(error), Some(missed)) => Err(FetchError(format!("{missed}; {error}"))),
            (Err(error), None) => Err(error),
        }
    }

    /// Why the latest keys were had without the metadata, if they were.
    pub(crate) fn missed(&self) -> Option<String> {
        match &self.location {
            Location::Uri(_) => None,
            Location::Discovery(discovery) => lock(&discovery.missed).clone(),
        }
    }

    /// To the log, once for each change: keys are had without the metadata, or with it again.
    fn tell(&self, discovery: &Discovery, missed: Option<String>) {
        let issuer = &*self.issuer;
        let before = std::mem::replace(&mut *lock(&discovery.missed), missed.clone());
        if before == missed {
            return;
        }
        match missed {
            Some(error) => {
                tracing::warn!(
                    issuer,
                    error,
                    "the issuer's metadata cannot be had: the key set it named last is used"
                );
            }
            None => tracing::info!(issuer, "the issuer's metadata is there again"),
        }
    }

    /// The address that the metadata names, which is remembered. OpenID Connect Discovery first,
    /// then RFC 8414; the next only where there is no metadata.
    async fn discover(&self, discovery: &Discovery) -> Result<Url, FetchError> {
        let mut failures = Vec::new();
        for address in &discovery.metadata {
            let document = match self.client.get(address).await {
                Ok(document) => document,
                Err(error) => {
                    failures.push(error.to_string());
                    continue;
                }
            };
            // Also an answer such as a page in HTML, sent where nothing else is.
            let metadata = match parse_object(&document.body, METADATA_LIMITS) {
                Ok(metadata) => metadata,
                Err(error) => {
                    failures.push(format!("{address} answered with no metadata: {error}"));
                    continue;
                }
            };
            let uri = self.jwks_uri(address, &metadata)?;
            let from = document.from.map_or(AddressClass::Public, AddressClass::of);
            *lock(&discovery.from) = from;
            *lock(&discovery.found) = Some(uri.clone());
            return Ok(uri);
        }
        Err(FetchError(failures.join("; ")))
    }

    /// RFC 8414 section 3.3: metadata that names another issuer is not to be used.
    fn jwks_uri(&self, address: &Url, metadata: &Object<'_>) -> Result<Url, FetchError> {
        let text = |name: &str| match metadata.get(name) {
            Some(Value::String(text)) => Ok(text.as_ref()),
            _ => Err(FetchError(format!("the metadata of {address} holds no {name}"))),
        };
        let issuer = text("issuer")?;
        if issuer != &*self.issuer {
            let found = crate::rejection::shown(issuer);
            return Err(FetchError(format!(
                "the metadata of {address} is of issuer {found}, expected {}",
                self.issuer
            )));
        }
        let uri = text("jwks_uri")?;
        if uri.len() > LONGEST_URI {
            let found = uri.len();
            return Err(FetchError(format!(
                "the metadata of {address} has a jwks_uri of {found} bytes, at most {LONGEST_URI}"
            )));
        }
        let uri = checked_url("jwks_uri", uri);
        uri.map_err(|error| FetchError(format!("the metadata of {address}: {error}")))
    }
}

impl Discovery {
    fn new(issuer: &Url, surroundings: &Surroundings<'_>) -> Result<Discovery, ConfigError> {
        let from = Arc::new(Mutex::new(AddressClass::Public));
        let client = DocumentClient::new(surroundings, Reach::LedTo(Arc::clone(&from)))?;
        let metadata = metadata_addresses(issuer);
        let (found, missed) = (Mutex::default(), Mutex::default());
        Ok(Discovery { metadata, found, missed, from, client })
    }
}

async fn key_set(
    client: &DocumentClient,
    uri: &Url,
    kept: Option<&Validator>,
) -> Result<Fetched, FetchError> {
    let etag = kept.filter(|kept| kept.uri == *uri).map(|kept| &kept.etag);
    let document = match client.get_unless(uri, etag).await? {
        Answer::Document(document) => document,
        Answer::NotModified { max_age } => return Ok(Fetched { set: None, max_age }),
    };
    let set = JwkSet::parse(&document.body)
        .map_err(|error| FetchError(format!("{uri} answered with {error}")))?;
    if set.usable() == 0 && set.skipped().next().is_none() {
        return Err(FetchError(format!("{uri} answered with an empty key set")));
    }
    let validator = document.etag.map(|etag| Validator { uri: uri.clone(), etag });
    let set = FetchedSet { set, text: document.body, validator };
    Ok(Fetched { set: Some(set), max_age: document.max_age })
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// OpenID Connect Discovery section 4 appends to the issuer's path, RFC 8414 section 3.1 inserts
/// before it. Neither leaves the issuer's host.
fn metadata_addresses(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    vec![
        at(format!("{path}/.well-known/openid-configuration")),
        at(format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

#[cfg(test)]
mod tests;
