//! Guessing is bounded.

use crate::browser::{PASSWORD, town};
use crate::served::GOOD;

#[tokio::test]
async fn as_23_logins_to_one_account_are_limited_whether_or_not_it_exists() {
    let town = town().await;
    for email in ["alice@example.com", "nobody@example.com"] {
        let mut browser = town.browser();
        let login = browser.open_login(&town.request("")).await;
        for attempt in 0..20 {
            let page = browser.log_in_at(&login, email, "wrong password").await;
            assert_eq!(page.status, 400, "{email} {attempt}");
        }
        let upper = email.to_uppercase();
        for (email, password) in [(email, "wrong password"), (email, PASSWORD), (&upper, PASSWORD)]
        {
            let page = browser.log_in_at(&login, email, password).await;
            assert_eq!(page.status, 429, "{email}");
            assert_eq!(page.header("retry-after"), Some("30"));
            assert!(page.body.contains("Too many attempts"));
            assert_eq!(town.latest().await.1.as_deref(), Some("too_many_attempts"));
        }
        let bob = browser.log_in_at(&login, "bob@example.com", "wrong password").await;
        assert_eq!(bob.status, 400, "other accounts go on");
    }
    town.clock.forward(30);
    let answer = town.browser().log_in(&town.request("")).await;
    assert_eq!(answer.status, 303, "time gives an attempt back");
}

#[tokio::test]
async fn as_23_guesses_at_many_accounts_from_one_place_are_limited() {
    let town = town().await;
    let mut browser = town.browser();
    let login = browser.open_login(&town.request("")).await;
    let mut last = 0;
    for attempt in 0..101 {
        let email = format!("user{attempt}@example.com");
        last = browser.log_in_at(&login, &email, "wrong password").await.status;
    }
    assert_eq!(last, 429);
    town.clock.forward(1);
    assert_eq!(browser.log_in_at(&login, "alice@example.com", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn right_passwords_are_never_too_many() {
    let town = town().await;
    for _ in 0..25 {
        assert_eq!(town.browser().log_in(&town.request("")).await.status, 303);
    }
}

#[tokio::test]
async fn as_23_wrong_client_secrets_are_limited() {
    let town = town().await;
    let wrong = GOOD.replace("$secret", "wrong");
    for attempt in 0..100 {
        let answer = town.served.post_form(&[], &wrong).await;
        assert_eq!(answer.status, 401, "{attempt}");
    }
    for form in [wrong.as_str(), GOOD] {
        let answer = town.served.post_form(&[], form).await;
        assert_eq!(answer.error(), (429, "too_many_requests".into()));
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    let unknown = GOOD.replace("$id", "nobody");
    assert_eq!(town.served.post_form(&[], &unknown).await.status, 401, "other clients go on");
    town.clock.forward(1);
    for _ in 0..150 {
        assert_eq!(town.served.post_form(&[], GOOD).await.status, 200);
    }
}
