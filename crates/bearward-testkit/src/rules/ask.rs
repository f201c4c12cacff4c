//! Sends a row's requests and compares the answers, byte by byte.

use std::net::TcpListener;
use std::time::Duration;

use axum::Router;
use bearward::{AccessToken, Clock as _, Principal, ResourceServer};

use super::server::{Issuers, Memory, Ready};
use super::{Before, Case, RequestSpec, Row};
use crate::http::{Answer, send};
use crate::mint::Mint;
use crate::reasons::serve_with_reasons;
use crate::vectors::challenges;

/// Runs a row against an application: `app` guards the routes of the vectors with the server it
/// is given.
///
/// | route | needs | answers |
/// | --- | --- | --- |
/// | `/api/public` | nothing | anything |
/// | `/api/private` | a token | [`whose`] it is |
/// | `/api/private-scoped` | scope `read:messages` | anything |
/// | `/api/permitted` | permission `read:messages` | anything |
/// | `/api/optional` | maybe a token | anything |
///
/// # Panics
/// When an answer is not the row's, its twins differ in more than one thing, or somebody connects
/// to an address that a token names.
///
/// # Example
/// ```no_run
/// # async fn all(app: fn(bearward::ResourceServer) -> axum::Router) {
/// for row in bearward_testkit::rules::rows() {
///     bearward_testkit::rules::run(&row, app).await;
/// }
/// # }
/// ```
pub async fn run(row: &Row, app: impl Fn(ResourceServer) -> Router) {
    assert!(row.differs_in_one_thing(), "twins differ in the server, the token, or the request");
    for memory in [Memory::On, Memory::Off] {
        // Only where something came before there is something to remember.
        if memory == Memory::On || !row.refused.before.is_empty() {
            run_with(row, memory, Issuers::One, &app).await;
        }
    }
    if row.has_fixed_keys() {
        run_with(row, Memory::On, Issuers::Two, &app).await;
    }
}

async fn run_with(
    row: &Row,
    memory: Memory,
    issuers: Issuers,
    app: &impl Fn(ResourceServer) -> Router,
) {
    let Asked { answer: let_in, .. } = ask(&row.accepted, memory, issuers, app).await;
    assert_eq!(let_in.status, 200, "the accepted twin: {let_in:?}");
    if let Some(body) = &row.body {
        assert_eq!(&let_in.body, body, "the accepted twin's body");
    }
    let Asked { answer, token, ready } = ask(&row.refused, memory, issuers, app).await;
    ready.other_was_left_alone();
    let key_requests = ready.over();
    assert_eq!(key_requests, row.key_requests.unwrap_or(key_requests), "requests for keys");
    let expected = row.expected(&challenges());
    // Among several the issuer is looked for first, and what hides it is the first fault.
    if issuers == Issuers::One {
        assert_eq!(answer.reason(), Some(row.reason.as_str()), "reason: {answer:?}");
    }
    assert_eq!(answer.status, expected.status, "{answer:?}");
    assert_eq!(answer.header("www-authenticate"), expected.www_authenticate.as_deref());
    assert_eq!(answer.header("retry-after").is_some(), expected.retry_after, "Retry-After");
    assert_eq!(answer.body, expected.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    refuse_leaks(&answer, &token);
}

/// No part of the token's text stands in the answer (RFC 6750 section 5.2).
fn refuse_leaks(answer: &Answer, token: &str) {
    let all = format!("{answer:?}");
    for part in token.split('.').filter(|part| part.len() >= 16) {
        assert!(!all.contains(part), "the answer holds a part of the token");
    }
}

/// A request, its token, and whom it was sent to.
pub(super) struct Asked {
    pub(super) answer: Answer,
    pub(super) token: String,
    pub(super) ready: Ready,
}

pub(super) async fn ask(
    case: &Case,
    memory: Memory,
    issuers: Issuers,
    app: &impl Fn(ResourceServer) -> Router,
) -> Asked {
    let ready = case.server.start(memory, issuers).await;
    let attacker = Attacker::start();
    let served = serve_with_reasons(app(ready.server.clone())).await;
    for before in &case.before {
        let token = before.token.make(&ready.mint);
        let answer = send(served.address(), &before.request.bytes(&token)).await;
        assert_eq!(answer.status, 200, "a request before: {answer:?}");
        let remembered = ready.server.cached_tokens() > 0;
        assert_eq!(remembered, memory == Memory::On, "whether it is remembered");
        before.let_time_pass(&ready.mint);
    }
    ready.then(&case.server).await;
    let token = case.token.naming(&attacker.address).make(&ready.mint);
    let answer = send(served.address(), &case.request.bytes(&token)).await;
    attacker.saw_nobody();
    Asked { answer, token, ready }
}

/// A host that takes connections and never should get one.
struct Attacker {
    listener: TcpListener,
    address: String,
}

impl Attacker {
    fn start() -> Attacker {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on 127.0.0.1");
        listener.set_nonblocking(true).expect("an option of sockets");
        let address = listener.local_addr().expect("a bound listener has an address").to_string();
        Attacker { listener, address }
    }

    /// A connection waits in the listener's queue until somebody takes it.
    fn saw_nobody(&self) {
        let connection = self.listener.accept();
        assert!(connection.is_err(), "somebody connected to the address in the token");
    }
}

/// Whom a token speaks for: what `/api/private` answers.
///
/// # Example
/// ```
/// # use bearward::AccessToken;
/// async fn private(token: AccessToken) -> String {
///     bearward_testkit::rules::whose(&token)
/// }
/// ```
#[must_use]
pub fn whose(token: &AccessToken) -> String {
    match token.principal() {
        Principal::User { subject } => format!("user {subject}"),
        Principal::Client { client_id } => format!("client {client_id}"),
    }
}

impl Before {
    fn let_time_pass(&self, mint: &Mint) {
        let clock = mint.clock();
        clock.advance(Duration::from_secs(self.pass_s));
        clock.step_to(clock.now() - Duration::from_secs(self.step_back_s));
    }
}

impl RequestSpec {
    /// The request with this token, as bytes for [`send`].
    ///
    /// # Example
    /// See [`RequestSpec`].
    #[must_use]
    pub fn bytes(&self, token: &str) -> Vec<u8> {
        let method = self.method.as_deref().unwrap_or("GET");
        let path = self.path.as_deref().unwrap_or("/api/private");
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: api.example.com\r\n");
        let usual = vec!["Authorization: Bearer {token}".to_owned()];
        for line in self.headers.as_ref().unwrap_or(&usual) {
            text.push_str(line);
            text.push_str("\r\n");
        }
        if !self.body.is_empty() {
            let length = self.body.replace("{token}", token).len();
            text.push_str(&format!("Content-Length: {length}\r\n"));
        }
        text.push_str("Connection: close\r\n\r\n");
        text.push_str(&self.body);
        // Latin-1: a character is a byte.
        text.replace("{token}", token).chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
    }
}
