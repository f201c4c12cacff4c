//! What no value can do to a sample, and what each sample does when it is run.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::*;

/// What would end a string, start a variable or an expression, or break a line somewhere.
const NASTY: &[&str] = &[
    "'",
    "\"",
    "\\",
    "\\\\",
    "\\\"",
    "\"+x+\"",
    "'; id; '",
    "$x",
    "${x}",
    "$(id)",
    "`id`",
    "#{x}",
    "\\(x)",
    "\\u0022",
    "%27",
    "%s%n",
    "{{token}}",
    "{{url}}",
    "{x}",
    "??/",
    "a\nb",
    "\r\n",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "é",
    "😀",
    "?>",
    "*/",
    "\\",
];

#[test]
fn languages_stand_in_the_order_of_the_tabs() {
    let ids: Vec<_> = LANGUAGES.iter().map(|language| language.id).collect();
    assert_eq!(ids.join(" "), "curl csharp go java node objective-c php python ruby swift rust");
}

#[test]
fn no_value_leaves_its_string() {
    for language in LANGUAGES {
        for nasty in NASTY {
            let url = format!("http://localhost:3010/a?b={nasty}&c='$`\"\\(x)#{{y}}");
            for url in [url.clone(), url.replace("http:", "https:")] {
                let sample = language.render(&url, nasty);
                check_only_strings_changed(language, &url, &sample);
            }
        }
    }
}

/// Taking the strings out of a sample leaves what is left of the harmless one, character for
/// character.
fn check_only_strings_changed(language: &Language, url: &str, sample: &str) {
    let harmless = language.render(&url[..url.find("?").unwrap()], "abc");
    let (code, strings) = without_strings(language.id, sample);
    assert_eq!(code, without_strings(language.id, &harmless).0, "{}\n{sample}", language.id);
    if language.id != "curl" {
        for string in &strings {
            assert!(string.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{sample}");
        }
    }
    let interpolates = match language.id {
        "php" => Some('$'),
        "ruby" => Some('#'),
        _ => None,
    };
    if let Some(special) = interpolates {
        for string in &strings {
            let plain = string.replace("\\\\", "");
            let escaped = plain.matches(&format!("\\{special}")).count();
            assert_eq!(plain.matches(special).count(), escaped, "{}\n{sample}", language.id);
        }
    }
}

/// The code with empty strings, and the strings. Reads as these languages do: a backslash takes the
/// next character along; the shell knows none inside `'...'`.
fn without_strings(id: &str, sample: &str) -> (String, Vec<String>) {
    let (mut code, mut strings) = (String::new(), Vec::new());
    let mut chars = sample.chars();
    let quote = if id == "curl" { '\'' } else { '"' };
    while let Some(char) = chars.next() {
        if char == '\\' && id == "curl" {
            // Outside of a string it quotes one character; this is how a quote gets into a value.
            let next = chars.next();
            if next != Some('\'') {
                code.extend([Some(char), next].into_iter().flatten());
            }
            continue;
        }
        if char != quote {
            code.push(char);
            continue;
        }
        let mut string = String::new();
        loop {
            match chars.next().expect("a string that ends") {
                char if char == quote => break,
                '\\' if id != "curl" => string.extend(['\\', chars.next().unwrap()]),
                char => string.push(char),
            }
        }
        strings.push(string);
        if !code.ends_with("\u{1}") || id != "curl" {
            code.push('\u{1}');
        }
    }
    (code, strings)
}

#[test]
fn java_gets_no_unicode_escape_below_its_strings() {
    assert_eq!(escape::java("\n\"\\u0022é"), r#"\012\"\\u0022\u00e9"#);
}

#[test]
fn what_a_value_says_is_not_filled_in() {
    let filled = fill("{{a}} {{b}} {{c}} {{", |name| match name {
        "a" => Some("{{b}}".to_owned()),
        "b" => Some("x}}".to_owned()),
        _ => None,
    });
    assert_eq!(filled, "{{b}} x}} {{c}} {{");
}

const GOOD: &str = r#"eyJ0.a'b"c$d`e\f%27#{x}\(y)$(id){{url}}.sig-_"#;
const TOO_LITTLE: &str = "eyJ0.e30.too-little";
const PATH: &str = "/api/private";
const QUERY: &str = r#"q='"$x`id`\\(y)%27&r=$(id)"#;
/// Clients differ in what more they encode, so both are compared decoded.
const QUERY_DECODED: &str = r#"q='"$x`id`\\(y)'&r=$(id)"#;

/// What a guarded API answers: 200, 403 or 401.
async fn answer(uri: Uri, headers: HeaderMap) -> Response {
    let query = percent_decode_str(uri.query().unwrap_or_default()).decode_utf8_lossy();
    if query != QUERY_DECODED {
        return (StatusCode::BAD_REQUEST, format!("another query: {uri}")).into_response();
    }
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let refused = |status, challenge| (status, [(header::WWW_AUTHENTICATE, challenge)], "refused");
    match token.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(GOOD) => "let in".into_response(),
        Some(TOO_LITTLE) => {
            refused(StatusCode::FORBIDDEN, r#"Bearer error="insufficient_scope""#).into_response()
        }
        _ => refused(StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#).into_response(),
    }
}

/// The real toolchains run every sample against an API on loopback. Objective-C and Swift have none
/// on the systems that the tests run on: these two are shown, and never run.
#[test]
fn every_sample_prints_the_status_and_the_body() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, Router::new().route(PATH, get(answer))).await.unwrap();
        });
    });
    let url = format!("http://{address}{PATH}?{QUERY}");
    for (token, status, body) in
        [(GOOD, 200, "let in"), (TOO_LITTLE, 403, "refused"), ("x", 401, "refused")]
    {
        for (language, result) in LANGUAGES.iter().zip(run(&url, token)) {
            assert_eq!(result["id"], language.id);
            let unrun = matches!(language.id, "objective-c" | "swift");
            assert_eq!(result["ran"], !unrun, "{result:#}");
            if !unrun {
                assert_eq!(result["status"], status, "{result:#}");
                let output = result["output"].as_str().unwrap();
                assert!(output.trim_end().ends_with(body), "{result:#}");
            }
        }
    }
}

fn run(url: &str, token: &str) -> Vec<Value> {
    let samples: Vec<_> = LANGUAGES
        .iter()
        .map(|language| {
            let code = language.render(url, token);
            json!({ "id": language.id, "name": language.name, "code": code })
        })
        .collect();
    let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/samples/run.mjs");
    let mut child = Command::new("node")
        .arg(runner)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(Value::from(samples).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
