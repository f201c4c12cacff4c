//! One call of an API on this machine, with a token, for the Test view.
//!
//! It is a request that somebody else's page must never be able to aim: who may ask for it is
//! checked before, and where it goes is checked here. By GET, to a loopback address, without
//! redirects, proxies or cookies; 5 seconds, and no more of the body than a person reads.

use std::error::Error as _;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use bearward::{Clock, is_loopback};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use reqwest::{Client, Response, redirect};
use url::Url;

/// A page of text.
const MOST_BYTES: usize = 4 * 1024;
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// What the API answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) phrase: &'static str,
    /// Every `WWW-Authenticate`, joined as RFC 9110 section 5.3 joins them.
    pub(super) challenges: String,
    pub(super) location: Option<String>,
    pub(super) body: String,
    /// Whether there was more of the body.
    pub(super) is_cut: bool,
    pub(super) took: Duration,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    NothingListens,
    TimedOut,
    Failed(String),
}

/// An address that may be called. What is wrong with another one is said to whoever typed it.
pub(super) fn target(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .map_err(|error| format!("Expected an address with http or https, found {error}."))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("Expected http or https, found {}.", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Expected an address without user name and password.".to_owned());
    }
    if !is_loopback(&url) {
        return Err(format!(
            "Calls go to this machine only: expected localhost, 127.0.0.1 or [::1], found {}.",
            url.host_str().unwrap_or_default()
        ));
    }
    Ok(url)
}

/// Calls the target, which [`target`] has let through.
pub(super) async fn call(clock: &dyn Clock, target: &Url, token: &str) -> Result<Answer, NoAnswer> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| NoAnswer::Failed("no header can hold this token".to_owned()))?;
    bearer.set_sensitive(true);
    let client = client(target).map_err(|error| NoAnswer::Failed(reason(&error)))?;
    let began = clock.elapsed();
    let sent = client.get(target.clone()).header(AUTHORIZATION, bearer).send().await;
    let mut response = sent.map_err(|error| no_answer(&error))?;
    // What was connected to counts, whatever the address said.
    if !response.remote_addr().is_some_and(|address| address.ip().is_loopback()) {
        return Err(NoAnswer::Failed("the address leads away from this machine".to_owned()));
    }
    let (body, is_cut) = body(&mut response).await.map_err(|error| no_answer(&error))?;
    let headers = response.headers();
    Ok(Answer {
        status: response.status().as_u16(),
        phrase: response.status().canonical_reason().unwrap_or_default(),
        challenges: challenges(headers),
        location: headers.get(LOCATION).map(text),
        body,
        is_cut,
        took: clock.elapsed().saturating_sub(began),
    })
}

/// `localhost` is never looked up: whoever answers for names could say that it is elsewhere.
fn client(target: &Url) -> Result<Client, reqwest::Error> {
    let addresses = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
    let builder = Client::builder()
        .user_agent(concat!("bearward/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .resolve_to_addrs("localhost", &addresses)
        .timeout(TIME_LIMIT);
    match target.scheme() {
        // A machine without certificates can speak plain http still.
        "http" => builder.tls_certs_only([]).build(),
        _ => builder.build(),
    }
}

async fn body(response: &mut Response) -> Result<(String, bool), reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            bytes.truncate(MOST_BYTES);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), true));
        }
    }
    Ok((String::from_utf8_lossy(&bytes).into_owned(), false))
}

fn challenges(headers: &HeaderMap) -> String {
    let all: Vec<String> = headers.get_all(WWW_AUTHENTICATE).iter().map(text).collect();
    all.join(", ")
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    if error.is_timeout() {
        return NoAnswer::TimedOut;
    }
    let mut cause = error.source();
    while let Some(found) = cause {
        if let Some(error) = found.downcast_ref::<io::Error>()
            && error.kind() == io::ErrorKind::ConnectionRefused
        {
            return NoAnswer::NothingListens;
        }
        cause = found.source();
    }
    NoAnswer::Failed(reason(error))
}

/// The innermost cause: the outer ones say no more than that something failed.
fn reason(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_called() {
        for text in [
            "http://localhost:3010/api/private",
            "http://127.0.0.1/",
            "http://127.8.8.8:1/",
            "https://[::1]:8443/?a=b",
            "HTTP://LOCALHOST:3010/",
        ] {
            assert!(target(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "/api/private",
            "localhost:3010",
            "file:///etc/passwd",
            "ftp://localhost/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest",
            "http://0.0.0.0:3010/",
            "http://[::]:3010/",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost.example/",
            "http://localhost@evil.example/",
            "http://user@localhost/",
            "http://evil.example/#localhost",
            "http://my.localhost/",
        ] {
            assert!(target(text).is_err(), "{text}");
        }
    }
}
