//! Call my API: what is called, what is not, and what the answer is said to mean.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::administrator::Administrator;
use crate::dashboard::Page;
use crate::served::{MESSAGES, serve, serve_in_development};

/// An API that gives one answer to everybody, and tells what it was sent.
struct Api {
    address: String,
    requests: mpsc::UnboundedReceiver<String>,
}

impl Api {
    async fn answering(answer: &str) -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let answer = answer.to_owned();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                sender.send(String::from_utf8(head).unwrap()).unwrap();
                // The other side may have read enough.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Api { address, requests }
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

async fn call(administrator: &Administrator, target: &str) -> Page {
    let api = administrator.served.tenant.api(MESSAGES).await.unwrap();
    let client_id = administrator.served.application.client_id.as_str();
    let fields = [("application", client_id), ("scope", "read:messages")];
    let page = administrator.post(&format!("/apis/{}/test", api.id), &fields).await;
    let call = [
        ("application", client_id),
        ("scope", "read:messages"),
        ("token", page.field("token")),
        ("target", target),
    ];
    administrator.post(&format!("/apis/{}/test/call", api.id), &call).await
}

#[tokio::test]
async fn the_answer_is_shown_with_what_it_means() {
    let administrator = Administrator::of(serve_in_development().await).await;
    let insufficient = |scope: &str| {
        let bearer = format!("Bearer realm=\"a\", error=\"insufficient_scope\", scope=\"{scope}\"");
        answer("403 Forbidden", &format!("WWW-Authenticate: {bearer}\r\n"), "")
    };
    let invalid =
        "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"expired\"\r\n";
    for (answer, means, reason) in [
        (answer("200 OK", "", "{\"a\":1}"), "The API took the token.", None),
        (
            answer("401 Unauthorized", invalid, ""),
            "The API does not take this token (expired).",
            Some("api_invalid_token"),
        ),
        (
            answer("401 Unauthorized", "WWW-Authenticate: Bearer\r\n", ""),
            "The API saw no token that it could use.",
            Some("api_unauthorized"),
        ),
        (
            insufficient("delete:messages"),
            "The token is good, but it has no delete:messages.",
            Some("api_insufficient_scope"),
        ),
        (
            insufficient("read:messages"),
            "The API knows the token and refuses it",
            Some("api_forbidden"),
        ),
        (answer("404 Not Found", "", ""), "The API has no such route.", Some("api_not_found")),
        (
            answer("503 Service Unavailable", "", ""),
            "The API cannot judge tokens now.",
            Some("api_unavailable"),
        ),
        (answer("500 Oops", "", ""), "The API failed", Some("api_failed")),
    ] {
        let mut api = Api::answering(&answer).await;
        let page = call(&administrator, &format!("{}/api?q=secret", api.address)).await;
        assert_eq!(page.status, 200, "{answer}");
        assert!(page.body.contains(means), "{means}: {}", page.body);
        let request = api.requests.recv().await.unwrap();
        assert!(request.starts_with("GET /api?q=secret HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("\r\nauthorization: Bearer ey"), "{request}");
        assert!(!request.to_lowercase().contains("cookie"), "{request}");
        let entries = administrator.served.tenant.activity(None, 1).await.unwrap();
        assert_eq!((&*entries[0].event, entries[0].reason.as_deref()), ("api_call", reason));
        assert!(!entries[0].detail.contains("secret"), "{}", entries[0].detail);
    }
}

#[tokio::test]
async fn a_token_that_is_too_weak_shows_the_mend() {
    let administrator = Administrator::of(serve_in_development().await).await;
    for (scope, step) in [
        ("delete:messages", "Grant it to Nightly report"),
        ("write:messages", "Tick it above and get another token."),
    ] {
        let header =
            format!("WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"{scope}\"\r\n");
        let api = Api::answering(&answer("403 Forbidden", &header, "")).await;
        let page = call(&administrator, &api.address).await;
        let failed = page.body.split_once("<li class=\"failed\">").unwrap().1;
        assert!(failed.split_once("</li>").unwrap().0.contains(step), "{failed}");
    }
}

#[tokio::test]
async fn as_47_only_this_machine_is_called() {
    let administrator = Administrator::of(serve_in_development().await).await;
    for target in [
        "http://192.0.2.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0:3010/",
        "http://tenant.example/",
        "http://localhost.example/",
        "http://user:password@localhost/",
        "file:///etc/passwd",
        "gopher://localhost/",
        "localhost:3010",
    ] {
        let page = call(&administrator, target).await;
        assert_eq!(page.status, 400, "{target}");
        assert!(page.body.contains("class=\"fault\"") && !page.body.contains("class=\"answer\""));
    }
}

#[tokio::test]
async fn a_redirect_is_shown_and_not_followed() {
    let administrator = Administrator::of(serve_in_development().await).await;
    let mut beyond = Api::answering(&answer("200 OK", "", "")).await;
    let location = format!("Location: {}/beyond\r\n", beyond.address);
    let api = Api::answering(&answer("302 Found", &location, "")).await;
    let page = call(&administrator, &api.address).await;
    assert!(page.body.contains("It was not followed."), "{}", page.body);
    assert!(beyond.requests.try_recv().is_err());
}

#[tokio::test]
async fn of_a_body_4_kib_are_shown() {
    let administrator = Administrator::of(serve_in_development().await).await;
    let body = format!("{}<script>alert(1)</script>{}", "a".repeat(4_000), "b".repeat(100_000));
    let api = Api::answering(&answer("200 OK", "", &body)).await;
    let page = call(&administrator, &api.address).await;
    let shown = page.body.split_once("aria-label=\"Body of the answer\">").unwrap().1;
    let shown = shown.split_once("</pre>").unwrap().0;
    assert_eq!(shown.matches('b').count(), 4_096 - 4_000 - 25, "{shown}");
    assert!(shown.contains("&#60;script&#62;alert") && shown.contains("4 KiB are"), "{shown}");
}

#[tokio::test]
async fn where_nothing_listens_the_page_says_so() {
    let administrator = Administrator::of(serve_in_development().await).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let page = call(&administrator, &format!("http://{free}/")).await;
    assert!(page.body.contains("start your API"), "{}", page.body);
    let entries = administrator.served.tenant.activity(None, 1).await.unwrap();
    assert_eq!(entries[0].reason.as_deref(), Some("api_unreachable"));
}

#[tokio::test]
async fn out_of_development_nothing_is_called() {
    let administrator = Administrator::of(serve().await).await;
    let mut api = Api::answering(&answer("200 OK", "", "")).await;
    let page = call(&administrator, &api.address).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("not in development mode"), "{}", page.body);
    assert!(!page.body.contains("test/call"), "{}", page.body);
    assert!(api.requests.try_recv().is_err());
}
