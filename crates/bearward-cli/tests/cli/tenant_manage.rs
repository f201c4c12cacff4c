//! `bearward tenant api|app|user|role|grant|key`, beside a server and without one.

use std::path::Path;

use serde_json::json;

use crate::folder::{API, Folder, compare, with_an_api};
use crate::support::bearward;

const REPORT: &str = "Nightly report";
const ALICE: &str = "alice@example.com";
const READ: &str = "read:messages";

#[test]
fn apis_are_looked_after() {
    let folder = with_an_api();
    let other = ["api", "create", "other", "--token-dialect", "rfc9068_profile"];
    let more = ["--signing-algorithm", "ES256", "--token-lifetime", "60", "--enforce-policies"];
    compare(
        "tenant_manage_api",
        &[
            folder.run(&[&other[..], &more, &["--allow-offline-access"]].concat()),
            folder.run(&["api", "list"]),
            folder.run(&["api", "permission", "add", API, "write:messages", "--description", "W"]),
            folder.run(&["api", "show", API]),
            folder.run(&["api", "show", "other", "--json"]),
            folder.run(&["api", "permission", "remove", API, "x"]),
            folder.run(&["api", "permission", "remove", API, "x", "--yes"]),
            folder.run(&["api", "permission", "remove", API, "x", "--yes"]),
            folder.run(&["api", "list", "--json"]),
            folder.run(&["api", "delete", API]),
            folder.run(&["api", "delete", API, "--yes"]),
            folder.run(&["api", "delete", API, "--yes"]),
            folder.run(&["api", "delete", "other", "--yes", "--json"]),
            folder.run(&["api", "list"]),
        ],
    );
}

#[test]
fn applications_and_grants_are_looked_after() {
    let folder = with_an_api();
    let grant = |more: &[&str]| {
        let args = ["grant", "create", "--app", REPORT, "--audience", API];
        folder.run(&[&args[..], more].concat())
    };
    compare(
        "tenant_manage_app",
        &[
            folder.run(&["app", "create", REPORT, "--type", "non_interactive"]),
            folder.run(&["app", "create", "Reader", "--type", "spa", "--callback", "nowhere"]),
            folder.run(&[
                "app",
                "create",
                "Reader",
                "--type",
                "spa",
                "--client-id",
                "reader-1",
                "--callback",
                "http://localhost:3010/",
                "--web-origin",
                "http://localhost:3010",
                "--allowed-logout-url",
                "http://localhost:3010/",
                "--third-party",
            ]),
            folder.run(&["app", "list"]),
            grant(&["--scope", "read:letters"]),
            grant(&["--scope", READ, "--scope", "x"]),
            grant(&["--permission", READ]),
            folder.run(&["grant", "list"]),
            folder.run(&["grant", "list", "--json"]),
            folder.run(&["app", "show", REPORT]),
            folder.run(&["app", "show", "reader-1", "--json"]),
            folder.run(&["app", "rotate-secret", REPORT]),
            folder.run(&["app", "rotate-secret", "reader-1"]),
            folder.run(&["grant", "delete", "--app", REPORT, "--audience", API]),
            folder.run(&["grant", "delete", "--app", REPORT, "--audience", API, "--yes"]),
            folder.run(&["grant", "delete", "--app", REPORT, "--audience", API, "--yes"]),
            folder.run(&["app", "delete", REPORT]),
            folder.run(&["app", "delete", REPORT, "--yes"]),
            folder.run(&["app", "show", REPORT]),
        ],
    );
}

#[test]
fn users_and_roles_are_looked_after() {
    let folder = with_an_api();
    let held = ["--audience", API];
    compare(
        "tenant_manage_user",
        &[
            folder.run(&["role", "create", "Reader", "--description", "May read"]),
            folder.run(&[&["role", "permission", "add", "Reader", READ], &held[..]].concat()),
            folder.run(&["user", "create", ALICE, "--name", "Alice", "--email-verified"]),
            folder.run(&["user", "create", ALICE]),
            folder.run_with(&["user", "create", "bob@example.com", "--password-stdin"], "short\n"),
            folder.run_with(&["user", "create", "bob@example.com", "--password-stdin"], ""),
            folder
                .run_with(&["user", "create", "b@example.com", "--password-stdin"], "long enough"),
            folder.run(&["user", "role", "add", ALICE, "Reader"]),
            folder.run(&[&["user", "permission", "add", ALICE, "x"], &held[..]].concat()),
            folder.run(&["user", "show", ALICE]),
            folder.run(&["user", "show", ALICE, "--json"]),
            folder.run(&["user", "set-password", ALICE]),
            folder.run(&["user", "block", ALICE]),
            folder.run(&["user", "list"]),
            folder.run(&["user", "unblock", ALICE]),
            folder.run(&["role", "show", "Reader"]),
            folder.run(&["role", "show", "Reader", "--json"]),
            folder.run(&["role", "list"]),
            folder.run(&[&["user", "permission", "remove", ALICE, "x"], &held[..]].concat()),
            folder.run(&[&["role", "permission", "remove", "Reader", READ], &held[..]].concat()),
            folder.run(&["user", "role", "remove", ALICE, "Reader"]),
            folder.run(&["role", "delete", "Reader"]),
            folder.run(&["role", "delete", "Reader", "--yes"]),
            folder.run(&["user", "delete", ALICE]),
            folder.run(&["user", "delete", ALICE, "--yes"]),
            folder.run(&["user", "delete", ALICE, "--yes"]),
        ],
    );
}

#[test]
fn signing_keys_are_rotated_and_revoked() {
    let folder = with_an_api();
    assert_eq!(folder.json(&["key", "list"]), json!([]));
    let first = folder.json(&["key", "rotate"])[0]["kid"].as_str().unwrap().to_owned();
    let keys = folder.json(&["key", "list"]);
    let with = |role: &str| keys.as_array().unwrap().iter().filter(|k| k[role] == true).count();
    assert_eq!(["previous", "current", "next"].map(with), [1, 1, 1]);
    let second = folder.json(&["key", "rotate"])[0]["kid"].as_str().unwrap().to_owned();
    let refused = folder.run(&["key", "revoke", &second]);
    let asked = folder.run(&["key", "revoke", &first]);
    let done = folder.run(&["key", "revoke", &first, "--yes"]);
    let keys = folder.json(&["key", "list"]);
    let revoked: Vec<_> = keys
        .as_array()
        .unwrap()
        .iter()
        .filter(|k| k["revoked"] == true)
        .map(|k| &k["kid"])
        .collect();
    assert_eq!(revoked, [&json!(first)]);
    compare("tenant_manage_key", &[refused, asked, done, folder.run(&["key", "list"])]);
}

#[test]
fn without_a_folder_there_is_nothing_to_look_after() {
    let folder = Folder::new();
    let nouns = ["api", "app", "user", "role", "grant", "key"];
    let outputs: Vec<_> = nouns.iter().map(|noun| folder.run(&[noun, "list"])).collect();
    assert!(!Path::new(&folder.path()).exists());
    let nowhere = bearward(&["tenant", "api", "list"], &[], "");
    compare("tenant_manage_nowhere", &[outputs.concat(), nowhere]);
}

#[test]
fn a_kid_may_begin_with_a_hyphen() {
    let folder = with_an_api();
    for args in [["revoke", "-0sDYBsjuPKb", "--yes"], ["revoke", "--yes", "-0sDYBsjuPKb"]] {
        let output = folder.run(&[&["key"], &args[..]].concat());
        let refusal =
            "expected the kid of a previous key that is published, found \"-0sDYBsjuPKb\"";
        assert!(output.contains(refusal), "{output}");
    }
    assert!(folder.run(&["key", "revoke", "--help"]).contains("Usage: "));
}

#[test]
fn a_folder_that_cannot_be_looked_into_is_not_called_empty() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output =
        bearward(&["tenant", "api", "list", "--data", file.path().to_str().unwrap()], &[], "");
    assert!(output.starts_with("exit: 2\n") && output.contains("cannot look into"), "{output}");
    assert!(output.contains("hint: name the tenant's folder with --data"), "{output}");
}

/// Asks a running tenant for a token, as a script would.
fn token(issuer: &str, client_id: &str, client_secret: &str, more: &[&str]) -> String {
    let args = ["token", "get", "--issuer", issuer, "--client-id", client_id, "--audience", API];
    bearward(&[&args, more].concat(), &[("BEARWARD_CLIENT_SECRET", client_secret)], "")
}

#[test]
fn a_running_server_sees_a_change_at_once() {
    let folder = with_an_api();
    let (_running, issuer) = folder.serve();
    let created = folder.json(&["app", "create", REPORT, "--type", "non_interactive"]);
    let [id, secret] = ["client_id", "client_secret"].map(|key| created[key].as_str().unwrap());
    let get = |secret: &str| token(&issuer, id, secret, &["--scope", READ]);
    let is_given = |answer: &str| answer.starts_with("exit: 0\n----- stdout\neyJ");
    let refused = |answer: &str| answer.starts_with("exit: 1\n");
    let grant = ["--app", REPORT, "--audience", API];

    assert!(refused(&get(secret)));
    folder.json(&[&["grant", "create"], &grant[..], &["--scope", READ]].concat());
    let answer = get(secret);
    assert!(is_given(&answer), "{answer}");
    folder.json(&["api", "permission", "remove", API, READ, "--yes"]);
    assert!(refused(&get(secret)));
    folder.json(&["api", "permission", "add", API, READ]);
    folder.json(&[&["grant", "create"], &grant[..], &["--scope", READ]].concat());
    assert!(is_given(&get(secret)));
    let new = folder.text(&["app", "rotate-secret", REPORT], "client_secret");
    assert!(refused(&get(secret)) && is_given(&get(&new)));
    folder.json(&[&["grant", "delete", "--yes"], &grant[..]].concat());
    assert!(refused(&get(&new)));
}
