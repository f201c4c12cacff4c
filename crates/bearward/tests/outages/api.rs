//! The API that the tests of this folder ask.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bearward::{Issuer, KeyRefresh, Rejection, ResourceServer, open, token};
use bearward_testkit::{Answer, Mint, Served, TestIssuer, serve};

pub(crate) const AUDIENCE: &str = "https://api.example.com";

/// A guarded API with its issuer, on a clock that stands still.
pub(crate) struct Api {
    pub(crate) server: ResourceServer,
    pub(crate) mint: Mint,
    served: Served,
}

impl Api {
    pub(crate) async fn start(issuer: &TestIssuer, refresh: KeyRefresh) -> Api {
        let mint = Mint::new(issuer.identifier(), AUDIENCE);
        let issuer = Issuer::new(issuer.identifier()).unwrap().refresh(refresh);
        let server = ResourceServer::new(issuer, AUDIENCE).unwrap();
        let server = server.clock(mint.clock().clone()).unwrap();
        let router = server
            .router()
            .route("/open", open(), get(async || "everyone"))
            .route("/private", token(), get(async || "private"))
            .into_router();
        let served = serve(router.merge(readyz(server.clone()))).await;
        Api { server, mint, served }
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.served.get(path, token).await
    }

    pub(crate) async fn status(&self, path: &str, token: &str) -> u16 {
        self.get(path, Some(token)).await.status
    }

    /// A token that is good for ever.
    pub(crate) fn lasting(&self) -> String {
        self.mint.token().claim("exp", 4_000_000_000_u64).sign()
    }

    /// Lets time pass until the next fetch of keys is due, and waits for its end.
    pub(crate) async fn after(&self, time: Duration) {
        let fetched = self.server.next_key_fetch();
        self.mint.clock().advance(time);
        fetched.await;
    }
}

fn readyz(server: ResourceServer) -> Router {
    let ready = async move || -> Result<&'static str, Rejection> {
        server.ready()?;
        Ok("ready")
    };
    Router::new().route("/readyz", get(ready))
}
