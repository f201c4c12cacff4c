//! How the answer of `/authorize` travels.

use crate::browser::{CALLBACK, encoded, hidden, led_to, town};

#[tokio::test]
async fn as_29_every_answer_names_the_issuer_and_echoes_the_state() {
    let town = town().await;
    let issuer = town.served.tenant.issuer();
    let mut browser = town.browser();
    let refused = browser.get(&town.request("&prompt=none")).await;
    let granted = browser.log_in(&town.request("")).await;
    for (answer, first) in [(refused, "error"), (granted, "code")] {
        let (address, fields) = led_to(&answer);
        assert_eq!(address, CALLBACK);
        assert!(fields.contains_key(first), "{fields:?}");
        assert_eq!((fields["iss"].as_str(), fields["state"].as_str()), (issuer, "xyz"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    }
}

#[tokio::test]
async fn b168_a_state_with_line_breaks_and_markup_stays_a_value() {
    let town = town().await;
    let state = "\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>\"'";
    let mut browser = town.browser();
    let request =
        |more: &str| town.request(more).replace("state=xyz", &format!("state={}", encoded(state)));
    let answer = browser.log_in(&request("")).await;
    assert_eq!(led_to(&answer).1["state"], state);
    assert!(answer.all("set-cookie").iter().all(|cookie| cookie.starts_with("bearward")));
    for mode in ["form_post", "web_message"] {
        let page = browser.get(&request(&format!("&response_mode={mode}"))).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.body.matches("<script").count(), 1, "{}", page.body);
        assert!(page.body.contains("&#60;script&#62;"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_fragment_carries_the_answer_when_it_is_asked_for() {
    let town = town().await;
    let answer = town.browser().get(&town.request("&response_mode=fragment&prompt=none")).await;
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&format!("{CALLBACK}#error=login_required&")), "{location}");
    let answer = town.browser().get(&town.request("&response_mode=jwt")).await;
    assert_eq!(led_to(&answer).1["error"], "invalid_request");
}

#[tokio::test]
async fn form_post_is_a_page_whose_form_goes_to_the_application() {
    let town = town().await;
    let page = town.browser().log_in(&town.request("&response_mode=form_post")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("method=\"post\" action=\"{CALLBACK}\"")), "{}", page.body);
    assert_eq!(hidden(&page, "code").len(), 43);
    assert_eq!(hidden(&page, "state"), "xyz");
    assert_eq!(hidden(&page, "iss"), town.served.tenant.issuer());
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
    assert!(page.body.contains("<button"), "without scripts there is a button");
}

#[tokio::test]
async fn web_message_is_a_page_that_the_application_s_origin_may_frame() {
    let town = town().await;
    let request = town.request("&response_mode=web_message&prompt=none");
    let mut browser = town.browser();
    let page = browser.get(&request).await;
    assert!(page.body.contains("&#34;error&#34;:&#34;login_required&#34;"), "{}", page.body);
    browser.log_in(&town.request("")).await;
    let page = browser.get(&request).await;
    assert!(page.body.contains("&#34;code&#34;:&#34;"), "{}", page.body);
    assert!(page.body.contains("data-origin=\"https://app.example\""), "{}", page.body);
    assert_eq!(page.header("x-frame-options"), None);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors https://app.example;"), "{policy}");
}
