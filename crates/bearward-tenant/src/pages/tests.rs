//! The pages as a browser gets them: over HTTP, with hostile text in every place that takes any.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod every_piece;
mod served;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use every_piece::EveryPiece;
use served::Served;
use url::Url;

use super::{
    AskedScope, ConfirmLogout, Consent, CsrfToken, ErrorMend, ErrorPage, FormPost, FormTarget,
    LoggedOut, Login, TooManyAttempts, assets, html, html_with, pieces,
};

/// Breaks out of text, of an attribute in either quotes, and of a line.
const HOSTILE: &str = "<script>alert(1)</script>\" onfocus='x' &amp; \u{202e}`\r\nX: y";

/// Every page, with this text in each place that takes somebody's.
fn every_page(text: &str) -> Vec<(&'static str, Response)> {
    let own = || text.to_owned();
    let csrf = || CsrfToken::new(text);
    let link = || Some((own(), "/apis".to_owned()));
    let application = Url::parse("https://app.example/callback").unwrap();
    let application = FormTarget::Application(&application);
    let login = Login {
        application: own(),
        state: own(),
        csrf: csrf(),
        username: own(),
        fault: Some(own()),
        issuer: own(),
    };
    let consent = Consent {
        application: own(),
        third_party: true,
        user: own(),
        returns_to: own(),
        scopes: vec![
            AskedScope { value: own(), description: own(), api: Some(own()) },
            AskedScope { value: own(), description: String::new(), api: None },
        ],
        state: own(),
        csrf: csrf(),
        asked: own(),
        issuer: own(),
    };
    let error = ErrorPage {
        title: own(),
        lead: own(),
        code: "callback_url_mismatch",
        expected: vec![own(), own()],
        found: Some(own()),
        mend: Some(ErrorMend { says: own(), line: Some(own()), line_label: "Line", link: link() }),
        issuer: own(),
    };
    let confirm = ConfirmLogout {
        application: Some(own()),
        user: own(),
        state: own(),
        csrf: csrf(),
        issuer: own(),
    };
    let too_many = TooManyAttempts {
        again: pieces::Moment::new(1060, 1000).unwrap(),
        back: link(),
        issuer: own(),
    };
    let form_post =
        FormPost { action: own(), fields: vec![("code", own()), ("state", own())], issuer: own() };
    vec![
        ("form_post", html_with(StatusCode::OK, &application, &form_post)),
        ("login", html_with(StatusCode::OK, &application, &login)),
        ("consent", html_with(StatusCode::OK, &application, &consent)),
        ("error", html_with(StatusCode::FORBIDDEN, &FormTarget::Here, &error)),
        ("confirm_logout", html(&confirm)),
        ("logged_out", html(&LoggedOut { issuer: own() })),
        ("too_many", html_with(StatusCode::TOO_MANY_REQUESTS, &FormTarget::Here, &too_many)),
        ("every_piece", html(&EveryPiece::new(text))),
    ]
}

/// B168: names, hints and states that hold markup stay text.
#[tokio::test]
async fn somebody_elses_text_is_escaped_everywhere() {
    for (name, response) in every_page(HOSTILE) {
        let page = served::text(response).await;
        // The head loads one script; an attribute set by a name would follow a quote.
        assert_eq!(page.matches("<script").count(), 1, "{name}");
        for escape in ["\" onfocus", "onfocus='", "&amp; \u{202e}"] {
            assert!(!page.contains(escape), "{name} holds {escape}");
        }
        assert!(page.contains("&#60;script&#62;"), "{name} does not show the text at all");
    }
}

/// AS-11, and AS-57 as far as a page can help.
#[tokio::test]
async fn pages_are_not_framed_stored_or_told_to_others() {
    for (name, response) in every_page("Messages") {
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|found| found == part), "{name}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{name}: {policy}");
        assert_eq!(headers["x-frame-options"], "DENY", "{name}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{name}");
        assert_eq!(headers["cache-control"], "no-store", "{name}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{name}");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8", "{name}");
    }
}

/// The policy would stop them in a browser; here they are not even written.
#[tokio::test]
async fn pages_hold_no_inline_script_or_style() {
    for (name, response) in every_page("Messages") {
        let page = served::text(response).await;
        for inline in [" style=", "<style", " onclick=", "javascript:", "src=\"http", "href=\"http"]
        {
            assert!(!page.contains(inline), "{name} holds {inline}");
        }
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
        assert_eq!(page.matches("<main").count(), 1, "{name}");
    }
}

/// The selectors that people's browser tests use: Auth0's Universal Login has the same.
#[tokio::test]
async fn the_login_page_has_the_fields_of_the_contract() {
    let find = async |wanted: &str| {
        let pages = every_page("kim@example.com");
        let (_, response) = pages.into_iter().find(|(name, _)| *name == wanted).unwrap();
        served::text(response).await
    };
    let login = find("login").await;
    for part in [
        r#"name="username" type="text""#,
        r#"name="password" type="password""#,
        r#"name="action" value="default""#,
        r#"<input type="hidden" name="state" value="kim@example.com">"#,
        r#"<input type="hidden" name="csrf" value="kim@example.com">"#,
        r#"autocomplete="current-password""#,
    ] {
        assert!(login.contains(part), "{part} is not in {login}");
    }
    let consent = find("consent").await;
    for part in [r#"name="action" value="accept""#, r#"name="action" value="deny""#] {
        assert!(consent.contains(part), "{part} is not in {consent}");
    }
}

#[tokio::test]
async fn a_refused_login_says_so_and_keeps_the_name_but_not_the_password() {
    let mut login = Login {
        application: "Messages".into(),
        state: "s".into(),
        csrf: CsrfToken::new("c"),
        username: "kim@example.com".into(),
        fault: Some(Login::WRONG.into()),
        issuer: "https://localhost:8443/".into(),
    };
    let page = served::text(html(&login)).await;
    assert!(page.contains("Wrong email or password."));
    assert!(page.contains(r#"required value="kim@example.com""#));
    assert!(page.contains(r#"role="alert""#));
    login.fault = None;
    let page = served::text(html(&login)).await;
    assert!(!page.contains(r#"role="alert""#) && !page.contains("aria-invalid"));
}

#[tokio::test]
async fn assets_are_kept_for_long_and_other_names_are_not_found() {
    let served = Served::start(Router::new().route("/assets/{name}", get(assets::show))).await;
    for (asset, media_type) in [
        (&assets::STYLESHEET, "text/css; charset=utf-8"),
        (&assets::SCRIPT, "text/javascript; charset=utf-8"),
        (&assets::MARK, "image/svg+xml"),
    ] {
        let answer = served.get(&asset.path()).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(&format!("content-type: {media_type}\r\n")), "{answer}");
        assert!(answer.contains("cache-control: public, max-age=31536000, immutable\r\n"));
        assert!(answer.contains("x-content-type-options: nosniff\r\n"));
    }
    for path in [
        "/assets/house-0000000000000000.css",
        "/assets/house.css",
        "/assets/",
        "/assets/..%2fhouse",
    ] {
        assert!(served.get(path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
}

#[test]
fn a_csrf_token_is_not_printed() {
    assert_eq!(format!("{:?}", CsrfToken::new("abc")), "CsrfToken(redacted)");
}
