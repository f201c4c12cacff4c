use super::*;

type Rule = fn(&Source) -> Vec<Fault>;

/// `file` lies in the library's `src`.
fn check(rule: Rule, file: &str, text: &str, expected: usize) {
    let source = Source::new(&format!("crates/bearward/src/{file}"), text);
    let faults = rule(&source);
    assert_eq!(faults.len(), expected, "{file}: {text}: {faults:?}");
}

#[test]
fn frameworks_are_named_in_the_adapters_only() {
    for text in ["use axum::Router;", "fn f(h: &http::HeaderMap) {}", "use tower_layer::Layer;"] {
        check(frameworks, "requirement.rs", text, 1);
        check(frameworks, "axum/router.rs", text, 0);
        check(frameworks, "tower.rs", text, 0);
    }
    check(frameworks, "axumish.rs", "use axum::Router;", 1);
    check(frameworks, "keys/fetch.rs", "impl tower_service::Service<X> for Y {}", 1);
    check(frameworks, "keys/fetch.rs", "use ::http::Uri;", 1);
}

#[test]
fn module_named_like_a_framework_is_not_the_framework() {
    check(frameworks, "lib.rs", "#[cfg(feature = \"axum\")]\npub mod axum;", 0);
    check(frameworks, "lib.rs", "pub use crate::axum::Router;", 0);
    check(frameworks, "lib.rs", "//! use axum::Router;\nlet a = \"http://x\";", 0);
}

#[test]
fn tokio_is_named_where_a_runtime_is_needed_only() {
    check(tokio, "resource_server.rs", "use tokio::sync::Mutex;", 1);
    check(tokio, "resource_server.rs", "#[cfg(test)]\nmod tests {\n#[tokio::test]\n}", 0);
    check(tokio, "keys/fetch.rs", "use tokio::sync::Mutex;", 0);
    check(tokio, "keys.rs", "use tokio::sync::Mutex;", 0);
}

#[test]
fn cryptography_has_two_files() {
    check(cryptography, "jwk.rs", "use aws_lc_rs::signature;", 1);
    check(cryptography, "signature.rs", "use aws_lc_rs::signature;", 0);
    check(cryptography, "sign.rs", "use aws_lc_rs as crypto;", 0);
    let tenant = Source::new("crates/bearward-tenant/src/keys.rs", "use aws_lc_rs as crypto;");
    assert_eq!(cryptography(&tenant).len(), 1);
}

#[test]
fn counting_has_one_file() {
    check(metrics, "tower/guard.rs", "metrics::counter!(\"a\").increment(1);", 1);
    check(metrics, "tower/guard.rs", "crate::metrics::refused(code);", 0);
    check(metrics, "metrics.rs", "use ::metrics::counter;", 0);
}

#[test]
fn clock_is_read_in_one_file() {
    check(clock, "profile.rs", "let now = std::time::SystemTime::now();", 1);
    check(clock, "profile.rs", "#[cfg(test)]\nmod tests {\nInstant::now();\n}", 1);
    check(clock, "clock.rs", "SystemTime::now()", 0);
}

#[test]
fn challenge_text_is_built_in_one_file() {
    check(challenge_text, "tower/respond.rs", "insert(\"WWW-Authenticate\", x)", 1);
    check(challenge_text, "rejection.rs", "format!(\"error_description={x}\")", 1);
    check(challenge_text, "challenge.rs", "\"www-authenticate\"", 0);
    check(challenge_text, "tower/respond.rs", "insert(header::WWW_AUTHENTICATE, x)", 0);
    check(challenge_text, "tower/respond.rs", "/// The `WWW-Authenticate` header.", 0);
    check(challenge_text, "lib.rs", "#[cfg(test)]\nmod t { fn a() { \"www-authenticate\" } }", 0);
}
