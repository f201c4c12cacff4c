//! Who may ask: the rows differ from a granted request in one thing.

use serde_json::json;

use crate::served::{GOOD, Served, machine, serve};

const WITHOUT_CLIENT: &str = "grant_type=client_credentials&audience=http%3A%2F%2Flocalhost%3A3010";

async fn check(served: &Served, basic: Option<&str>, form: &str, expected: (u16, &str)) {
    let header = basic.map(|credentials| served.basic(credentials));
    let headers: Vec<&str> = header.as_deref().into_iter().collect();
    let answer = served.post_form(&headers, form).await;
    assert_eq!(answer.error(), (expected.0, expected.1.into()), "{basic:?} {form}");
}

#[tokio::test]
async fn the_secret_comes_in_the_body_or_by_basic() {
    let served = serve().await;
    check(&served, None, GOOD, (200, "")).await;
    let encoded = format!("{}:$secret", percent_encoded(&served.application.client_id));
    for credentials in ["$id:$secret", &encoded] {
        check(&served, Some(credentials), WITHOUT_CLIENT, (200, "")).await;
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_get_the_same_answer() {
    let served = serve().await;
    let body = json!({ "error": "access_denied", "error_description": "Unauthorized" });
    for form in [
        "&client_id=nobody&client_secret=$secret",
        "&client_id=$id&client_secret=wrong",
        "&client_id=$id&client_secret=$secretx",
        "&client_id=$id",
        "&client_secret=$secret",
        "&client_id=$public&client_secret=$secret",
        "",
        "&client_id=$id&client_assertion=a.b.c",
    ] {
        let answer = served.post_form(&[], &format!("{WITHOUT_CLIENT}{form}")).await;
        assert_eq!((answer.status, answer.json()), (401, body.clone()), "{form}");
    }
}

#[tokio::test]
async fn a_stranger_learns_nothing_about_the_rest_of_the_request() {
    let served = serve().await;
    for form in [
        "client_id=$id&client_secret=wrong",
        "client_id=$id&client_secret=wrong&grant_type=password",
        "client_id=$id&client_secret=wrong&grant_type=client_credentials&audience=unknown",
    ] {
        check(&served, None, form, (401, "access_denied")).await;
    }
}

#[tokio::test]
async fn as_20_failed_basic_is_401_with_a_challenge() {
    let served = serve().await;
    let headers = ["$id:wrong", "nobody:$secret", "$id:", "$id", ":", "\u{1}"]
        .map(|credentials| served.basic(credentials))
        .into_iter()
        .chain(["Authorization: Basic !!".to_owned(), "Authorization: Bearer abc".to_owned()]);
    for header in headers {
        let answer = served.post_form(&[&header], WITHOUT_CLIENT).await;
        assert_eq!(answer.error(), (401, "access_denied".into()), "{header}");
        assert_eq!(
            answer.header("www-authenticate"),
            Some(r#"Basic realm="oauth/token""#),
            "{header}"
        );
    }
}

#[tokio::test]
async fn as_21_one_way_to_authenticate_per_request() {
    let served = serve().await;
    for (form, expected) in [
        ("", (200, "")),
        ("&client_id=$id", (200, "")), // golang.org/x/oauth2 sends both
        ("&client_id=$id&client_secret=", (200, "")),
        ("&client_id=nobody", (400, "invalid_request")),
        ("&client_secret=$secret", (400, "invalid_request")),
        ("&client_id=$id&client_secret=$secret", (400, "invalid_request")),
        ("&client_assertion=a.b.c", (400, "invalid_request")),
    ] {
        check(&served, Some("$id:$secret"), &format!("{WITHOUT_CLIENT}{form}"), expected).await;
    }
    let both = format!("{GOOD}&client_assertion=a.b.c");
    check(&served, None, &both, (400, "invalid_request")).await;
    let basic = served.basic("$id:$secret");
    let answer = served.post_form(&[&basic, &basic], WITHOUT_CLIENT).await;
    assert_eq!(answer.error(), (400, "invalid_request".into()));
}

#[tokio::test]
async fn as_22_a_secret_in_the_uri_is_refused() {
    let served = serve().await;
    let form = "Content-Type: application/x-www-form-urlencoded";
    for (query, expected) in [
        ("", (200, "")),
        ("?unknown=1&client_secret_hint=2", (200, "")),
        ("?client_id=$id", (200, "")),
        ("?client_id=$id&client_secret=$secret", (400, "invalid_request")),
        ("?client%5Fsecret=$secret", (400, "invalid_request")),
        ("?client_secret", (400, "invalid_request")),
        ("?client_assertion=a.b.c", (400, "invalid_request")),
    ] {
        let line = served.fill(&format!("POST /oauth/token{query}"));
        let answer = served.send(&line, &[form], served.fill(GOOD).as_bytes()).await;
        assert_eq!(answer.error(), (expected.0, expected.1.into()), "{query}");
        assert!(!answer.body.contains(served.application.client_secret.expose()));
    }
    // Parameters are taken from the body alone.
    let line = served.fill("POST /oauth/token?client_id=$id");
    let answer = served.send(&line, &[form], WITHOUT_CLIENT.as_bytes()).await;
    assert_eq!(answer.error(), (401, "access_denied".into()));
}

#[tokio::test]
async fn as_24_client_credentials_are_for_confidential_clients() {
    let served = serve().await;
    let answer = served.post_form(&[], &format!("{WITHOUT_CLIENT}&client_id=$public")).await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.json(),
        json!({
            "error": "unauthorized_client",
            "error_description": "Grant type 'client_credentials' not allowed for the client.",
            "error_uri": "https://auth0.com/docs/clients/client-grant-types",
        })
    );
}

#[tokio::test]
async fn as_18_ids_and_secrets_are_long_and_the_secret_is_shown_once() {
    let served = serve().await;
    let application = &served.application;
    assert_eq!(application.client_id.len(), 32);
    assert_eq!(application.client_secret.expose().len(), 64);
    let other = machine(&served.tenant, "Other").await;
    assert_ne!(other.client_id, application.client_id);
    assert_ne!(other.client_secret.expose(), application.client_secret.expose());
    for debug in [format!("{application:?}"), format!("{:?}", served.tenant)] {
        assert!(!debug.contains(application.client_secret.expose()));
    }
}
