//! Every row of the testkit's rules, a test each, over HTTP through the axum adapter.

use axum::Router;
use axum::routing::{any, get};
use bearward::{AccessToken, ResourceServer, open, optional, permission, scope, token};
use bearward_testkit::rules::{rows, run, whose};
use libtest_mimic::{Arguments, Trial};

#[allow(clippy::expect_used, reason = "a test program")]
fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let runtime = runtime.handle();
    let trials = rows().into_iter().map(|row| {
        let runtime = runtime.clone();
        Trial::test(row.test_name(), move || {
            runtime.block_on(run(&row, app));
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that run takes")]
fn app(server: ResourceServer) -> Router {
    server
        .router()
        .route("/api/public", open(), get(async || "everyone"))
        .route("/api/private", token(), any(async |token: AccessToken| whose(&token)))
        .route("/api/private-scoped", scope("read:messages"), get(async || "scoped"))
        .route("/api/permitted", permission("read:messages"), get(async || "permitted"))
        .route("/api/optional", optional(), get(async |_: Option<AccessToken>| "maybe"))
        .into_router()
}
