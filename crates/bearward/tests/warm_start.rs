//! Keys that are kept on disk, so that a start needs no issuer: over HTTP, by the manual clock.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum::routing::get;
use bearward::{Clock as _, Issuer, ResourceServer, token};
use bearward_testkit::{Mint, Served, TestIssuer, keys, serve};
use serde_json::{Value, json};
use tempfile::TempDir;

const AUDIENCE: &str = "https://api.example.com";
const HOUR: Duration = Duration::from_secs(60 * 60);

/// One run of an API that keeps its keys in a file.
struct Run {
    server: ResourceServer,
    mint: Mint,
    served: Served,
}

impl Run {
    async fn start(issuer: &TestIssuer, file: &Path) -> Run {
        Run::start_with(Issuer::new(issuer.identifier()).unwrap(), file).await
    }

    async fn start_with(issuer: Issuer, file: &Path) -> Run {
        let mint = Mint::new(issuer.identifier(), AUDIENCE);
        let issuer = issuer.warm_start_file(file).unwrap();
        let server = ResourceServer::new(issuer, AUDIENCE).unwrap();
        let server = server.clock(mint.clock().clone()).unwrap();
        let router = server.router().route("/", token(), get(async || "in")).into_router();
        Run { served: serve(router).await, server, mint }
    }

    async fn status(&self, token: &str) -> u16 {
        self.served.get("/", Some(token)).await.status
    }

    /// Answers a good token, made so that it outlives every test.
    async fn good(&self) -> u16 {
        self.status(&self.mint.token().claim("exp", 4_000_000_000_u64).sign()).await
    }

    /// Lets a fetch end after the one before. What that one brought is on the disk by then.
    async fn fetch_again(&self) {
        let fetched = self.server.next_key_fetch();
        self.mint.clock().advance(HOUR);
        fetched.await;
    }
}

/// A folder with the file that a run has left. The issuer is down since.
struct Left {
    folder: TempDir,
    issuer: TestIssuer,
}

impl Left {
    async fn by_a_run() -> Left {
        let (folder, issuer) = (tempfile::tempdir().unwrap(), TestIssuer::start().await);
        let left = Left { folder, issuer };
        let run = Run::start(&left.issuer, &left.file()).await;
        assert_eq!(run.good().await, 200);
        left.issuer.go_down().await;
        run.fetch_again().await;
        // As if it had been fetched at the moment when the clock of the next run begins.
        left.change("fetched_unix_seconds", json!(start_of_clocks()));
        left
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    fn read(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file()).unwrap()).unwrap()
    }

    fn change(&self, name: &str, value: Value) {
        let mut content = self.read();
        content.as_object_mut().unwrap().insert(name.to_owned(), value);
        fs::write(self.file(), content.to_string()).unwrap();
    }

    async fn next_run(&self) -> Run {
        Run::start(&self.issuer, &self.file()).await
    }
}

fn start_of_clocks() -> u64 {
    let start = Mint::new("https://issuer.example/", AUDIENCE).clock().now();
    start.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_a_start_with_kept_keys_serves_at_once_while_the_issuer_is_down() {
    let left = Left::by_a_run().await;
    let run = left.next_run().await;
    assert_eq!(run.good().await, 200);
    assert!(run.server.ready().is_ok());
    let unknown = run.mint.token().key(keys::stranger()).sign();
    assert_eq!(run.status(&unknown).await, 503, "a key that nobody can look up");
    run.fetch_again().await;
    assert_eq!(run.good().await, 200, "a failed fetch takes nothing away");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_its_owners_alone_and_lies_there_alone() {
    let left = Left::by_a_run().await;
    let metadata = fs::symlink_metadata(left.file()).unwrap();
    assert!(metadata.is_file());
    assert_eq!(metadata.mode() & 0o7777, 0o600);
    let names = fs::read_dir(left.folder.path()).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["keys.json"], "nothing half written is left behind");
    let content = left.read();
    assert_eq!(content["issuer"], left.issuer.identifier());
    assert_eq!(content["key_set"]["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_age_of_kept_keys_counts_towards_max_stale() {
    let left = Left::by_a_run().await;
    left.change("fetched_unix_seconds", json!(start_of_clocks() - 23 * 3600));
    let run = left.next_run().await;
    assert_eq!(run.good().await, 200);
    run.fetch_again().await;
    assert_eq!(run.good().await, 503, "an hour later they are too old");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_set_is_written_anew_and_so_grows_no_older() {
    let left = Left::by_a_run().await;
    left.issuer.come_up();
    let run = left.next_run().await;
    assert_eq!(run.good().await, 200);
    for _ in 0..3 {
        run.fetch_again().await;
    }
    let fetched = left.read()["fetched_unix_seconds"].as_u64().unwrap();
    let hours = (fetched - start_of_clocks()) / HOUR.as_secs();
    assert!(hours >= 2, "written {hours} h after the start");
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_keys_are_superseded_by_the_first_good_fetch() {
    let left = Left::by_a_run().await;
    left.issuer.publish(&[keys::stranger()]);
    left.issuer.come_up();
    let run = left.next_run().await;
    let new = run.mint.token().key(keys::stranger()).sign();
    assert_eq!(run.status(&new).await, 200, "it waited for the fetch");
    assert_eq!(run.good().await, 401, "the key of before is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_without_a_usable_key_takes_the_file_away() {
    let left = Left::by_a_run().await;
    left.issuer.publish_text(r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#);
    left.issuer.come_up();
    let run = left.next_run().await;
    run.fetch_again().await;
    run.fetch_again().await;
    run.fetch_again().await;
    assert!(!left.file().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_could_have_made_is_not_used() {
    type Fault = (&'static str, fn(&Left));
    let faults: [Fault; 4] = [
        ("a link", |left| {
            let elsewhere = left.folder.path().join("elsewhere");
            fs::rename(left.file(), &elsewhere).unwrap();
            symlink(elsewhere, left.file()).unwrap();
        }),
        ("writable for everyone", |left| {
            fs::set_permissions(left.file(), Permissions::from_mode(0o602)).unwrap();
        }),
        ("of another issuer", |left| left.change("issuer", json!("https://else.example/"))),
        ("without a usable key", |left| left.change("key_set", json!({"keys": []}))),
    ];
    for (name, spoil) in faults {
        let left = Left::by_a_run().await;
        spoil(&left);
        assert_eq!(left.next_run().await.good().await, 503, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_configured_address_does_not_get_these_keys() {
    let left = Left::by_a_run().await;
    let uri = format!("{}jwks", left.issuer.identifier());
    let issuer = Issuer::new(left.issuer.identifier()).unwrap().jwks_uri(&uri).unwrap();
    assert_eq!(Run::start_with(issuer, &left.file()).await.good().await, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_written_stops_nothing() {
    let issuer = TestIssuer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let run = Run::start(&issuer, &folder.path().join("missing").join("keys.json")).await;
    assert_eq!(run.good().await, 200);
    run.fetch_again().await;
    run.fetch_again().await;
    assert_eq!(run.good().await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_replaced_and_not_written_through() {
    let issuer = TestIssuer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("keys.json"), folder.path().join("target"));
    fs::write(&target, "precious").unwrap();
    symlink(&target, &file).unwrap();
    let run = Run::start(&issuer, &file).await;
    assert_eq!(run.good().await, 200);
    run.fetch_again().await;
    assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    assert!(fs::symlink_metadata(&file).unwrap().is_file());
}

#[test]
fn a_path_without_a_file_is_refused_at_once() {
    for path in ["", "/", "folder/.."] {
        let issuer = Issuer::new("https://issuer.example/").unwrap();
        let error = issuer.warm_start_file(path).unwrap_err();
        assert_eq!(error.setting(), "warm_start_file", "{path}");
    }
}
