//! A tenant on a socket, and a client that sends exactly the bytes it is told to.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bearward::sign::SigningKey;
use bearward::{Algorithm, Clock};
use bearward_tenant::{
    ApplicationType, ClientSecret, NewApi, NewApplication, Tenant, TenantBuilder,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::log;

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const MESSAGES: &str = "http://localhost:3010";
/// An API for which nobody has a grant.
pub(crate) const SECLUDED: &str = "https://secluded.example/api?a=b&c=d";

#[derive(Debug)]
pub(crate) struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

pub(crate) struct Served {
    pub(crate) tenant: Tenant,
    /// Granted `read:messages` and `write:messages`, not `delete:messages`.
    pub(crate) application: Machine,
    pub(crate) public_client_id: String,
    address: String,
}

/// An application that acts for itself.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) client_id: String,
    pub(crate) client_secret: ClientSecret,
}

pub(crate) async fn machine(tenant: &Tenant, name: &str) -> Machine {
    let application = NewApplication::new(name, ApplicationType::NonInteractive);
    let created = tenant.create_application(application).await.unwrap();
    let client_id = created.application.client_id;
    Machine { client_id, client_secret: created.client_secret.unwrap() }
}

/// Making RSA keys is slow: the tests of this program share two.
pub(crate) fn keys() -> [SigningKey; 2] {
    static KEYS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let make = || SigningKey::generate(Algorithm::Rs256).unwrap().to_pkcs8().unwrap();
    let kept = KEYS.get_or_init(|| [make(), make()]);
    [0, 1].map(|i| SigningKey::from_pkcs8(Algorithm::Rs256, &kept[i]).unwrap())
}

/// The key that the tenants of this program sign with.
pub(crate) fn signing_key() -> SigningKey {
    let [current, _] = keys();
    current
}

pub(crate) async fn serve() -> Served {
    serve_on(FixedClock).await
}

pub(crate) async fn serve_on(clock: impl Clock) -> Served {
    let [current, next] = keys();
    serve_with(|tenant| tenant.clock(clock).signing_keys(current, next)).await
}

/// A tenant that calls APIs when an administrator asks it to.
pub(crate) async fn serve_in_development() -> Served {
    let [current, next] = keys();
    serve_with(|tenant| tenant.clock(FixedClock).signing_keys(current, next).development(true))
        .await
}

pub(crate) async fn serve_with(settings: impl FnOnce(TenantBuilder) -> TenantBuilder) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}/", listener.local_addr().unwrap());
    serve_at(listener, settings(Tenant::builder(issuer))).await
}

/// A tenant whose issuer is reached by TLS, behind a server that takes the TLS off.
pub(crate) async fn serve_behind_tls(clock: impl Clock) -> Served {
    let [current, next] = keys();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://{}/", listener.local_addr().unwrap());
    serve_at(listener, Tenant::builder(issuer).clock(clock).signing_keys(current, next)).await
}

async fn serve_at(listener: TcpListener, tenant: TenantBuilder) -> Served {
    log::listen();
    let address = listener.local_addr().unwrap().to_string();
    let tenant = tenant.build().await.unwrap();
    for identifier in [MESSAGES, SECLUDED] {
        let api = NewApi::new("Messages", identifier)
            .permission("read:messages", "Read messages")
            .permission("write:messages", "Write messages")
            .permission("delete:messages", "Delete messages");
        tenant.create_api(api).await.unwrap();
    }
    let application = machine(&tenant, "Nightly report").await;
    let reader = NewApplication::new("Reader", ApplicationType::Spa);
    let public_client_id = tenant.create_application(reader).await.unwrap().application.client_id;
    for client_id in [&application.client_id, &public_client_id] {
        tenant.grant(client_id, MESSAGES, &["read:messages", "write:messages"]).await.unwrap();
    }
    let router = tenant.router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Served { tenant, application, public_client_id, address }
}

impl Served {
    /// Another tenant with the same issuer, on a socket of its own.
    pub(crate) async fn again(self, tenant: Tenant) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = tenant.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Served { tenant, address, ..self }
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(other, _)| other == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "the header {name} comes twice");
        value
    }

    /// Every line of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(other, _)| other == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    /// Status and `error`: what most tests are about.
    pub(crate) fn error(&self) -> (u16, String) {
        let error = if self.status == 200 { Value::Null } else { self.json()["error"].clone() };
        (self.status, error.as_str().unwrap_or_default().to_owned())
    }
}

impl Served {
    /// Sends a request line with these header lines and this body; the length is added.
    pub(crate) async fn send(&self, line: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.send_declaring(body.len(), line, headers, body).await
    }

    /// The same with a length of one's own.
    pub(crate) async fn send_declaring(
        &self,
        length: usize,
        line: &str,
        headers: &[&str],
        body: &[u8],
    ) -> Answer {
        let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            // An allowed name that is not the issuer's: what is answered never follows it.
            request.push_str("Host: other.localhost\r\n");
        }
        for header in headers {
            request.push_str(header);
            request.push_str("\r\n");
        }
        request.push_str(&format!("Content-Length: {length}\r\n\r\n"));
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Answer { status, headers, body: body.to_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &["Origin: https://app.example"], b"").await
    }

    /// Posts a form to the token endpoint. In it, `$id` and `$secret` stand for the application's.
    pub(crate) async fn post_form(&self, headers: &[&str], form: &str) -> Answer {
        self.post("Content-Type: application/x-www-form-urlencoded", headers, form).await
    }

    /// The same with JSON.
    pub(crate) async fn post_json(&self, headers: &[&str], json: &str) -> Answer {
        self.post("Content-Type: application/json", headers, json).await
    }

    pub(crate) async fn post(&self, content_type: &str, headers: &[&str], body: &str) -> Answer {
        let headers = [&[content_type], headers].concat();
        self.send("POST /oauth/token", &headers, self.fill(body).as_bytes()).await
    }

    /// The header that authenticates by Basic, with `$id` and `$secret` filled in.
    pub(crate) fn basic(&self, credentials: &str) -> String {
        format!("Authorization: Basic {}", STANDARD.encode(self.fill(credentials)))
    }

    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("$secret", self.application.client_secret.expose())
            .replace("$public", &self.public_client_id)
            .replace("$id", &self.application.client_id)
    }
}

/// A request that is granted, in the form's syntax. Rows add to it or change it.
pub(crate) const GOOD: &str = "grant_type=client_credentials&client_id=$id&client_secret=$secret\
                               &audience=http%3A%2F%2Flocalhost%3A3010";
