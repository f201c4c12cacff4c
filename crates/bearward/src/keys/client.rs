//! One document over HTTP: bounded in bytes and time, no redirects, no proxy.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, StatusCode};
use url::Url;

use super::fetch::FetchError;
use super::reach::{Reach, Resolver};
use crate::config::ConfigError;

const CONNECT: Duration = Duration::from_secs(2);
/// For one document, and for all that lead to a key set.
pub(super) const TOTAL: Duration = Duration::from_secs(5);
const MOST_BYTES: usize = 512 * 1024;

/// Asks for documents. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct DocumentClient {
    client: Client,
    reach: Reach,
}

/// What a client needs of the issuer and of the machine.
pub(super) struct Surroundings<'i> {
    pub(super) ca_pem: Option<&'i [u8]>,
    /// The issuer is reached without TLS, which is possible on this machine only.
    pub(super) plain: bool,
    pub(super) names: Arc<dyn Resolve>,
}

pub(super) struct Document {
    pub(super) body: Vec<u8>,
    /// Who sent it.
    pub(super) from: Option<IpAddr>,
    headers: HeaderMap,
}

impl DocumentClient {
    /// Trusts the machine's certificates, and those of `ca_pem` besides. A machine without any, such
    /// as a bare container, needs `ca_pem`, unless the issuer is on this machine without TLS.
    pub(super) fn new(
        surroundings: &Surroundings<'_>,
        reach: Reach,
    ) -> Result<DocumentClient, ConfigError> {
        let client = client(surroundings, &reach)?;
        Ok(DocumentClient { client, reach })
    }
    pub(super) async fn get(&self, url: &Url) -> Result<Document, FetchError> {
        let failed =
            |error: reqwest::Error| FetchError::new(format!("GET {url}: {}", describe(&error)));
        let refused = |error| FetchError::new(format!("GET {url}: {error}"));
        self.reach.check_literal(url).map_err(refused)?;
        let request = self.client.get(url.clone()).header("accept", "application/json");
        let mut response = request.send().await.map_err(failed)?;
        if response.status() != StatusCode::OK {
            let status = response.status().as_u16();
            return Err(FetchError::new(format!("GET {url}: expected status 200, found {status}")));
        }
        let from = response.remote_addr().map(|address| address.ip());
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(FetchError::new(format!("GET {url}: more than {MOST_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Document { body, from, headers })
    }
}

fn client(surroundings: &Surroundings<'_>, reach: &Reach) -> Result<Client, ConfigError> {
    let builder = || {
        Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // Each document over a connection of its own, whose address was looked at.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("bearward/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Resolver { names: Arc::clone(&surroundings.names), reach: reach.clone() })
    };
    let unusable = |setting| move |error| ConfigError::new(setting, describe(&error));
    let own = match surroundings.ca_pem {
        Some(pem) => Certificate::from_pem_bundle(pem).map_err(unusable("ca_file"))?,
        None => Vec::new(),
    };
    let without_system = !own.is_empty() || surroundings.plain;
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

impl Document {
    /// `max-age` of `Cache-Control`, in any case and on any line (RFC 9111 section 5.2.2.1).
    pub(super) fn max_age(&self) -> Option<Duration> {
        let lines = self.headers.get_all(CACHE_CONTROL).iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let mut directives = lines.flat_map(|line| line.split(',')).map(str::trim);
        let seconds = directives.find_map(|directive| {
            let (name, value) = directive.split_once('=')?;
            name.eq_ignore_ascii_case("max-age").then_some(value)
        })?;
        Some(Duration::from_secs(seconds.trim_matches('"').parse().ok()?))
    }
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
