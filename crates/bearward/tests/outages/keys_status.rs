//! What an operator is told of keys.

use std::time::Duration;

use bearward::{KeyRefresh, KeyState, KeyStatus};
use bearward_testkit::TestIssuer;

use crate::api::Api;

fn status(api: &Api) -> KeyStatus {
    let [status] = api.server.key_status().try_into().unwrap();
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_how_the_keys_are() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    api.server.wait_until_ready().await;
    let fresh = status(&api);
    assert_eq!(fresh.issuer, issuer.identifier());
    assert_eq!(fresh.state, KeyState::Fresh);
    assert_eq!(fresh.kids, [Some("rs256".to_owned())]);
    assert_eq!(fresh.age, Some(Duration::ZERO));
    assert_eq!(fresh.usable_for, Some(Duration::from_secs(24 * 3600)));
    let next = fresh.next_fetch.unwrap().as_secs();
    assert!((420..=480).contains(&next), "{next}");
    assert_eq!((fresh.fetches, fresh.failures, fresh.latest_error), (1, 0, None));

    issuer.go_down().await;
    api.after(Duration::from_secs(3600)).await;
    let stale = status(&api);
    assert_eq!(stale.state, KeyState::Stale);
    assert_eq!(stale.kids, fresh.kids);
    assert_eq!(stale.age, Some(Duration::from_secs(3600)));
    assert_eq!(stale.usable_for, Some(Duration::from_secs(23 * 3600)));
    assert_eq!((stale.fetches, stale.failures), (2, 1));
    let told = stale.latest_error.unwrap();
    assert!(told.contains("/jwks: client error (Connect): tcp connect error: "), "{told}");

    api.mint.clock().advance(Duration::from_secs(23 * 3600));
    let gone = status(&api);
    assert_eq!(gone.state, KeyState::Unavailable);
    assert_eq!(gone.kids, []);
    assert_eq!(gone.age, Some(Duration::from_secs(24 * 3600)));
    assert_eq!(gone.usable_for, None);

    issuer.come_up();
    api.after(Duration::from_secs(60)).await;
    let back = status(&api);
    assert_eq!((back.state, back.age), (KeyState::Fresh, Some(Duration::ZERO)));
    assert_eq!(back.latest_error, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn status_before_the_first_fetch_and_of_keys_that_nobody_can_fetch() {
    let issuer = TestIssuer::start().await;
    issuer.hold();
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    assert_eq!(status(&api).state, KeyState::NeverFetched);
    assert_eq!(status(&api).age, None);
    let ended = api.server.next_key_fetch();
    issuer.publish_text("<html>");
    issuer.release();
    ended.await;
    let none = status(&api);
    assert_eq!((none.state, none.age, none.usable_for), (KeyState::Unavailable, None, None));
    assert_eq!((none.fetches, none.failures), (1, 1));

    let fixed = api.mint.resource_server().key_status();
    assert_eq!(fixed.first().unwrap().state, KeyState::Fixed);
}
