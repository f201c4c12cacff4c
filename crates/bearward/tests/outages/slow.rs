//! An issuer that takes its time: C03.

use std::time::Duration;

use bearward::{Algorithm, Credentials, KeyRefresh, Verdict, token};
use bearward_testkit::{KeysAnswer, TestIssuer, keys};

use crate::api::Api;

#[tokio::test(flavor = "multi_thread")]
async fn c03_known_keys_are_answered_while_the_issuer_thinks_for_thirty_seconds() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let lasting = api.lasting();
    assert_eq!(api.status("/private", &lasting).await, 200);
    issuer.hold();
    let asked = issuer.requests();
    api.mint.clock().advance(Duration::from_secs(600));
    issuer.asked(asked + 1).await;
    let (mut sent, mut answered) = (0, 0);
    for _ in 0..30 {
        api.mint.clock().advance(Duration::from_secs(1));
        for token in [&lasting, &api.mint.token().sign()] {
            sent += 1;
            answered += u32::from(api.status("/private", token).await == 200);
        }
        assert!(issuer.key_requests() <= 2, "one fetch is pending");
    }
    println!("sent {sent}, answered {answered}, requests pending {}", issuer.requests() - asked);
    assert_eq!((sent, answered), (60, 60));
    let ended = api.server.next_key_fetch();
    issuer.release();
    // Where this machine was so slow that the fetch has failed by now, the next one succeeds.
    api.mint.clock().advance(Duration::from_secs(60));
    ended.await;
    assert_eq!(api.status("/private", &lasting).await, 200);
}

/// The fetch under way may have asked the issuer before the key was there.
#[tokio::test(flavor = "multi_thread")]
async fn c03_a_key_that_came_while_the_issuer_was_being_asked_is_found_by_one_more_fetch() {
    let issuer = TestIssuer::start().await;
    let old = KeysAnswer::Text(keys::jwks_text(&[keys::signing_key(Algorithm::Rs256)]));
    let new = KeysAnswer::Text(keys::jwks_text(&[keys::stranger()]));
    issuer.answer_keys(KeysAnswer::InTurns(vec![old, new]));
    issuer.hold();
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    issuer.asked(1).await;
    let header = format!("Bearer {}", api.mint.token().key(keys::stranger()).sign());
    let credentials = Credentials::read([header.as_bytes()], None).unwrap();
    let Verdict::Pending(pending) = api.server.check_now(credentials, &token()) else {
        panic!("it does not wait")
    };
    issuer.release();
    assert!(pending.await.is_ok());
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn c03_requests_wait_for_the_first_keys_up_to_a_bound() {
    let issuer = TestIssuer::start().await;
    issuer.hold();
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let good = api.mint.token().sign();
    let header = format!("Bearer {good}");
    let ask = || {
        let credentials = Credentials::read([header.as_bytes()], None).unwrap();
        api.server.check_now(credentials, &token())
    };
    let mut waiting = Vec::new();
    for _ in 0..1_024 {
        let Verdict::Pending(pending) = ask() else { panic!("no room") };
        waiting.push(pending);
    }
    for _ in 0..100 {
        let Verdict::Refused(rejection) = ask() else { panic!("one too many waits") };
        assert_eq!(rejection.code(), "keys_unavailable");
    }
    assert_eq!(api.status("/private", &good).await, 503, "over HTTP too");
    issuer.release();
    for pending in waiting {
        assert!(pending.await.is_ok());
    }
    assert_eq!(issuer.key_requests(), 1, "one fetch for them all");
}
