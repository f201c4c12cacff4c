//! What the issuer is asked, and what of its answers is taken: by the bytes on the wire.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;

use super::*;

/// Answers one connection with each of these texts, and gives what was asked on it.
async fn answers(texts: Vec<String>) -> (Fetcher, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/jwks", listener.local_addr().unwrap());
    let issuer = Issuer::new("https://issuer.example/").unwrap().jwks_uri(&uri).unwrap();
    (fetcher(&issuer, &Names::default()), serve(listener, texts))
}

pub(super) fn serve(listener: TcpListener, texts: Vec<String>) -> JoinHandle<Vec<String>> {
    tokio::spawn(async move {
        let mut asked = Vec::new();
        for text in texts {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(text.as_bytes()).await.unwrap();
            asked.push(String::from_utf8(request).unwrap().to_ascii_lowercase());
        }
        asked
    })
}

fn ok(headers: &str) -> String {
    let body = bearward_testkit::keys::jwks_text(&[bearward_testkit::keys::stranger()]);
    whole(headers, &body)
}

pub(super) fn ok_with(body: &str) -> String {
    whole("", body)
}

fn whole(headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

fn not_modified(headers: &str) -> String {
    format!("HTTP/1.1 304 Not Modified\r\n{headers}\r\n")
}

#[tokio::test]
async fn an_entity_tag_is_sent_back_and_304_says_that_the_set_is_the_same() {
    for tag in ["\"v1\"", "W/\"v1\""] {
        let first = ok(&format!("ETag: {tag}\r\n"));
        let second = not_modified("Cache-Control: max-age=1234\r\n");
        let (fetcher, asked) = answers(vec![first, second]).await;
        let validator = fetcher.fetch(None).await.unwrap().set.unwrap().validator;
        let fetched = fetcher.fetch(validator.as_ref()).await.unwrap();
        assert!(fetched.set.is_none());
        assert_eq!(fetched.max_age, Some(Duration::from_secs(1234)));
        let asked = asked.await.unwrap();
        assert!(!asked[0].contains("if-none-match"), "{}", asked[0]);
        let header = format!("\r\nif-none-match: {}\r\n", tag.to_ascii_lowercase());
        assert!(asked[1].contains(&header), "{}", asked[1]);
    }
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_a_failed_fetch() {
    let (fetcher, asked) = answers(vec![not_modified("")]).await;
    let failed = error(&fetcher).await;
    assert!(failed.ends_with("expected status 200, found 304"), "{failed}");
    asked.await.unwrap();
}

#[tokio::test]
async fn an_entity_tag_goes_to_no_other_address() {
    let (fetcher, asked) = answers(vec![ok("")]).await;
    let uri = Url::parse("https://issuer.example/elsewhere").unwrap();
    let validator = Validator { uri, etag: HeaderValue::from_static("\"v1\"") };
    assert!(fetcher.fetch(Some(&validator)).await.unwrap().set.is_some());
    let asked = asked.await.unwrap();
    assert!(!asked[0].contains("if-none-match"), "{}", asked[0]);
}

#[tokio::test]
async fn an_entity_tag_of_unreasonable_length_is_not_kept() {
    for (length, kept) in [(254, true), (255, false)] {
        let header = format!("ETag: \"{}\"\r\n", "e".repeat(length));
        let (fetcher, asked) = answers(vec![ok(&header)]).await;
        let set = fetcher.fetch(None).await.unwrap().set.unwrap();
        assert_eq!(set.validator.is_some(), kept, "{length} and its quotes");
        asked.await.unwrap();
    }
}

#[tokio::test]
async fn an_encoded_answer_is_not_decoded() {
    for (header, taken) in [
        ("", true),
        ("Content-Encoding: identity\r\n", true),
        ("Content-Encoding: gzip\r\n", false),
        ("Content-Encoding: br\r\n", false),
        ("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n", false),
    ] {
        let (fetcher, asked) = answers(vec![ok(header)]).await;
        let fetched = fetcher.fetch(None).await;
        assert_eq!(fetched.is_ok(), taken, "{header}");
        if let Err(error) = fetched {
            let error = error.to_string();
            assert!(error.contains("expected no content-encoding, found"), "{error}");
        }
        let asked = asked.await.unwrap();
        assert!(!asked[0].contains("accept-encoding"), "{}", asked[0]);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_failed_fetch() {
    let whole = ok("");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"key\r\n";
    for broken in ["", "HTTP/1.1 200", &whole[..whole.len() - 1], chunked] {
        let (fetcher, asked) = answers(vec![broken.to_owned()]).await;
        assert!(fetcher.fetch(None).await.is_err(), "{broken}");
        asked.await.unwrap();
    }
}

#[tokio::test]
async fn the_limit_on_bytes_holds_for_what_has_no_length() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
    for (chunks, too_many) in [(8, false), (9, true)] {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
        let (fetcher, _asked) = answers(vec![head + &chunk.repeat(chunks) + "0\r\n\r\n"]).await;
        let failed = error(&fetcher).await;
        assert_eq!(failed.ends_with("more than 524288 bytes"), too_many, "{failed}");
    }
}
