//! Every row of the testkit's rules, over HTTP through the axum adapter, and explained: two tests
//! a row.

use axum::Router;
use axum::routing::{any, get};
use bearward::{AccessToken, ResourceServer, open, optional, permission, scope, token};
use bearward_testkit::rules::{explain, rows, run, whose};
use libtest_mimic::{Arguments, Trial};

/// Rows at the same time: most of them wait, for sockets or for an issuer to be given up.
const AT_ONCE: usize = 16;

#[allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test program")]
fn main() {
    if std::env::var_os("BEARWARD_FAIL_FAST").is_some() {
        end_at_the_first_panic();
    }
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
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// For `cargo xtask mutants`, which asks for one failure and not for all.
#[allow(clippy::disallowed_methods, reason = "no row is still of interest")]
fn end_at_the_first_panic() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tell(panic);
        std::process::exit(101);
    }));
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
