//! Settings that cannot work are refused when they are made, each beside a twin that works.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::sign::SigningKey;
use bearward::{Algorithm, ConfigError, Issuer, JwkSet, Profile, Requirement, ResourceServer};
use bearward_testkit::keys;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    hostile: Vec<String>,
    name: String,
    setting: String,
    accepted: String,
    refused: String,
}

const ISSUER: &str = "https://issuer.example/";

/// The name of the setting that was refused, if one was.
fn refused(setting: &str, value: &str) -> Option<String> {
    set(setting, value).err().map(|error| error.setting().to_owned())
}

fn set(setting: &str, value: &str) -> Result<(), ConfigError> {
    let issuer = Issuer::new(ISSUER)?;
    match setting {
        "issuer" => Issuer::new(value).map(drop),
        "domain" => Issuer::auth0(value).map(drop),
        "jwks_uri" => issuer.jwks_uri(value).map(drop),
        "audience" => ResourceServer::new(issuer, value).map(drop),
        "skew" => {
            // A duration holds neither what is negative nor what is no number.
            let skew = Duration::from_secs(value.parse().unwrap());
            ResourceServer::new(issuer, "api")?.skew(skew).map(drop)
        }
        "algorithms" => issuer.algorithms(Algorithm::from_name(value)).map(drop),
        "profile" => Profile::from_name(value).map(drop),
        "scope" => Requirement::scope(value.to_owned()).map(drop),
        "jwks" => {
            let rs256 = keys::jwks_text(&[keys::signing_key(Algorithm::Rs256)]);
            let text = value.replace("{rs256}", &rs256);
            issuer.jwks(JwkSet::parse(text.as_bytes()).unwrap()).map(drop)
        }
        other => panic!("there is no setting {other}"),
    }
}

#[test]
fn settings_that_cannot_work_are_refused_when_they_are_made() {
    let text = include_str!("../../bearward-testkit/vectors/rules/config.json");
    let rows: Vec<Row> = serde_json::from_str(text).unwrap();
    for Row { rules, hostile, name, setting, accepted, refused: bad } in rows {
        let name = format!("{rules:?} {hostile:?} {name}");
        assert_eq!(refused(&setting, &accepted), None, "{name}: the accepted twin");
        assert_eq!(refused(&setting, &bad).as_deref(), Some(setting.as_str()), "{name}");
    }
}

/// RFC 8410 section 7: a private key with its public key behind it.
#[test]
fn b101_an_own_ed25519_key_whose_halves_disagree_is_refused() {
    let load = |key: &str| {
        SigningKey::from_pkcs8(Algorithm::Ed25519, &URL_SAFE_NO_PAD.decode(key).unwrap())
    };
    let both_halves = "MFECAQEwBQYDK2VwBCIEIGY8N-a8yFbsD8o_ym2SmkRsdtIxexKIqJRv3Bs96VJZgSEAys1QEK8bOYHX1NssXtbq-lNH_xcsaqUdsu267VUDBxQ";
    let another_public_half = "MFECAQEwBQYDK2VwBCIEIGY8N-a8yFbsD8o_ym2SmkRsdtIxexKIqJRv3Bs96VJZgSEA4glodcJooJk_IPpLZuFf9lHp5VzSwI37sk4fQHnBRbo";
    assert!(load(both_halves).is_ok());
    assert!(load(another_public_half).is_err());
}

/// In a process of its own: where CA certificates are looked for is told by its environment.
#[cfg(target_os = "linux")]
#[allow(clippy::disallowed_methods, reason = "the process must know which of the two it is")]
#[test]
fn without_ca_certificates_only_an_issuer_that_needs_tls_is_refused() {
    const NAME: &str = "without_ca_certificates_only_an_issuer_that_needs_tls_is_refused";
    if std::env::var_os("SSL_CERT_DIR").is_some_and(|place| place == "/nonexistent") {
        assert!(ResourceServer::new("http://localhost:1/", "api").is_ok());
        assert_eq!(ResourceServer::new(ISSUER, "api").unwrap_err().setting(), "ca_file");
        return;
    }
    assert!(ResourceServer::new(ISSUER, "api").is_ok());
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME])
        .envs([("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/nonexistent")])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}
