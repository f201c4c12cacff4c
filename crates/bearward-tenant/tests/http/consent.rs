//! When users are asked, and what follows from what they say.

use crate::browser::{Browser, PASSWORD, STRICT, Town, encoded, form, led_to, town};
use crate::served::Answer;

async fn to_consent(browser: &mut Browser<'_>, request: &str) -> (String, Answer) {
    let answer = browser.log_in(request).await;
    let location = answer.header("location").unwrap().to_owned();
    assert!(location.starts_with("/u/consent?state="), "{location}");
    let page = browser.get(&location).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (location, page)
}

fn third_party(town: &Town) -> String {
    let more = format!("&scope=openid+read:notes+write:notes&audience={}", encoded(STRICT));
    town.request_of(&town.stranger, &more)
}

#[tokio::test]
async fn third_parties_ask_and_a_yes_is_remembered() {
    let town = town().await;
    let mut browser = town.browser();
    let (_, page) = to_consent(&mut browser, &third_party(&town)).await;
    for part in
        ["Stranger", "alice@example.com", "https://app.example", "Read notes", "Know who you are"]
    {
        assert!(page.body.contains(part), "{part} is not in {}", page.body);
    }
    assert!(!page.body.contains("Write notes"), "what cannot be granted is not asked");
    let answer = browser.post("/u/consent", &form(&page, &[("action", "accept")])).await;
    assert_eq!(answer.status, 303);
    assert!(led_to(&answer).1.contains_key("code"));
    assert_eq!(town.latest().await.2.as_deref(), Some("openid read:notes"));

    let again = browser.get(&third_party(&town)).await;
    assert!(led_to(&again).1.contains_key("code"), "it is not asked again");
    let more = third_party(&town).replace("scope=openid", "scope=openid+email");
    let answer = browser.get(&more).await;
    assert!(answer.header("location").unwrap().starts_with("/u/consent"), "more is asked for");
    let answer = browser.get(&format!("{}&prompt=consent", third_party(&town))).await;
    assert!(answer.header("location").unwrap().starts_with("/u/consent"));
}

#[tokio::test]
async fn a_no_goes_back_as_access_denied() {
    let town = town().await;
    let mut browser = town.browser();
    let (_, page) = to_consent(&mut browser, &third_party(&town)).await;
    let unknown = browser.post("/u/consent", &form(&page, &[("action", "maybe")])).await;
    assert_eq!(unknown.status, 400);
    let answer = browser.post("/u/consent", &form(&page, &[("action", "deny")])).await;
    let fields = led_to(&answer).1;
    assert_eq!(fields["error"], "access_denied");
    assert_eq!(fields["error_description"], "User did not authorize the request");
    assert_eq!(town.latest().await.1.as_deref(), Some("consent_denied"));
    let (_, page) = to_consent(&mut browser, &format!("{}&prompt=login", third_party(&town))).await;
    assert!(page.body.contains("Stranger"), "a no is not remembered");
}

#[tokio::test]
async fn first_parties_ask_only_where_the_api_wants_it() {
    let town = town().await;
    let request = town.request(&format!("&scope=read:notes&audience={}", encoded(STRICT)));
    let mut browser = town.browser();
    assert!(led_to(&browser.log_in(&request).await).1.contains_key("code"));
    let mut api = town.served.tenant.api(STRICT).await.unwrap();
    api.skip_consent_for_verifiable_first_party_clients = false;
    town.served.tenant.update_api(&api).await.unwrap();
    let answer = browser.get(&request).await;
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("/u/consent"));
    let page = browser.get(location).await;
    assert!(page.body.contains("This application asks for access"), "{}", page.body);
}

#[tokio::test]
async fn as_11_as_57_consent_is_given_on_the_tenant_s_own_page() {
    let town = town().await;
    let mut browser = town.browser();
    let (location, page) = to_consent(&mut browser, &third_party(&town)).await;
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    let good = form(&page, &[("action", "accept")]);
    let mut attacker = town.browser();
    let (_, theirs) = to_consent(&mut attacker, &third_party(&town)).await;
    for form in [
        form(&theirs, &[("action", "accept")]),
        good.replace("csrf=", "csrf=x"),
        "action=accept".to_owned(),
    ] {
        assert_eq!(browser.post("/u/consent", &form).await.status, 403, "{form}");
    }
    let evil = browser.post_from("/u/consent", &good, &["Origin: https://evil.example"]).await;
    assert_eq!(evil.status, 403);
    assert_eq!(town.browser().get(&location).await.status, 403);

    // Another session in the same browser may not answer for the one that was asked.
    let login = browser.open_login(&town.request("&prompt=login")).await;
    browser.log_in_at(&login, "bob@example.com", PASSWORD).await;
    let others = browser.cookies["bearward"].clone();
    for session in [Some(others), None] {
        browser.cookies.remove("bearward");
        browser.cookies.extend(session.map(|session| ("bearward".to_owned(), session)));
        let answer = browser.post("/u/consent", &good).await;
        assert!(answer.header("location").unwrap().starts_with("/u/login?state="));
    }
}

#[tokio::test]
async fn a_yes_is_a_yes_to_what_was_shown() {
    let town = town().await;
    let mut browser = town.browser();
    let (location, shown) = to_consent(&mut browser, &third_party(&town)).await;
    let tenant = &town.served.tenant;
    tenant.give_user_permission(&town.alice.user_id, STRICT, "write:notes").await.unwrap();
    let answer = browser.post("/u/consent", &form(&shown, &[("action", "accept")])).await;
    assert_eq!(answer.header("location"), Some(&*location), "more would be granted: ask again");
    let page = browser.get(&location).await;
    assert!(page.body.contains("Write notes"));

    // Somebody else logs in for the same request, and the page of the first is still open.
    let login = location.replace("/u/consent", "/u/login");
    browser.log_in_at(&login, "bob@example.com", PASSWORD).await;
    let answer = browser.post("/u/consent", &form(&page, &[("action", "accept")])).await;
    assert_eq!(answer.header("location"), Some(&*location), "it was another user's yes");
    browser.log_in_at(&login, "alice@example.com", PASSWORD).await;
    let page = browser.get(&location).await;
    let answer = browser.post("/u/consent", &form(&page, &[("action", "accept")])).await;
    assert!(led_to(&answer).1.contains_key("code"));
    assert_eq!(town.latest().await.2.as_deref(), Some("openid read:notes write:notes"));
}
