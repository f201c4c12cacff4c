//! The key set of one issuer over HTTP, found by its address or by the issuer's metadata.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use super::client::{DocumentClient, TOTAL};
use crate::address::checked_url;
use crate::config::ConfigError;
use crate::issuer::{Issuer, KeyLocation};
use crate::json::{JsonLimits, Value, parse_object};
use crate::jwk::JwkSet;

const METADATA_LIMITS: JsonLimits = JsonLimits { depth: 16, members: 4_096 };

/// Fetches the key set of one issuer. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Fetcher {
    client: DocumentClient,
    issuer: Arc<str>,
    location: Location,
}

#[derive(Clone, Debug)]
enum Location {
    Uri(Url),
    /// The places where the metadata may be, and the key set that it named last.
    Discovery {
        metadata: Vec<Url>,
        found: Arc<Mutex<Option<Url>>>,
    },
}

/// A key set, and how long the issuer says that it stays fresh.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) set: JwkSet,
    pub(crate) max_age: Option<Duration>,
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
        let location = match &issuer.keys {
            KeyLocation::Uri(uri) => Location::Uri(uri.clone()),
            KeyLocation::Discovery(url) => {
                Location::Discovery { metadata: metadata_addresses(url), found: Arc::default() }
            }
            KeyLocation::Fixed(_) => return Err(ConfigError::new("jwks", "keys are fixed")),
        };
        let client = DocumentClient::new(issuer.ca_pem.as_deref(), location.is_plain())?;
        Ok(Fetcher { client, issuer: issuer.identifier.as_str().into(), location })
    }

    /// One fetch of the key set, with what leads to it: within 5 s in all.
    #[allow(clippy::disallowed_methods, reason = "a bound on real traffic, in real time")]
    pub(crate) async fn fetch(&self) -> Result<Fetched, FetchError> {
        tokio::time::timeout(TOTAL, self.find_and_fetch())
            .await
            .unwrap_or_else(|_| Err(FetchError::new("the issuer did not answer within 5 s")))
    }

    async fn find_and_fetch(&self) -> Result<Fetched, FetchError> {
        match &self.location {
            Location::Uri(uri) => self.key_set(uri).await,
            Location::Discovery { metadata, found } => {
                let known = found.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let uri = match known {
                    Some(uri) => uri,
                    None => self.discover(metadata).await?,
                };
                let fetched = self.key_set(&uri).await;
                // A set that has moved is found again through the metadata.
                *found.lock().unwrap_or_else(PoisonError::into_inner) =
                    fetched.is_ok().then_some(uri);
                fetched
            }
        }
    }

    async fn key_set(&self, uri: &Url) -> Result<Fetched, FetchError> {
        let document = self.client.get(uri).await?;
        let set = JwkSet::parse(&document.body)
            .map_err(|error| FetchError(format!("{uri} answered with {error}")))?;
        if set.usable() == 0 && set.skipped().next().is_none() {
            return Err(FetchError(format!("{uri} answered with an empty key set")));
        }
        Ok(Fetched { set, max_age: document.max_age() })
    }

    /// OpenID Connect Discovery first, then RFC 8414; the next only where there is no document.
    async fn discover(&self, metadata: &[Url]) -> Result<Url, FetchError> {
        let mut failures = Vec::new();
        for address in metadata {
            match self.client.get(address).await {
                Ok(document) => return self.jwks_uri(address, &document.body),
                Err(error) => failures.push(error.to_string()),
            }
        }
        Err(FetchError(failures.join("; ")))
    }

    /// RFC 8414 section 3.3: metadata that names another issuer is not to be used.
    fn jwks_uri(&self, address: &Url, body: &[u8]) -> Result<Url, FetchError> {
        let metadata = parse_object(body, METADATA_LIMITS)
            .map_err(|error| FetchError(format!("{address} answered with no metadata: {error}")))?;
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
        let uri = checked_url("jwks_uri", text("jwks_uri")?);
        uri.map_err(|error| FetchError(format!("the metadata of {address}: {error}")))
    }
}

impl Location {
    /// Whether it is reached without TLS, which is possible on this machine only.
    fn is_plain(&self) -> bool {
        match self {
            Location::Uri(uri) => uri.scheme() == "http",
            Location::Discovery { metadata, .. } => {
                metadata.iter().all(|address| address.scheme() == "http")
            }
        }
    }
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
mod tests {
    use super::*;

    #[test]
    fn metadata_is_looked_for_at_both_places_of_the_issuers_host() {
        for (issuer, oidc, rfc8414) in [
            (
                "https://a.example/",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.example/realms/one",
                "https://a.example/realms/one/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/realms/one",
            ),
        ] {
            let found = metadata_addresses(&Url::parse(issuer).unwrap());
            let found: Vec<&str> = found.iter().map(Url::as_str).collect();
            assert_eq!(found, [oidc, rfc8414]);
        }
    }
}
