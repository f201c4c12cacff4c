//! One document over HTTP: bounded in bytes and time, no redirects, no proxy, nothing decoded.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, StatusCode};
use url::Url;

use super::fetch::FetchError;
use super::freshness::max_age;
use super::machine_trust;
use super::reach::{Reach, Resolver};
use crate::config::ConfigError;
use crate::rejection::shown;

const CONNECT: Duration = Duration::from_secs(2);
/// For one document, and for all that lead to a key set.
pub(super) const TOTAL: Duration = Duration::from_secs(5);
const MOST_BYTES: usize = 512 * 1024;
/// Of an `ETag` that is sent back. They are hashes, and seldom longer than 64.
const MOST_ETAG_BYTES: usize = 256;

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
    /// The version of it, by which it can be asked for again.
    pub(super) etag: Option<HeaderValue>,
    pub(super) max_age: Option<Duration>,
}

pub(super) enum Answer {
    Document(Document),
    /// The version that was named is still the one.
    NotModified {
        max_age: Option<Duration>,
    },
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
        match self.get_unless(url, None).await? {
            Answer::Document(document) => Ok(document),
            Answer::NotModified { .. } => Err(unexpected(url, StatusCode::NOT_MODIFIED)),
        }
    }

    /// Gets the document unless this version of it, if any is named, is still the one.
    pub(super) async fn get_unless(
        &self,
        url: &Url,
        etag: Option<&HeaderValue>,
    ) -> Result<Answer, FetchError> {
        let refused = |error| FetchError::new(format!("GET {url}: {error}"));
        self.reach.check_literal(url).map_err(refused)?;
        let failed =
            |error: reqwest::Error| FetchError::new(format!("GET {url}: {}", describe(&error)));
        let mut request = self.client.get(url.clone()).header(ACCEPT, "application/json");
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let mut response = request.send().await.map_err(failed)?;
        let max_age = max_age(response.headers());
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if etag.is_some() => {
                return Ok(Answer::NotModified { max_age });
            }
            status => return Err(unexpected(url, status)),
        }
        if let Some(encoding) = encoding(response.headers()) {
            let encoding = shown(&encoding);
            let message = format!("GET {url}: expected no content-encoding, found {encoding}");
            return Err(FetchError::new(message));
        }
        let from = response.remote_addr().map(|address| address.ip());
        let etag = response.headers_mut().remove(ETAG);
        let etag = etag.filter(|etag| !etag.is_empty() && etag.len() <= MOST_ETAG_BYTES);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(FetchError::new(format!("GET {url}: more than {MOST_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer::Document(Document { body, from, etag, max_age }))
    }
}

fn unexpected(url: &Url, status: StatusCode) -> FetchError {
    FetchError::new(format!("GET {url}: expected status 200, found {}", status.as_u16()))
}

/// What the body is encoded with. No encoding was asked for, and none is undone: the limit on bytes
/// would be one on something else.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let mut values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let other = values.find(|value| !value.trim().eq_ignore_ascii_case("identity"))?;
    Some(other.into_owned())
}

fn client(surroundings: &Surroundings<'_>, reach: &Reach) -> Result<Client, ConfigError> {
    let builder = || {
        Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            // Off also where another crate has turned these features of reqwest on.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
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
    let client = if own.is_empty() {
        match machine_trust::tls() {
            Ok(tls) => builder().tls_backend_preconfigured(tls).build(),
            Err(_) if surroundings.plain => builder().tls_certs_only([]).build(),
            Err(error) => {
                let what = "this machine has no CA certificates, and no file of them is given";
                return Err(ConfigError::new("ca_file", format!("{what}: {error}")));
            }
        }
    } else {
        // A machine may have none of its own.
        let beside_the_machines = builder().tls_certs_merge(own.clone()).build();
        beside_the_machines.or_else(|_| builder().tls_certs_only(own).build())
    };
    client.map_err(unusable("ca_file"))
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
