//! Requests to an issuer: certificates checked, no redirects, limits on bytes and time.

use std::fs::File;
use std::io::Read as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use bearward::is_loopback;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, StatusCode, redirect};
use url::Url;

use crate::exit::Failure;

/// Metadata, token answers and certificate files have a few kilobytes.
const MOST_BYTES: usize = 512 * 1024;

pub(crate) struct Http {
    client: Client,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

impl Http {
    /// A client for one issuer, which trusts the certificates in `ca_file` as well as the system's.
    /// A machine without any certificates needs `ca_file`, unless no TLS is spoken.
    pub(crate) fn new(issuer: &Url, ca_file: Option<&Path>) -> Result<Self, Failure> {
        let own = ca_file.map(certificates).transpose()?.unwrap_or_default();
        let without_system = !own.is_empty() || issuer.scheme() == "http";
        let client = match builder(issuer).tls_certs_merge(own.clone()).build() {
            Err(_) if without_system => builder(issuer).tls_certs_only(own).build(),
            built => built,
        };
        let client = client.map_err(|error| match ca_file {
            Some(path) => unfit(path, error.into()),
            None => Failure::from(anyhow::Error::new(error).context("cannot set up TLS")).hint(
                "install this machine's CA certificates, or name a file of them with --ca-file",
            ),
        })?;
        Ok(Self { client })
    }

    pub(crate) async fn get(&self, url: &Url) -> Result<Answer, Failure> {
        send(url, self.client.get(url.clone())).await
    }

    /// Sends a form; `authorization` carries a secret and is kept out of every log.
    pub(crate) async fn post_form(
        &self,
        url: &Url,
        form: String,
        authorization: Option<String>,
    ) -> Result<Answer, Failure> {
        let mut request = self.client.post(url.clone()).body(form);
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            let mut value = HeaderValue::from_str(&value).context("cannot send the secret")?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        send(url, request).await
    }
}

fn builder(issuer: &Url) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(concat!("bearward/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(15));
    if !is_loopback(issuer) {
        return builder;
    }
    // What stays on this machine goes through no proxy, and `localhost` is never looked up.
    let addresses = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
    builder.no_proxy().resolve_to_addrs("localhost", &addresses)
}

async fn send(url: &Url, request: RequestBuilder) -> Result<Answer, Failure> {
    let response = request.header(ACCEPT, "application/json").send().await;
    let mut response = response.map_err(|error| unreachable(url, error))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(url, error))? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Failure::trouble(format!("the answer of {url} is too long")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

fn unreachable(url: &Url, error: reqwest::Error) -> Failure {
    let hint = if error.is_timeout() {
        "no answer in time; is the address right, and the network up?"
    } else if is_loopback(url) && url.scheme() == "https" {
        "does it run on this machine, and is its certificate trusted? \
         --ca-file DATA/tls/ca.pem trusts the local CA of the tenant in that folder"
    } else if is_loopback(url) {
        "does it run on this machine? `bearward quickstart` starts a tenant on localhost:3011"
    } else {
        "is the address right, and its certificate trusted? --ca-file FILE trusts one more"
    };
    let error = anyhow::Error::new(error.without_url()).context(format!("cannot reach {url}"));
    Failure::from(error).hint(hint)
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let read = || {
        let mut pem = Vec::new();
        let file = File::open(path).context("cannot be read")?;
        file.take(MOST_BYTES as u64 + 1).read_to_end(&mut pem).context("cannot be read")?;
        anyhow::ensure!(pem.len() <= MOST_BYTES, "is larger than {MOST_BYTES} bytes");
        let certificates = Certificate::from_pem_bundle(&pem)?;
        anyhow::ensure!(!certificates.is_empty(), "holds no certificate");
        Ok(certificates)
    };
    read().map_err(|error| unfit(path, error))
}

fn unfit(path: &Path, error: anyhow::Error) -> Failure {
    let error = error.context(format!("--ca-file {}", path.display()));
    Failure::from(error).hint("it must hold certificates in PEM form")
}
