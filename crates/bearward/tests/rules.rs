//! Every row of the testkit's rules, over HTTP through the axum adapter, and explained: two tests
//! a row.

use axum::Router;
use axum::routing::{any, get};
use bearward::{AccessToken, ResourceServer, open, optional, permission, scope, token};
use bearward_testkit::rules::{explain, rows, run, whose};
use libtest_mimic::{Arguments, Trial};

#[allow(clippy::expect_used, reason = "a test program")]
fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let runtime = runtime.handle();
    let trials = rows().into_iter().flat_map(|row| {
        let (here, there) = (runtime.clone(), runtime.clone());
        let explained = row.clone();
        let asked = Trial::test(row.test_name(), move || {
            here.block_on(run(&row, app));
            Ok(())
        });
        let name = format!("explained::{}", explained.test_name());
        let explained = Trial::test(name, move || {
            there.block_on(explain(&explained, app));
            Ok(())
        });
        [asked, explained]
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
