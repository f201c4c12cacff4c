//! `bearward token explain`: what a person is told of each fault.

use std::io::Write as _;

use bearward::Algorithm;
use bearward_testkit::{Mint, Token, keys};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::support::{bearward, snapshot_without};

mod fetched;

const ISSUER: &str = "https://login.example.com/";
const AUDIENCE: &str = "https://api.example.com";
/// Ten minutes after the mint's tokens are issued.
const AT: &str = "2026-01-01T00:10:00Z";

fn mint() -> Mint {
    Mint::new(ISSUER, AUDIENCE)
}

fn token() -> Token {
    mint().token().claim("scope", "read:messages")
}

fn key_file() -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    let keys = [Algorithm::Rs256, Algorithm::Es256].map(keys::signing_key);
    file.write_all(keys::jwks_text(&keys).as_bytes()).unwrap();
    file
}

/// Explains a token to an API of these settings, with fixed keys, as of [`AT`].
fn explain_for(issuer: &str, audience: &str, token: &str, more: &[&str]) -> String {
    let keys = key_file();
    let keys = keys.path().to_str().unwrap();
    let mut args = vec!["token", "explain", token, "--issuer", issuer, "--audience", audience];
    args.extend(["--jwks-file", keys]);
    if !more.contains(&"--at") {
        args.extend(["--at", AT]);
    }
    args.extend(more);
    bearward(&args, &[], "")
}

fn explain(token: &str, more: &[&str]) -> String {
    explain_for(ISSUER, AUDIENCE, token, more)
}

/// Compares the outputs for several faults, each under its name.
fn snapshots(name: &str, faults: &[(&str, String)]) {
    snapshots_without(&[], name, faults);
}

fn snapshots_without(volatile: &[(&str, &str)], name: &str, faults: &[(&str, String)]) {
    let all: Vec<String> =
        faults.iter().map(|(fault, told)| format!("# {fault}\n{told}")).collect();
    snapshot_without(volatile, &format!("token_explain_{name}"), &all.join("\n"));
}

#[test]
fn a_good_token_is_told_with_what_it_passed() {
    let token = token().sign();
    snapshots(
        "accepted",
        &[
            ("accepted", explain(&token, &["--require", "read:messages"])),
            ("as JSON", explain(&token, &["--json"])),
        ],
    );
}

#[test]
fn what_is_around_a_token_is_told() {
    let token = token().sign();
    let (start, end) = token.split_at(40);
    snapshots(
        "around",
        &[
            ("in quotes", explain(&format!("\"{token}\""), &[])),
            ("with the word Bearer", explain(&format!("Bearer {token}"), &[])),
            ("in two lines", explain(&format!("{start}\n{end}"), &[])),
            ("with the word Bearer, and expired", {
                explain(&format!("Bearer {token}"), &["--at", "2026-01-02T00:00:00Z"])
            }),
            ("the whole answer", explain(&format!("{{\"access_token\":\"{token}\"}}"), &[])),
            ("a whole header line", explain(&format!("Authorization: Bearer {token}"), &[])),
            ("a variable", explain("{{access token}}", &[])),
            ("empty", explain("", &[])),
        ],
    );
}

#[test]
fn what_is_no_signed_token_is_told() {
    let token = token().sign();
    let (two_parts, _) = token.rsplit_once('.').unwrap();
    let auth0 = |token| explain(token, &["--profile", "auth0"]);
    snapshots(
        "form",
        &[
            ("opaque", explain("7f3a9c", &[])),
            ("opaque, from Auth0", auth0("7f3a9c")),
            ("encrypted", explain("e30.a.b.c.d", &[])),
            ("encrypted, from Auth0", auth0("e30.a.b.c.d")),
            ("cut off", explain(two_parts, &[])),
            ("shortened", explain("eyJhbGciOi...", &[])),
            ("the word undefined", explain("undefined", &[])),
            ("padded", explain(&format!("{token}=="), &[])),
            ("longer than is read", explain(&"a".repeat(20_000), &[])),
        ],
    );
}

#[test]
fn an_algorithm_that_is_not_taken_is_told() {
    snapshots(
        "algorithm",
        &[
            ("HS256", explain(&token().header("alg", "HS256").with_signature("AAAA"), &[])),
            ("HS256, from Auth0", {
                let token = token().header("alg", "HS256").with_signature("AAAA");
                explain(&token, &["--profile", "auth0"])
            }),
            ("HS512, a refresh token of Keycloak", {
                let token = token().header("alg", "HS512").claim("typ", "Refresh");
                explain(&token.with_signature("AAAA"), &["--profile", "keycloak"])
            }),
            (
                "in small letters",
                explain(&token().header("alg", "rs256").with_signature("AA"), &[]),
            ),
            ("to encrypt", explain(&token().header("alg", "RSA-OAEP").with_signature("AA"), &[])),
            ("none", explain(&token().header("alg", "none").with_signature(""), &[])),
            ("typ of a proof", explain(&token().header("typ", "dpop+jwt").sign(), &[])),
            ("typ of another profile", {
                explain(&token().header("typ", "JWT").sign(), &["--profile", "rfc9068"])
            }),
        ],
    );
}

#[test]
fn keys_that_do_not_fit_are_told() {
    let signed = token().sign();
    let changed = token().claim("sub", "mallory").sign();
    let (changed, _) = changed.rsplit_once('.').unwrap();
    let (_, signature) = signed.rsplit_once('.').unwrap();
    snapshots(
        "keys",
        &[
            ("unknown key", explain(&token().key(keys::stranger()).sign(), &[])),
            ("unknown key of another tenant", {
                let mint = Mint::new("https://other.example.com/", AUDIENCE);
                explain(&mint.with_key(keys::stranger()).token().sign(), &[])
            }),
            ("changed", explain(&format!("{changed}.{signature}"), &[])),
            ("signature cut", explain(signed.get(..signed.len() - 40).unwrap(), &[])),
            ("no signature", explain(&token().with_signature(""), &[])),
            ("ES256, signature cut", {
                let token = token().header("alg", "ES256").header("kid", "es256");
                explain(&token.with_signature("AAAA"), &[])
            }),
            ("no kid, and no key for it", {
                explain(
                    &token().header("alg", "EdDSA").without_header("kid").with_signature("AA"),
                    &[],
                )
            }),
            ("for Microsoft Graph", {
                explain(&token().header("nonce", "x").with_signature(signature), &[])
            }),
        ],
    );
}

#[test]
fn another_issuer_is_told_by_what_differs() {
    let of = |issuer: &str, expected: &str| {
        explain_for(expected, AUDIENCE, &Mint::new(issuer, AUDIENCE).token().sign(), &[])
    };
    snapshots(
        "issuer",
        &[
            ("a slash less", of("https://login.example.com", ISSUER)),
            ("a slash more", of(ISSUER, "https://login.example.com")),
            ("capital letters", of("https://Login.example.com/", ISSUER)),
            ("http", of("http://login.example.com/", ISSUER)),
            ("another port", of("https://login.example.com:8443/", ISSUER)),
            ("inside a container", {
                of("http://keycloak:8080/realms/shop", "http://localhost:8080/realms/shop")
            }),
            ("another realm", {
                of("https://id.example.com/realms/a", "https://id.example.com/realms/b")
            }),
            ("another tenant", of("https://a.eu.auth0.com/", "https://b.eu.auth0.com/")),
            ("a custom domain of Auth0", of("https://a.eu.auth0.com/", "https://id.example.com/")),
            ("Okta's own server", {
                of("https://dev-1.okta.com", "https://dev-1.okta.com/oauth2/default")
            }),
            ("inside a container, by https", {
                of("https://keycloak:8443/realms/shop", "https://id.example.com/realms/shop")
            }),
            ("the other version of Entra ID", {
                of("https://sts.windows.net/T/", "https://login.microsoftonline.com/T/v2.0")
            }),
            ("the address of its metadata", {
                of(ISSUER, "https://login.example.com/.well-known/openid-configuration")
            }),
            (
                "the server alone",
                of("https://id.example.com/realms/shop", "https://id.example.com/"),
            ),
            ("https, on this machine", of("http://localhost:8080/", "https://localhost:8080/")),
            ("https, and another port", of("http://localhost:8080/", "https://localhost/")),
            ("a stranger", of("https://issuer.example.net/", ISSUER)),
        ],
    );
}

#[test]
fn another_audience_is_told_by_what_it_is() {
    let of = |audience: serde_json::Value| explain(&token().claim("aud", audience).sign(), &[]);
    snapshots(
        "audience",
        &[
            ("a slash more", of(json!("https://api.example.com/"))),
            ("http", of(json!("http://api.example.com"))),
            ("the client itself", of(json!("my-app"))),
            ("userinfo", of(json!(["https://login.example.com/userinfo"]))),
            ("another API, and userinfo", {
                of(json!(["https://shop.example.com", "https://login.example.com/userinfo"]))
            }),
            ("Auth0's Management API", of(json!("https://login.example.com/api/v2/"))),
            ("a client of Cognito", {
                let token =
                    token().without("aud").without_header("typ").claim("token_use", "access");
                explain(&token.sign(), &["--profile", "cognito"])
            }),
            ("Keycloak's account", of(json!("account"))),
            ("another API, and account", of(json!(["account", "shop"]))),
            ("Microsoft Graph", of(json!("00000003-0000-0000-c000-000000000000"))),
            ("another API", of(json!(["https://shop.example.com", "https://b.example.com"]))),
        ],
    );
}

#[test]
fn times_that_do_not_fit_are_told() {
    let token = token();
    let signed = token.sign();
    snapshots(
        "time",
        &[
            ("expired 3 minutes ago", explain(&signed, &["--at", "2026-01-01T01:03:00Z"])),
            ("expired, and issued a moment ago", {
                explain(
                    &token.clone().claim("exp", 1_767_225_660).sign(),
                    &["--at", "2026-01-01T00:07:00Z"],
                )
            }),
            ("a clock off by 7 minutes", explain(&signed, &["--at", "2025-12-31T23:53:00Z"])),
            ("not before", explain(&token.clone().claim("nbf", 1_767_229_200).sign(), &[])),
            (
                "milliseconds",
                explain(&token.clone().claim("exp", 1_767_229_200_000_u64).sign(), &[]),
            ),
            ("a time as text", explain(&token.clone().claim("exp", "1767229200").sign(), &[])),
        ],
    );
}

#[test]
fn another_kind_of_token_is_told() {
    let token = token();
    snapshots(
        "kind",
        &[
            ("ID token", {
                explain(&token.clone().claim("nonce", "n").claim("aud", "my-app").sign(), &[])
            }),
            ("refresh token", {
                let token = token.clone().claim("typ", "Refresh").without_header("typ");
                explain(&token.header("typ", "JWT").sign(), &["--profile", "keycloak"])
            }),
            ("logout token", explain(&token.clone().claim("events", json!({})).sign(), &[])),
            (
                "bound by DPoP",
                explain(&token.clone().claim("cnf", json!({"jkt": "x"})).sign(), &[]),
            ),
            ("bound to a certificate", {
                explain(&token.clone().claim("cnf", json!({"x5t#S256": "x"})).sign(), &[])
            }),
            ("a claim less than the profile wants", {
                explain(&token.clone().without("jti").sign(), &["--profile", "rfc9068"])
            }),
            ("no expiry", explain(&token.clone().without("exp").sign(), &[])),
            ("no audience", explain(&token.clone().without("aud").sign(), &[])),
        ],
    );
}

#[test]
fn what_was_not_granted_is_told() {
    let with = |name: &str, value: serde_json::Value| token().claim(name, value).sign();
    let read = &["--require", "read:messages"];
    snapshots(
        "grant",
        &[
            ("another scope", explain(&with("scope", json!("write:messages")), read)),
            ("no scope", explain(&token().without("scope").sign(), read)),
            ("a permission in place of a scope", {
                explain(
                    &token().without("scope").claim("permissions", json!(["read:messages"])).sign(),
                    read,
                )
            }),
            ("a scope in place of a permission", {
                explain(&token().sign(), &["--permission", "read:messages"])
            }),
            ("capital letters", explain(&with("scope", json!("Read:Messages")), read)),
            (
                "a longer name",
                explain(
                    &with("scp", json!(["api://shop/Messages.Read"])),
                    &["--require", "Messages.Read", "--require", "read:messages"],
                ),
            ),
            ("one of two scopes", {
                explain(
                    &with("scope", json!("read:messages")),
                    &["--require", "read:messages", "--require", "write:messages"],
                )
            }),
            ("a permission, granted", {
                let token = token().claim("permissions", json!(["read:messages"]));
                explain(&token.sign(), &["--permission", "read:messages"])
            }),
            ("scopes of the login", explain(&with("scope", json!("openid profile")), read)),
        ],
    );
}

#[test]
fn each_line_gets_a_verdict() {
    let keys = key_file();
    let keys = keys.path().to_str().unwrap();
    let ask = |stdin: &str, more: &[&str]| {
        let args = ["token", "explain", "-", "--issuer", ISSUER, "--audience", AUDIENCE];
        let args = [&args[..], &["--jwks-file", keys, "--at", AT], more].concat();
        bearward(&args, &[], stdin)
    };
    let good = token().sign();
    let long = "a".repeat(1024 * 1024);
    let lines = format!("{good}\n7f3a9c\r\n\n{}\n", token().claim("aud", "b\n").sign());
    snapshots(
        "lines",
        &[
            ("four tokens", ask(&lines, &[])),
            ("four tokens as JSON", ask(&lines, &["--json"])),
            ("one good token, no line break", ask(&good, &[])),
            ("nothing", ask("", &[])),
            ("a long line between", ask(&format!("{long}\n{good}\n"), &[])),
            ("a long line at the end", ask(&format!("{good}\n{long}"), &[])),
        ],
    );
}

#[test]
fn settings_that_cannot_work_are_trouble() {
    let base = ["token", "explain", "a.b.c", "--issuer", ISSUER, "--audience", AUDIENCE];
    let ask = |more: &[&str]| bearward(&[&base, more].concat(), &[], "");
    let token = |token: &str, issuer: &str| {
        let args = ["token", "explain", token, "--issuer", issuer, "--audience", AUDIENCE];
        bearward(&args, &[], "")
    };
    snapshots(
        "trouble",
        &[
            ("no issuer", bearward(&["token", "explain", "a.b.c"], &[], "")),
            ("no audience", bearward(&base[..5], &[], "")),
            ("no such profile", ask(&["--profile", "auth1"])),
            ("no such file", ask(&["--jwks-file", "missing.json"])),
            ("two words", ask(&["--require", "a b"])),
            ("too much skew", ask(&["--skew", "301"])),
            ("no time", ask(&["--at", "yesterday"])),
            ("a file for a token", token("Cargo.toml", ISSUER)),
            ("a file behind an @", token("@src/main.rs", ISSUER)),
            ("an @ and no file", token("@a.b.c", ISSUER)),
            ("an issuer on this machine without a scheme", token("a.b.c", "localhost:3011")),
            ("an issuer without a scheme", token("a.b.c", "id.example.com/realms/shop")),
            ("no issuer at all", token("a.b.c", "the issuer")),
        ],
    );
}
