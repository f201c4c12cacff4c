//! A program that is asked to end answers what has begun, and takes nothing new.

use std::io::{Read, Write};
use std::net::TcpStream;

use bearward::Algorithm;
use bearward_testkit::{Mint, TestIssuer, keys};
use serde_json::Value;

use crate::support::{Running, get};

const AUDIENCE: &str = "https://api.example.com";

/// Starts it, and says where the part named `what` of its report listens: `host:port`.
fn start(args: &[&str], what: &str) -> (Running, String) {
    let mut running = Running::start(args);
    let report: Value = serde_json::from_str(&running.line()).unwrap();
    let address = report.get(what).unwrap().as_str().unwrap().trim_start_matches("http://");
    (running, address.trim_end_matches('/').to_owned())
}

fn send(address: &str, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

/// All of an answer, to the end that the server puts to it.
fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn c15_requests_that_wait_for_a_key_are_answered_after_sigterm() {
    const OPEN: usize = 20;
    let issuer = TestIssuer::start().await;
    let args = ["quickstart", "--listen", "localhost:0", "--json", "--audience", AUDIENCE];
    let (mut running, api) =
        start(&[&args[..], &["--issuer", issuer.identifier()]].concat(), "api");
    let mint = Mint::new(issuer.identifier(), AUDIENCE);
    let token = mint.token().key(keys::stranger()).claim("exp", 4_000_000_000_u64).sign();
    issuer.hold();
    let asked = issuer.key_requests();
    let request = format!(
        "GET /api/private HTTP/1.1\r\nHost: {api}\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let open: Vec<TcpStream> = (0..OPEN).map(|_| send(&api, &request)).collect();
    issuer.asked_for_keys(asked + 1).await;
    // Who comes later is served later: by now all that came before have begun.
    for _ in 0..3 {
        assert!(get(&api, "/livez", &[]).starts_with("HTTP/1.1 200"));
    }
    running.signal("TERM");
    while !running.error_line().starts_with("Waiting for open requests") {}
    assert!(TcpStream::connect(&api).is_err(), "nobody new is let in");

    issuer.publish(&[keys::signing_key(Algorithm::Rs256), keys::stranger()]);
    issuer.release();
    let answered = open.into_iter().map(answer).filter(|text| text.starts_with("HTTP/1.1 200"));
    assert_eq!(answered.count(), OPEN);
    assert_eq!(running.ended(), Some(0));
}

#[test]
fn c15_a_request_whose_body_is_under_way_is_answered_after_sigterm() {
    let args =
        ["quickstart", "--listen", "localhost:0", "--tenant-listen", "localhost:0", "--json"];
    let (mut running, tenant) = start(&args, "issuer");
    let body = "grant_type=client_credentials";
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {tenant}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut open = send(&tenant, &head);
    let mut go_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    open.read_exact(&mut go_on).unwrap();
    running.signal("TERM");
    while !running.error_line().starts_with("Waiting for open requests") {}
    for letter in body.bytes() {
        open.write_all(&[letter]).unwrap();
    }
    let text = answer(open);
    assert!(text.starts_with("HTTP/1.1 401") && text.ends_with('}'), "a whole answer: {text}");
    assert_eq!(running.ended(), Some(0));
}
