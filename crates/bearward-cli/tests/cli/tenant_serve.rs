//! `bearward tenant serve`, run for real: over TLS, with the certificates that it makes or is given.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Running, bearward, get, snapshot};
use crate::tls;

const FREE_PORTS: [&str; 6] =
    ["tenant", "serve", "--listen", "localhost:0", "--plain-listen", "localhost:0"];

struct Tenant {
    running: Running,
    report: Value,
}

impl Tenant {
    fn start(args: &[&str]) -> Self {
        let mut running = Running::start(&[&FREE_PORTS[..], &["--json"], args].concat());
        let report = serde_json::from_str(&running.line()).unwrap();
        Self { running, report }
    }

    fn text(&self, key: &str) -> &str {
        self.report.get(key).unwrap().as_str().unwrap()
    }

    fn ca(&self) -> String {
        fs::read_to_string(self.text("ca")).unwrap()
    }

    /// Ends it; what it has written to stderr.
    fn end(self) -> String {
        let (code, _, errors) = self.running.end("TERM");
        assert_eq!(code, Some(0));
        errors
    }
}

fn folder(parent: &TempDir, name: &str) -> String {
    parent.path().join(name).to_str().unwrap().to_owned()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn a_client_that_trusts_the_ca_alone_is_served() {
    let tenant = Tenant::start(&[]);
    let (address, ca) = (tenant.text("listen"), tenant.ca());
    let answer = tls::get(address, "/.well-known/openid-configuration", &ca).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let metadata: Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(metadata["issuer"], tenant.report["issuer"]);
    assert_eq!(metadata["issuer"], format!("{address}/"));
    assert_eq!(body(&tls::get(address, "/healthz", &ca).unwrap()), r#"{"status":"ok"}"#);

    let bundle = fs::read_to_string(tenant.text("bundle")).unwrap();
    assert!(bundle.ends_with(&ca));
    assert!(tls::get(address, "/healthz", &bundle).is_ok());
    for name in ["localhost", "127.0.0.1", "::1", "host.docker.internal"] {
        assert!(tls::connect(address, name, &ca).is_ok(), "{name}");
    }
    assert!(tls::connect(address, "example.com", &ca).is_err());
    let stranger = Tenant::start(&[]);
    let error = tls::get(address, "/healthz", &stranger.ca()).unwrap_err();
    assert!(error.contains("UnknownIssuer") || error.contains("BadSignature"), "{error}");
}

#[test]
fn a_client_that_does_not_trust_the_ca_is_told_how_to() {
    let tenant = Tenant::start(&[]);
    let args = ["token", "get", "--issuer", tenant.text("issuer"), "--client-id", "x"];
    let secret = [("BEARWARD_CLIENT_SECRET", "x")];
    let stranger = bearward(&args, &secret, "");
    assert!(stranger.contains("hint: ") && stranger.contains("--ca-file"), "{stranger}");
    let file = [&args[..], &["--ca-file", tenant.text("ca")]].concat();
    let trusting = bearward(&file, &secret, "");
    assert!(trusting.contains("the issuer refused"), "{trusting}");
}

#[test]
fn the_keys_are_had_by_who_trusts_the_ca_and_by_nobody_else() {
    let tenant = Tenant::start(&[]);
    let issuer = tenant.text("issuer");
    // Signed by nobody's key, so that its own fault shows that the keys were had.
    let token = bearward_testkit::Mint::new(issuer, "api").token().sign();
    let explain = |more: &[&str], variables: &[(&str, &str)]| {
        let args = ["token", "explain", &token, "--issuer", issuer, "--audience", "api"];
        bearward(&[&args[..], more].concat(), variables, "")
    };
    let stranger = explain(&[], &[]);
    assert!(stranger.contains("undecided: keys_unavailable"), "{stranger}");
    assert!(stranger.contains("certificate is not trusted here"), "{stranger}");
    for trusting in [
        explain(&["--ca-file", tenant.text("ca")], &[]),
        explain(&[], &[("SSL_CERT_FILE", tenant.text("bundle"))]),
    ] {
        assert!(trusting.contains("refused: unknown_key"), "{trusting}");
    }
}

#[test]
fn plain_http_gives_the_ca_and_health_alone() {
    let tenant = Tenant::start(&[]);
    let plain = tenant.text("plain");
    let answer = get(plain, "/ca.pem", &[]);
    assert!(answer.contains("content-type: application/x-pem-file\r\n"), "{answer}");
    assert_eq!(body(&answer), tenant.ca());
    assert_eq!(body(&get(plain, "/healthz", &[])), r#"{"status":"ok"}"#);
    for path in ["/", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/oauth/token"]
    {
        assert!(get(plain, path, &[]).starts_with("HTTP/1.1 404"), "{path}");
    }
    let answer = get(&tenant.text("listen").replace("https", "http"), "/healthz", &[]);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(body(&answer).starts_with("This port speaks https"), "{answer}");
}

#[test]
fn silent_clients_are_in_nobodys_way() {
    let tenant = Tenant::start(&[]);
    let address = tenant.text("listen");
    let silent = || TcpStream::connect(address.trim_start_matches("https://")).unwrap();
    let _silent: Vec<_> = (0..300).map(|_| silent()).collect();
    let mut half = silent();
    half.write_all(&[0x16, 3, 1]).unwrap();
    assert!(tls::get(address, "/healthz", &tenant.ca()).is_ok());
    assert_eq!(tenant.end(), "");
}

#[test]
fn the_data_folder_keeps_the_ca_and_the_keys() {
    let parent = tempfile::tempdir().unwrap();
    let data = folder(&parent, "new/data");
    let first = Tenant::start(&["--data", &data]);
    assert_eq!(first.text("data"), data);
    let ca = first.ca();
    let key_set = |tenant: &Tenant| {
        let answer = tls::get(tenant.text("listen"), "/.well-known/jwks.json", &ca).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        body(&answer).to_owned()
    };
    let keys = key_set(&first);
    assert_eq!(first.end(), "");

    let second = Tenant::start(&["--data", &data]);
    assert_eq!(second.ca(), ca);
    assert_eq!(key_set(&second), keys);
    assert_eq!(second.end(), "");

    let third = Tenant::start(&["--data", &data, "--host", "app.localhost"]);
    let (address, new) = (third.text("listen").to_owned(), third.ca());
    assert!(tls::get(&address, "/healthz", &ca).is_err());
    assert!(tls::connect(&address, "app.localhost", &new).is_ok());
    snapshot("tenant_serve_new_ca", &third.end());
}

#[test]
fn the_tenant_answers_under_the_names_of_its_certificate_alone() {
    let tenant = Tenant::start(&["--host", "auth.example", "--host", "*.wild.example"]);
    for (host, status) in [
        ("localhost", 200),
        ("host.docker.internal:8443", 200),
        ("auth.example", 200),
        ("a.wild.example", 200),
        ("evil.example", 403),
        ("wild.example", 403),
    ] {
        let path = "/.well-known/jwks.json";
        let answer = tls::get_as(host, tenant.text("listen"), path, &tenant.ca()).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");
    }
}

#[test]
fn without_a_data_folder_nothing_is_left() {
    let tenant = Tenant::start(&[]);
    assert_eq!(tenant.report.get("data"), None);
    let folder = Path::new(tenant.text("ca")).parent().unwrap().to_owned();
    assert!(folder.join("leaf.key").exists());
    assert_eq!(tenant.end(), "");
    assert!(!folder.exists() && !folder.parent().unwrap().exists());
}

#[test]
fn an_open_request_is_waited_for_until_asked_again() {
    let mut tenant = Tenant::start(&[]);
    let ca = tenant.ca();
    let mut open = tls::connect(tenant.text("listen"), "localhost", &ca).unwrap();
    let head = "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n";
    open.write_all(head.as_bytes()).unwrap();
    // The server says "continue" once it waits for the body, which never comes.
    let mut status = [0; 12];
    open.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 100");
    tenant.running.signal("INT");
    assert!(tenant.running.error_line().starts_with("Waiting for open requests; Ctrl-C again"));
    assert_eq!(tenant.end(), "");
}

#[test]
fn a_person_reads_where_things_are() {
    let parent = tempfile::tempdir().unwrap();
    let data = folder(&parent, "data");
    let printed = |args: &[&str]| {
        let mut running = Running::start(&[&FREE_PORTS[..], args].concat());
        let text = running.until("Ctrl-C");
        assert_eq!(running.end("INT").0, Some(0));
        let folder = text.lines().find_map(|line| line.strip_suffix("/tls/ca.pem"));
        folder.map_or_else(|| text.clone(), |folder| text.replace(folder, "[data]"))
    };
    let named = ["--issuer", "https://id.localhost/", "--data", &data];
    snapshot("tenant_serve_text", &[printed(&[]), printed(&named)].join("\n"));
    let mut running =
        Running::start(&["tenant", "serve", "--tls", "off", "--listen", "localhost:0"]);
    snapshot("tenant_serve_text_plain", &running.until("Ctrl-C"));
}

#[test]
fn without_tls_the_tenant_speaks_http() {
    let args = ["tenant", "serve", "--tls", "off", "--listen", "localhost:0", "--json"];
    let mut running = Running::start(&args);
    let report: Value = serde_json::from_str(&running.line()).unwrap();
    let address = report["listen"].as_str().unwrap();
    let dashboard = format!("{}/", address.replace("localhost", "127.0.0.1"));
    let link = report["dashboard_link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{dashboard}setup?link=")), "{link}");
    let expected = json!({
        "issuer": format!("{address}/"),
        "listen": address,
        "dashboard": dashboard,
        "dashboard_link": link,
    });
    assert_eq!(report, expected);
    let answer = get(address, "/.well-known/openid-configuration", &[]);
    assert!(answer.contains(&format!("\"issuer\":\"{address}/\"")), "{answer}");
    assert!(get(address, "/healthz", &[]).starts_with("HTTP/1.1 200"));
    assert!(get(address, "/ca.pem", &[]).starts_with("HTTP/1.1 404"));
}

/// A certificate for `host` and its key, in two files.
fn certificate(folder: &TempDir, host: &str, last_year: i32) -> [String; 2] {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    (params.not_before, params.not_after) =
        (date_time_ymd(2020, 1, 1), date_time_ymd(last_year, 1, 1));
    let certificate = params.self_signed(&key).unwrap();
    let [at, key_at] =
        ["pem", "key"].map(|kind| self::folder(folder, &format!("{host}-{last_year}.{kind}")));
    fs::write(&at, certificate.pem()).unwrap();
    fs::write(&key_at, key.serialize_pem()).unwrap();
    [at, key_at]
}

#[test]
fn a_certificate_of_ones_own_is_served() {
    let files = tempfile::tempdir().unwrap();
    let [certificate, key] = certificate(&files, "localhost", 2099);
    let tenant = Tenant::start(&["--tls-cert", &certificate, "--tls-key", &key]);
    assert_eq!((tenant.report.get("ca"), tenant.report.get("bundle")), (None, None));
    let own = fs::read_to_string(certificate).unwrap();
    assert!(tls::get(tenant.text("listen"), "/healthz", &own).is_ok());
    assert!(get(tenant.text("plain"), "/ca.pem", &[]).starts_with("HTTP/1.1 404"));
}

#[test]
fn settings_that_cannot_work_are_named() {
    let files = tempfile::tempdir().unwrap();
    let [good, key] = certificate(&files, "localhost", 2099);
    let [old, old_key] = certificate(&files, "localhost", 2021);
    let [other, other_key] = certificate(&files, "other.example", 2099);
    let run = |args: &[&str]| {
        let output = bearward(&[&FREE_PORTS[..], args].concat(), &[], "");
        format!("{args:?}\n{output}").replace(files.path().to_str().unwrap(), "[files]")
    };
    let own = |certificate: &str, key: &str| run(&["--tls-cert", certificate, "--tls-key", key]);
    let outputs = [
        own("missing.pem", &key),
        own(&key, &key),
        own(&good, "missing.key"),
        own(&good, &good),
        own(&good, &other_key),
        own(&old, &old_key),
        own(&other, &other_key),
        run(&["--tls-cert", &good]),
        run(&["--tls-cert", &good, "--tls-key", &key, "--host", "a.localhost"]),
        run(&["--issuer", "http://localhost:8443/"]),
        run(&["--issuer", "https://localhost:8443"]),
        run(&["--issuer", "https://localhost:8443/path"]),
        run(&["--issuer", "localhost"]),
        run(&["--host", "*.localhost"]),
        run(&["--host", "a b"]),
        run(&["--tls", "off"]),
        run(&["--tls", "maybe"]),
        run(&["--data", "/dev/null/data"]),
        bearward(&["tenant", "serve", "--tls", "off", "--listen", "0.0.0.0:0"], &[], ""),
        bearward(&["tenant", "serve", "--tls", "off", "--issuer", "https://localhost/"], &[], ""),
        bearward(&["tenant", "serve", "--tls", "off", "--host", "a.localhost"], &[], ""),
        bearward(&["tenant", "serve", "--listen", "localhost:8480"], &[], ""),
    ];
    snapshot("tenant_serve_settings", &outputs.join("\n"));
}

#[test]
fn a_folder_is_served_by_one_tenant_at_a_time() {
    let parent = tempfile::tempdir().unwrap();
    let data = folder(&parent, "data");
    let first = Tenant::start(&["--data", &data]);
    let output = bearward(&[&FREE_PORTS[..], &["--data", &data]].concat(), &[], "");
    assert!(output.starts_with("exit: 2\n"), "{output}");
    assert!(output.contains("error: another tenant is served from "), "{output}");
    assert!(output.contains("hint: end that one"), "{output}");
    assert_eq!(first.end(), "");
    assert_eq!(Tenant::start(&["--data", &data]).end(), "");
}

#[test]
fn a_port_that_is_taken_is_named_and_the_data_stay_untouched() {
    let parent = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("localhost:{}", taken.local_addr().unwrap().port());
    let data = folder(&parent, "data");
    let args = ["tenant", "serve", "--data", &data, "--listen"];
    let first = bearward(&[&args[..], &[&address]].concat(), &[], "");
    let second = [&args[..], &["localhost:0", "--plain-listen", &address]].concat();
    let second = bearward(&second, &[], "");
    snapshot("tenant_serve_taken", &format!("{first}\n{second}"));
    assert!(!Path::new(&data).exists());
}
