//! `bearward token decode` and the help texts, as a person and a script see them.

use crate::support::{bearward, snapshot};

/// {"alg":"RS256","typ":"JWT","kid":"k1"} and {"iss":...,"exp":1000000000,"scope":"read:messages"}.
const EXPIRED: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0.\
    eyJpc3MiOiJodHRwOi8vbG9jYWxob3N0OjMwMTEvIiwiZXhwIjoxMDAwMDAwMDAwLCJzY29wZSI6InJlYWQ6bWVzc2FnZXMifQ.\
    c2lnbmF0dXJl";

#[test]
fn help_is_whole() {
    snapshot("token_decode_help", &bearward(&["--help"], &[], ""));
    snapshot("token_decode_help_quickstart", &bearward(&["quickstart", "--help"], &[], ""));
    snapshot("tenant_serve_help", &bearward(&["tenant", "serve", "--help"], &[], ""));
    snapshot("tenant_trust_help", &bearward(&["tenant", "trust", "--help"], &[], ""));
    for noun in ["env", "api", "app", "user", "role", "grant", "key"] {
        let help = bearward(&["tenant", noun, "--help"], &[], "");
        snapshot(&format!("tenant_{noun}_help"), &help);
    }
    snapshot("token_decode_help_get", &bearward(&["token", "get", "--help"], &[], ""));
    snapshot("token_decode_help_decode", &bearward(&["token", "decode", "--help"], &[], ""));
    snapshot("token_explain_help", &bearward(&["token", "explain", "--help"], &[], ""));
}

#[test]
fn a_token_is_shown_and_marked_as_not_verified() {
    snapshot("token_decode_decode", &bearward(&["token", "decode", EXPIRED], &[], ""));
    snapshot(
        "token_decode_decode",
        &bearward(&["token", "decode", "-"], &[], &format!("Bearer {EXPIRED}\n")),
    );
    snapshot(
        "token_decode_decode_json",
        &bearward(&["token", "decode", "--json", EXPIRED], &[], ""),
    );
}

#[test]
fn what_is_no_signed_token_is_refused_by_its_wrong_part() {
    let cases = [
        "",
        "opaque",
        "a.b",
        "a.b.c.d.e",
        "e30.e30.c2ln!",
        "e30=.e30.c2ln",
        "e30.W10.c2ln",
        "W10.W10.c2ln",
        "e30.eyJhIjoxLCJhIjoyfQ.c2ln",
        "e30.e30g.c2ln",
        "e30._w.c2ln",
        "\u{1b}[2J.e30.c2ln",
        "e30.eyJcdTAwMWIiOjEsIlx1MDAxYiI6Mn0.c2ln",
        "e30.eyJhXG5iIjoxLCJhXG5iIjoyfQ.c2ln",
    ];
    let outputs: Vec<String> = cases
        .iter()
        .map(|case| format!("{case:?}\n{}", bearward(&["token", "decode", "-"], &[], case)))
        .collect();
    snapshot("token_decode_refused", &outputs.join("\n"));
}
