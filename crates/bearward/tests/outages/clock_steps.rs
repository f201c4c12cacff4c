//! Somebody steps the time of day: C06.

use std::time::{Duration, SystemTime};

use bearward::{Clock, KeyRefresh};
use bearward_testkit::TestIssuer;

use crate::api::Api;

const HOUR: Duration = Duration::from_secs(3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

#[tokio::test(flavor = "multi_thread")]
async fn c06_a_step_lets_no_expired_token_in_and_ages_no_key() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let clock = api.mint.clock();
    let start = clock.now();
    let soon = start.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 1800;
    let seen = api.mint.token().claim("exp", soon).sign();
    assert_eq!(api.status("/private", &seen).await, 200);

    for step in [HOUR, YEAR] {
        clock.step_to(start + step);
        assert_eq!(api.status("/private", &seen).await, 401, "{step:?} on: expired");
        assert_eq!(api.status("/private", &api.mint.token().sign()).await, 200, "{step:?} on");
        clock.step_to(start);
        assert_eq!(api.status("/private", &seen).await, 200, "and back: good again");
    }
    clock.advance(HOUR);
    let expired = seen;
    assert_eq!(api.status("/private", &expired).await, 401);
    for step in [HOUR + HOUR, YEAR] {
        clock.step_to(start + HOUR - step);
        assert_eq!(api.status("/private", &expired).await, 401, "{step:?} back: from the future");
        assert_eq!(api.status("/private", &api.mint.token().sign()).await, 200, "{step:?} back");
    }

    let ended = api.server.next_key_fetch();
    clock.advance(HOUR);
    ended.await;
    let [before] = api.server.key_status().try_into().unwrap();
    let fetches = issuer.key_requests();
    for now in [start + YEAR, start - YEAR] {
        clock.step_to(now);
        assert_eq!(api.status("/private", &api.mint.token().sign()).await, 200);
        let [after] = api.server.key_status().try_into().unwrap();
        assert_eq!(after, before, "keys age by the hand that never goes back");
    }
    assert_eq!(issuer.key_requests(), fetches);
}
