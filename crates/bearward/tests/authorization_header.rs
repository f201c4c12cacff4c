//! Requests that the HTTP server refuses by itself, so that no guard ever sees them. What is
//! answered is hyper's; what is shown is that nothing gets past it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use bearward::token;
use bearward_testkit::{Mint, Served, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

struct Api {
    token: String,
    served: Served,
    /// Requests that came as far as the guard.
    seen: Arc<AtomicUsize>,
}

async fn start() -> Api {
    let mint = Mint::new("https://issuer.example/", "https://api.example.com");
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let router = mint.resource_server().router().route("/", token(), get(async || "in"));
    let counted = router.into_router().layer(from_fn(move |request: Request, next: Next| {
        count.fetch_add(1, Ordering::SeqCst);
        next.run(request)
    }));
    Api { token: mint.token().sign(), served: serve(counted).await, seen }
}

impl Api {
    /// The status of the answer. A server that refuses early may not read to the end.
    async fn status(&self, lines: &str) -> u16 {
        let head = format!("GET / HTTP/1.1\r\nHost: api\r\n{lines}Connection: close\r\n\r\n");
        // In Latin-1, a character is a byte.
        let bytes: Vec<u8> = head.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let mut stream = TcpStream::connect(self.served.address()).await.unwrap();
        let _ = stream.write_all(&bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let text = String::from_utf8_lossy(&answer);
        let status = text.strip_prefix("HTTP/1.1 ").and_then(|text| text.get(..3));
        status.unwrap_or_else(|| panic!("no answer: {text}")).parse().unwrap()
    }

    async fn good_line(&self) -> u16 {
        self.status(&format!("Authorization: Bearer {}\r\n", self.token)).await
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn b125_a_header_that_is_not_http_never_reaches_the_guard() {
    let api = start().await;
    assert_eq!((api.good_line().await, api.seen()), (200, 1), "the twin that is let in");
    let token = &api.token;
    for (what, lines) in [
        ("NUL behind the token", format!("Authorization: Bearer {token}\0\r\n")),
        ("NUL before the token", format!("Authorization: Bearer \0{token}\r\n")),
        ("a folded line", format!("Authorization: Bearer\r\n {token}\r\n")),
        ("a line folded with a tab", format!("Authorization: Bearer\r\n\t{token}\r\n")),
        ("a bare carriage return", format!("Authorization: Bearer\r{token}\r\n")),
        ("a blank behind the name", format!("Authorization : Bearer {token}\r\n")),
        ("a byte that is not ASCII in the name", format!("Auth\u{f6}rization: Bearer {token}\r\n")),
        ("a control character", format!("Authorization: Bearer {token}\u{1}\r\n")),
    ] {
        assert_eq!(api.status(&lines).await, 400, "{what}");
    }
    assert_eq!(api.seen(), 1, "none of them came as far as the guard");
}

#[tokio::test]
async fn b130_a_head_beyond_the_servers_limits_never_reaches_the_guard() {
    let api = start().await;
    let line = format!("Authorization: Bearer {}\r\n", api.token);
    let many = |count: usize| "X-Filler: a\r\n".repeat(count);
    // Host, Authorization and Connection are there besides.
    assert_eq!((api.status(&format!("{line}{}", many(97))).await, api.seen()), (200, 1));
    assert_eq!(api.status(&format!("{line}{}", many(98))).await, 431);
    assert_eq!(api.status(&format!("{line}{}", many(1_000))).await, 431);
    let megabyte = "a".repeat(1024 * 1024);
    assert_eq!(api.status(&format!("Authorization: Bearer {megabyte}\r\n")).await, 431);
    assert_eq!(api.status(&format!("{line}X-Filler: {megabyte}\r\n")).await, 431);
    assert_eq!(api.seen(), 1, "none of them came as far as the guard");
}

/// What the server lets through, the guard bounds by its length before it looks inside.
#[tokio::test]
async fn b130_a_token_that_the_server_takes_may_still_be_too_long() {
    let api = start().await;
    let long = "a".repeat(300_000);
    assert_eq!(api.status(&format!("Authorization: Bearer {long}\r\n")).await, 401);
    assert_eq!(api.seen(), 1);
}
