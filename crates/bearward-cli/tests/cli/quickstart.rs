//! `bearward quickstart`, run for real: what it prints, what it answers, how it ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::support::{Running, bearward, get, snapshot};
use serde_json::Value;

const FREE_PORTS: [&str; 5] =
    ["quickstart", "--listen", "localhost:0", "--tenant-listen", "localhost:0"];

fn start() -> (Running, Value) {
    start_with(&[&FREE_PORTS[..], &["--json"]].concat())
}

fn start_with(args: &[&str]) -> (Running, Value) {
    let mut running = Running::start(args);
    let report = serde_json::from_str(&running.line()).unwrap();
    (running, report)
}

fn text(report: &Value, key: &str) -> String {
    report[key].as_str().unwrap().to_owned()
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

/// The status line and the challenge of an answer.
fn verdict(answer: &str) -> String {
    let is_told = |line: &&str| line.starts_with("HTTP/") || line.starts_with("www-authenticate");
    answer.lines().filter(is_told).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_route_answers_as_it_must() {
    let (running, report) = start();
    let api = text(&report, "api");
    assert_eq!(report["audience"], api.as_str());
    let good = bearer(&text(&report, "token"));
    let unscoped = bearer(&text(&report, "token_without_scope"));
    let ask = |path: &str, headers: &[&str]| {
        format!("GET {path}\n{}\n", verdict(&get(&api, path, headers)))
    };
    snapshot(
        "quickstart_answers",
        &[
            ask("/api/public", &[]),
            ask("/api/private", &[]),
            ask("/api/private", &[&good]),
            ask("/api/private", &[&format!("{good}x")]),
            ask("/api/private", &[&good, &good]),
            ask("/api/private-scoped", &[]),
            ask("/api/private-scoped", &[&unscoped]),
            ask("/api/private-scoped", &[&good]),
            ask("/livez", &[]),
            ask("/readyz", &[]),
        ]
        .join("\n"),
    );
    let (code, rest, errors) = running.end("TERM");
    assert_eq!((code, rest.as_str()), (Some(0), ""));
    assert_eq!(errors.lines().count(), 5, "one line for each refusal: {errors}");
    for secret in ["token", "token_without_scope", "client_secret"] {
        assert!(!errors.contains(&text(&report, secret)), "{secret}");
    }
}

#[test]
fn the_page_is_closed_to_other_sites() {
    let (_running, report) = start();
    let api = text(&report, "api");
    let page = get(&api, "/", &[]);
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    for inline in ["<script>", "<style", " style=", " onclick=", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
    for path in ["/page.css", "/page.js", "/page.svg"] {
        assert!(get(&api, path, &[]).starts_with("HTTP/1.1 200"), "{path}");
    }
    assert!(get(&api, "/page.json", &[]).contains(&text(&report, "token")));
    let rebound = get(&api, "/page.json", &["Host: evil.example"]);
    assert!(rebound.starts_with("HTTP/1.1 421"), "{rebound}");
    assert!(!rebound.contains("eyJ"), "{rebound}");
    let absolute = get(&api, "http://evil.example/page.json", &[]);
    assert!(absolute.starts_with("HTTP/1.1 421"), "{absolute}");
}

#[test]
fn a_person_reads_where_things_are_and_what_to_paste() {
    let mut running = Running::start(&FREE_PORTS);
    snapshot("quickstart_text", &running.until("Ctrl-C"));
    assert_eq!(running.end("INT").0, Some(0));
}

#[test]
fn every_printed_call_gives_the_answer_above_it() {
    let mut running = Running::start(&FREE_PORTS);
    let text = running.until("Ctrl-C");
    let lines: Vec<&str> = text.lines().collect();
    let tokens: Vec<&str> =
        lines.iter().copied().filter(|line| line.starts_with("TOKEN")).collect();
    assert_eq!(tokens.len(), 2);
    let mut answers = Vec::new();
    for pair in lines.windows(2) {
        let [above, call] = pair else { unreachable!() };
        let Some(call) = call.strip_prefix("curl ") else { continue };
        let header = call.split('"').nth(1).map(|header| {
            let name = header.rsplit('$').next().unwrap();
            let prefix = format!("{name}=");
            let token = tokens.iter().find_map(|line| line.strip_prefix(&prefix)).unwrap();
            bearer(token)
        });
        let url = call.rsplit(' ').next().unwrap();
        let at = url.find("/api/").unwrap();
        let answer =
            get(&url[..at], &url[at..], &header.iter().map(String::as_str).collect::<Vec<_>>());
        answers.push(answer[9..12].to_owned());
        assert!(above.starts_with(&answer[9..12]), "{above}: {answer}");
    }
    assert_eq!(answers, ["200", "401", "200", "403", "200"]);
}

#[test]
fn a_refused_request_is_told_with_its_mistake() {
    let (mut running, report) = start();
    let api = text(&report, "api");
    let mut refuse = |header: &str| {
        get(api.trim_end_matches('/'), "/api/private", &[header]);
        running.error_line()
    };
    assert_eq!(
        refuse("Authorization: Bearer undefined"),
        "401 GET /api/private: expected three parts with a dot between them: this is no signed \
         JWT; hint: the program sent the word undefined in place of a token; look at where the \
         program takes the token from: it had none\n"
    );
    assert_eq!(
        refuse("Authorization: Basic QTpi"),
        "401 GET /api/private: the request carries no Bearer token; hint: the header has the \
         scheme Basic; send Authorization: Bearer TOKEN\n"
    );
}

#[test]
fn an_open_request_is_waited_for_until_asked_again() {
    let (mut running, report) = start();
    let tenant = text(&report, "issuer");
    let tenant = tenant.trim_start_matches("http://").trim_end_matches('/');
    let mut open = TcpStream::connect(tenant).unwrap();
    let head = "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n";
    open.write_all(head.as_bytes()).unwrap();
    // The server says "continue" once it waits for the body, which never comes.
    let mut status = [0; 12];
    open.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 100");
    running.signal("INT");
    assert!(running.error_line().starts_with("Waiting for open requests; Ctrl-C again"));
    let (code, rest, errors) = running.end("INT");
    assert_eq!((code, rest.as_str(), errors.as_str()), (Some(0), "", ""));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let address = format!("localhost:{port}");
    let api = bearward(&["quickstart", "--listen", &address], &[], "");
    let args = ["quickstart", "--listen", "localhost:0", "--tenant-listen", &address];
    let tenant = bearward(&args, &[], "");
    snapshot("quickstart_taken", &format!("{api}\n{tenant}"));
}

#[test]
fn an_issuer_of_ones_own_guards_the_same_api() {
    let (_tenant, theirs) = start();
    let (issuer, audience) = (text(&theirs, "issuer"), text(&theirs, "audience"));
    let good = bearer(&text(&theirs, "token"));
    let base = ["quickstart", "--listen", "localhost:0", "--json", "--issuer", &issuer];
    let base = [&base[..], &["--audience", &audience]].concat();

    let (_running, ours) = start_with(&[&base[..], &["--profile", "auth0"]].concat());
    assert_eq!(ours["jwks_uri"], theirs["jwks_uri"]);
    assert_eq!(ours.get("token"), None);
    let answer = get(&text(&ours, "api"), "/api/private-scoped", &[&good]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let (_, key_set) = get(issuer.trim_end_matches('/'), "/.well-known/jwks.json", &[])
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .unwrap();
    let file = format!("{}/quickstart_jwks.json", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, key_set).unwrap();
    let (_running, ours) = start_with(&[&base[..], &["--jwks-file", &file]].concat());
    assert_eq!(ours["jwks_uri"], Value::Null);
    let answer = get(&text(&ours, "api"), "/api/private", &[&good]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn an_issuer_that_is_down_closes_the_guarded_routes_only() {
    // Nobody listens on port 1.
    let args = ["quickstart", "--listen", "localhost:0", "--issuer", "http://localhost:1/"];
    let mut running =
        Running::start(&[&args[..], &["--audience", "https://api.example.com"]].concat());
    let printed = running.until("Ctrl-C");
    let api = printed.lines().find(|line| line.starts_with("http://")).unwrap();
    let api = api.trim_end_matches('/');
    assert!(get(api, "/livez", &[]).starts_with("HTTP/1.1 200"));
    assert!(get(api, "/api/public", &[]).starts_with("HTTP/1.1 200"));
    let answer = get(api, "/readyz", &[]);
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: "), "{answer}");
    snapshot("quickstart_own_issuer", &printed);
    let (code, _, errors) = running.end("TERM");
    assert_eq!(code, Some(0));
    let is_plain = |line: &str| line.starts_with("error: ") || line.starts_with("Waiting ");
    assert!(errors.lines().all(is_plain), "{errors:?}");
    assert!(!errors.contains('\x1b'), "{errors:?}");
}

#[test]
fn settings_that_cannot_work_are_named() {
    let file = format!("{}/bad.pem", env!("CARGO_TARGET_TMPDIR"));
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(&file, pem).unwrap();
    let run = |args: &[&str], variables: &[(&str, &str)]| {
        // A port that cannot be had is not reached: the settings are judged before.
        let start = ["quickstart", "--listen", "192.0.2.1:1"];
        let output = bearward(&[&start[..], args].concat(), variables, "");
        format!("{variables:?} {args:?}\n{output}").replace(&file, "bad.pem")
    };
    let own = |args: &[&str]| run(&[&["--issuer", "https://a.example/"], args].concat(), &[]);
    let variable = ("BEARWARD_ISSUER", "https://a.example/?x");
    let outputs = [
        own(&[]),
        own(&["--audience", ""]),
        own(&["--audience", "x", "--profile", "auth1"]),
        own(&["--audience", "x", "--jwks-file", "missing.json"]),
        own(&["--audience", "x", "--ca-file", "missing.pem"]),
        own(&["--audience", "x", "--ca-file", &file]),
        run(&[], &[variable]),
        run(&["--audience", "x"], &[variable]),
        run(&["--audience", "x"], &[("BEARWARD_DOMAIN", "a/b")]),
        run(&["--tenant-listen", "localhost:0"], &[variable]),
        run(&["--profile", "auth0"], &[]),
        run(&["--tenant-listen", "0.0.0.0:0"], &[]),
        bearward(&FREE_PORTS, &[("BEARWARD_AUDIENCE", "a\nb")], ""),
        bearward(&["quickstart", "--listen", "127.0.0.1:3011"], &[], ""),
        bearward(&["quickstart", "--listen", "3010"], &[], ""),
        bearward(&["quickstart", "--listen", "127.0.0.1:70000"], &[], ""),
    ];
    snapshot("quickstart_settings", &outputs.join("\n"));
}
