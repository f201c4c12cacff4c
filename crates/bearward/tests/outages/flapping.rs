//! An issuer that publishes now this and now that: C04.

use std::time::Duration;

use bearward::KeyRefresh;
use bearward::sign::SigningKey;
use bearward_testkit::{KeysAnswer, TestIssuer, keys};

use crate::api::Api;

const STEP: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn c04_two_servers_with_a_key_each_refuse_no_token_beyond_a_cool_down() {
    let issuer = TestIssuer::start().await;
    let theirs: [fn() -> SigningKey; 2] =
        [|| keys::signing_key(bearward::Algorithm::Rs256), keys::stranger];
    let turn = |key: &fn() -> SigningKey| KeysAnswer::Text(keys::jwks_text(&[key()]));
    issuer.answer_keys(KeysAnswer::InTurns(theirs.iter().map(turn).collect()));
    let refresh = KeyRefresh::default();
    let api = Api::start(&issuer, refresh).await;
    api.server.wait_until_ready().await;

    let mut refused_for = [Duration::ZERO; 2];
    let mut longest = Duration::ZERO;
    for _ in 0..120 {
        for (key, refused_for) in theirs.iter().zip(&mut refused_for) {
            let token = api.mint.token().key(key()).sign();
            *refused_for = match api.status("/private", &token).await {
                200 => Duration::ZERO,
                _ => *refused_for + STEP,
            };
            longest = longest.max(*refused_for);
        }
        api.mint.clock().advance(STEP);
    }
    println!("a valid token was refused for {longest:?} at most");
    assert!(longest > Duration::ZERO, "the issuer's answers differ");
    assert!(longest <= refresh.unknown_kid_refill, "{longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn c04_empty_and_broken_sets_take_no_key_away() {
    let issuer = TestIssuer::start().await;
    let good = keys::jwks_text(&[keys::signing_key(bearward::Algorithm::Rs256)]);
    let texts = [&good, r#"{"keys":[]}"#, "<html>", "", "[]", "{}", r#"{"keys":[{}"#];
    let turns = texts.iter().map(|text| KeysAnswer::Text((*text).to_string())).collect();
    issuer.answer_keys(KeysAnswer::InTurns(turns));
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    api.server.wait_until_ready().await;
    let lasting = api.lasting();
    let (mut sent, mut refused) = (0, 0);
    for _ in 0..3 * texts.len() {
        api.after(Duration::from_secs(600)).await;
        sent += 1;
        refused += u32::from(api.status("/private", &lasting).await != 200);
    }
    println!("valid sent {sent}, refused {refused}");
    let [status] = api.server.key_status().try_into().unwrap();
    assert_eq!((sent, refused), (21, 0));
    assert_eq!((status.fetches, status.failures), (22, 18), "{status}");
}
