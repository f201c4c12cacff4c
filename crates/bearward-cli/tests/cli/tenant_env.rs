//! `bearward tenant env`, read by a shell.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::folder::{compare, with_an_api};
use crate::support::{Running, bearward};

/// What a shell sees in a variable after it has read this text.
fn sourced(text: &str, name: &str) -> String {
    let script = format!("set -a\n{text}\nprintf %s \"${name}\"");
    let output = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{script}");
    String::from_utf8(output.stdout).unwrap()
}

/// The standard output of `bearward tenant env` on this folder.
fn env(folder: &str, more: &[&str]) -> String {
    let output = bearward(&[&["tenant", "env", "--data", folder], more].concat(), &[], "");
    assert!(output.starts_with("exit: 0\n"), "{output}");
    let stdout = output.split_once("----- stdout\n").unwrap().1;
    stdout.split_once("----- stderr").unwrap().0.to_owned()
}

#[test]
fn variables_mean_the_same_in_every_format() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("it's a \"$HOME\" `folder`\\n");
    let data = data.to_str().unwrap();
    let audience = "https://api.example.com/$(x) it's \"`y`\" \\z #1 é";
    let seed = parent.path().join("seed.toml");
    let text = format!(
        "[[api]]\nidentifier = '''{audience}'''\nname = 'A'\n[[application]]\nname = 'Report'\n\
         app_type = 'non_interactive'\nclient_id = 'report-1'\n"
    );
    std::fs::write(&seed, text).unwrap();
    let mut running = Running::start(&[
        "tenant",
        "serve",
        "--listen",
        "localhost:0",
        "--plain-listen",
        "localhost:0",
        "--json",
        "--data",
        data,
        "--seed",
        seed.to_str().unwrap(),
    ]);
    let report: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!(report["seed"]["created"], 2);

    let json: Value = serde_json::from_str(&env(data, &["--format", "json"])).unwrap();
    let issuer = report["issuer"].as_str().unwrap();
    let domain = issuer.trim_start_matches("https://").trim_end_matches('/');
    let expected = json!({
        "AUTH0_DOMAIN": domain,
        "AUTH0_AUDIENCE": audience,
        "AUTH0_CLIENT_ID": "report-1",
        "SSL_CERT_FILE": report["bundle"],
        "REQUESTS_CA_BUNDLE": report["bundle"],
        "NODE_EXTRA_CA_CERTS": report["ca"],
    });
    assert_eq!(json, expected);
    for format in ["dotenv", "export"] {
        let text = env(data, &["--format", format]);
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(sourced(&text, name), value.as_str().unwrap(), "{name} in {format}");
        }
    }
    let secret = sourced(&env(data, &["--new-secret"]), "AUTH0_CLIENT_SECRET");
    let ca = report["ca"].as_str().unwrap();
    let args = ["token", "get", "--issuer", issuer, "--ca-file", ca, "--client-id", "report-1"];
    let answer = bearward(
        &[&args[..], &["--audience", audience]].concat(),
        &[("BEARWARD_CLIENT_SECRET", &secret)],
        "",
    );
    // Known, and without a grant for the API: a wrong secret would be told otherwise.
    assert!(answer.contains("is not authorized to access"), "{answer}");
}

#[test]
fn variables_that_are_not_known_are_asked_for() {
    let folder = with_an_api();
    let mut outputs = vec![folder.run(&["env"])];
    drop(folder.serve());
    outputs.push(folder.run(&["env"]));
    outputs.push(folder.run(&["env", "--new-secret"]));
    folder.run(&["app", "create", "Reader", "--type", "spa", "--client-id", "reader-1"]);
    outputs.push(folder.run(&["env"]));
    outputs.push(folder.run(&["env", "--new-secret"]));
    folder.run(&[
        "app",
        "create",
        "Nightly report",
        "--type",
        "regular_web",
        "--client-id",
        "report-1",
    ]);
    outputs.push(folder.run(&["env"]));
    outputs.push(folder.run(&["env", "--app", "report-1"]));
    outputs.push(folder.run(&[
        "env",
        "--app",
        "Nightly report",
        "--new-secret",
        "--format",
        "export",
    ]));
    folder.run(&["api", "create", "other"]);
    outputs.push(folder.run(&["env", "--app", "report-1"]));
    outputs.push(folder.run(&["env", "--app", "report-1", "--audience", "other"]));
    outputs.push(folder.run(&["env", "--app", "nobody", "--audience", "other"]));
    compare("tenant_env", &outputs);
}
