//! What the operator reads.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use crate::browser::{PASSWORD, STRICT, encoded, form, hidden, led_to, town};
use crate::served::{GOOD, serve};

thread_local! {
    /// What this thread logged. A test and its tenant share one thread.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct ThisThread;

impl Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Must come before the first event of any thread: what nobody listened to stays unheard.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(|| ThisThread)
            .init();
    });
}

#[tokio::test]
async fn the_log_has_the_reason_and_never_a_secret_or_a_token() {
    let served = serve().await;
    let token = served.post_form(&[], GOOD).await.json()["access_token"].clone();
    for form in [
        GOOD.replace("$id", "$secret"),
        GOOD.replace("$secret", "$secret."),
        GOOD.replace("client_credentials", "$secret"),
        format!("{GOOD}$secret"),
        format!("{GOOD}&scope=$secret"),
        format!("{GOOD}&$secret=1&$secret=2"),
    ] {
        assert_ne!(served.post_form(&[], &form).await.status, 200, "{form}");
    }

    let log = String::from_utf8(LOG.take()).unwrap();
    for expected in [
        "token issued",
        "client_unknown",
        "client_secret_wrong",
        "unsupported_grant_type",
        "unknown_audience",
        "scopes_not_granted",
        "repeated_parameter",
        &served.application.client_id,
    ] {
        assert!(log.contains(expected), "{expected} is missing in:\n{log}");
    }
    assert!(!log.contains(served.application.client_secret.expose()));
    assert!(!log.contains(token.as_str().unwrap()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_data_folder_that_others_may_write_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    listen();
    for (mode, warned) in [(0o700, false), (0o775, false), (0o777, true)] {
        LOG.take();
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(mode)).unwrap();
        bearward_tenant::Tenant::open("http://localhost:3011/", folder.path()).await.unwrap();
        let log = String::from_utf8(LOG.take()).unwrap();
        assert_eq!(log.contains("chmod o-w"), warned, "{mode:o}: {log}");
    }
}

#[tokio::test]
async fn the_log_of_a_login_has_nothing_that_opens_a_door() {
    listen();
    LOG.take();
    let town = town().await;
    let mut browser = town.browser();
    let more = format!("&scope=openid&audience={}", encoded(STRICT));
    let request = town.request_of(&town.stranger, &more);
    let login = browser.open_login(&request).await;
    let page = browser.get(&login).await;
    let csrf = hidden(&page, "csrf");
    browser.log_in_at(&login, "alice@example.com", "wrong password").await;
    let asked = browser.log_in_at(&login, "alice@example.com", PASSWORD).await;
    let page = browser.get(asked.header("location").unwrap()).await;
    let form = form(&page, &[("action", "accept")]);
    let answer = browser.post("/u/consent", &form).await;
    let code = led_to(&answer).1["code"].clone();
    let waits = login.split_once("state=").unwrap().1.to_owned();
    let mut secrets = vec![csrf, code, waits, "wrong password".into(), "wrong+password".into()];
    secrets.push(PASSWORD.to_owned());
    secrets.extend(browser.cookies.into_values());
    let log = String::from_utf8(LOG.take()).unwrap();
    assert!(log.contains("code issued"), "{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} in\n{log}");
    }
}
