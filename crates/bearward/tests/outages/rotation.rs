//! Rotation while requests run: C05.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bearward::sign::SigningKey;
use bearward::{Algorithm, KeyRefresh, KeyState};
use bearward_testkit::{KeysAnswer, TestIssuer, keys};
use tokio::sync::RwLock;

use crate::api::Api;

const SENDERS: usize = 8;
const ROTATIONS: usize = 6;
const REFRESH: Duration = Duration::from_secs(600);

/// The issuer's keys, in the order of their use.
fn key(number: usize) -> SigningKey {
    let key = match number % 2 {
        0 => keys::signing_key(Algorithm::Rs256),
        _ => keys::stranger(),
    };
    key.with_kid(format!("key-{number}"))
}

struct Traffic {
    api: Api,
    /// Held for reading from signature to answer: a key that was changed is in no request.
    signer: RwLock<usize>,
    stop: AtomicBool,
    sent: AtomicUsize,
    refused: AtomicUsize,
}

impl Traffic {
    async fn flow(&self) {
        while !self.stop.load(Ordering::SeqCst) {
            let signer = self.signer.read().await;
            let token = self.api.mint.token().key(key(*signer)).sign();
            let status = self.api.status("/private", &token).await;
            self.sent.fetch_add(1, Ordering::SeqCst);
            self.refused.fetch_add(usize::from(status != 200), Ordering::SeqCst);
        }
    }

    /// Lets this many requests more be answered.
    async fn some(&self, requests: usize) {
        let enough = self.sent.load(Ordering::SeqCst) + requests;
        while self.sent.load(Ordering::SeqCst) < enough {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_asked_for_what_has_changed_need_not_send_the_set_again() {
    let whole = |status, body: String| KeysAnswer::Whole {
        status,
        headers: vec![("etag".into(), "\"v1\"".into())],
        body: body.into_bytes(),
    };
    let set = keys::jwks_text(&[keys::signing_key(Algorithm::Rs256)]);
    let issuer = TestIssuer::start().await;
    issuer.answer_keys(KeysAnswer::InTurns(vec![whole(200, set), whole(304, String::new())]));
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    assert_eq!(api.status("/private", &api.lasting()).await, 200);
    api.after(Duration::from_secs(600)).await;
    let [status] = api.server.key_status().try_into().unwrap();
    assert_eq!((status.state, status.fetches, status.failures), (KeyState::Fresh, 2, 0));
    assert_eq!(api.status("/private", &api.lasting()).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn c05_rotation_under_load_refuses_no_valid_token() {
    let issuer = TestIssuer::start().await;
    issuer.publish(&[key(0)]);
    let traffic = Arc::new(Traffic {
        api: Api::start(&issuer, KeyRefresh::default()).await,
        signer: RwLock::new(0),
        stop: AtomicBool::new(false),
        sent: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
    });
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let traffic = Arc::clone(&traffic);
            tokio::spawn(async move { traffic.flow().await })
        })
        .collect();
    let mut retired_refused = 0;
    for rotation in 1..=ROTATIONS {
        traffic.some(SENDERS).await;
        issuer.publish(&[key(rotation - 1), key(rotation)]);
        // By turns with and without a refresh between the new key's publication and its use.
        if rotation % 2 == 1 {
            traffic.api.after(REFRESH).await;
        }
        *traffic.signer.write().await = rotation;
        traffic.some(4 * SENDERS).await;
        issuer.publish(&[key(rotation)]);
        let retired = traffic.api.mint.token().key(key(rotation - 1)).sign();
        assert_eq!(traffic.api.status("/private", &retired).await, 200, "nobody knows yet");
        traffic.api.after(REFRESH).await;
        retired_refused += usize::from(traffic.api.status("/private", &retired).await == 401);
    }
    traffic.stop.store(true, Ordering::SeqCst);
    for sender in senders {
        sender.await.unwrap();
    }
    let sent = traffic.sent.load(Ordering::SeqCst);
    let refused = traffic.refused.load(Ordering::SeqCst);
    let fetches = issuer.key_requests();
    println!(
        "valid sent {sent}, refused {refused}; rotations {ROTATIONS}, fetches {fetches}, \
         retired keys refused {retired_refused}"
    );
    assert_eq!((refused, retired_refused), (0, ROTATIONS));
    // The first; for each rotation one that finds the new key, one that loses the old key; and one
    // for each token of a key that is gone, while the bucket gives one.
    assert!(fetches <= 1 + 3 * ROTATIONS, "{fetches}");
}
