//! Metadata and key sets over HTTP: bounded in bytes and time, no redirects, `https` or loopback.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, StatusCode};
use url::Url;

use crate::address::checked_url;
use crate::config::ConfigError;
use crate::issuer::{Issuer, KeyLocation};
use crate::json::{JsonLimits, Value, parse_object};
use crate::jwk::JwkSet;

const CONNECT: Duration = Duration::from_secs(2);
const TOTAL: Duration = Duration::from_secs(5);
const MOST_BYTES: usize = 512 * 1024;
const METADATA_LIMITS: JsonLimits = JsonLimits { depth: 16, members: 4_096 };

/// Fetches the key set of one issuer. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Fetcher {
    client: Client,
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
        let client = client(issuer.ca_pem.as_deref(), &location)?;
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
        let answer = self.get(uri).await?;
        let set = JwkSet::parse(&answer.body)
            .map_err(|error| FetchError(format!("{uri} answered with {error}")))?;
        if set.usable() == 0 && set.skipped().next().is_none() {
            return Err(FetchError(format!("{uri} answered with an empty key set")));
        }
        Ok(Fetched { set, max_age: max_age(&answer.headers) })
    }

    /// OpenID Connect Discovery first, then RFC 8414; the next only where there is no document.
    async fn discover(&self, metadata: &[Url]) -> Result<Url, FetchError> {
        let mut failures = Vec::new();
        for address in metadata {
            match self.get(address).await {
                Ok(answer) => return self.jwks_uri(address, &answer.body),
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

    async fn get(&self, url: &Url) -> Result<Answer, FetchError> {
        let failed = |error: reqwest::Error| FetchError(format!("GET {url}: {}", describe(&error)));
        let request = self.client.get(url.clone()).header("accept", "application/json");
        let mut response = request.send().await.map_err(failed)?;
        if response.status() != StatusCode::OK {
            let status = response.status().as_u16();
            return Err(FetchError(format!("GET {url}: expected status 200, found {status}")));
        }
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(FetchError(format!("GET {url}: more than {MOST_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { headers, body })
    }
}

/// Trusts the machine's certificates, and those of `ca_pem` besides. A machine without any, such
/// as a bare container, needs `ca_pem`, unless the issuer is on this machine without TLS.
fn client(ca_pem: Option<&[u8]>, location: &Location) -> Result<Client, ConfigError> {
    let builder = || {
        Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .pool_max_idle_per_host(1)
            .user_agent(concat!("bearward/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(LoopbackStaysHome)
    };
    let unusable = |setting| move |error| ConfigError::new(setting, describe(&error));
    let own = match ca_pem {
        Some(pem) => Certificate::from_pem_bundle(pem).map_err(unusable("ca_file"))?,
        None => Vec::new(),
    };
    let without_system = !own.is_empty() || location.is_plain();
    match builder().tls_certs_merge(own.clone()).build() {
        Ok(client) => Ok(client),
        Err(_) if without_system => {
            builder().tls_certs_only(own).build().map_err(unusable("ca_file"))
        }
        Err(error) => Err(ConfigError::new(
            "ca_file",
            format!(
                "this machine has no CA certificates, and no file of them is given: {}",
                describe(&error)
            ),
        )),
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

struct Answer {
    headers: HeaderMap,
    body: Vec<u8>,
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

/// `max-age` of `Cache-Control`, in any case and on any line (RFC 9111 section 5.2.2.1).
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let mut directives = lines.flat_map(|line| line.split(',')).map(str::trim);
    let seconds = directives.find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.eq_ignore_ascii_case("max-age").then_some(value)
    })?;
    Some(Duration::from_secs(seconds.trim_matches('"').parse().ok()?))
}

/// The whole chain of causes, without the URL, which the caller names.
fn describe(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&error.to_string());
        cause = error.source();
    }
    if error.is_timeout() {
        text.push_str(" (no answer in time)");
    }
    if text.is_empty() { error.to_string() } else { text }
}

/// `localhost` is this machine and nothing else, whatever a name server says of it.
struct LoopbackStaysHome;

impl Resolve for LoopbackStaysHome {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let local = name.as_str() == "localhost";
            let addresses: Vec<SocketAddr> =
                found.filter(|address| !local || address.ip().is_loopback()).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
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
