//! The sample API that `bearward quickstart` serves: the same text as in `examples/quickstart/src`.
//! A copy, so that the package of this crate is whole; a test holds the two equal.

pub(crate) mod api;
pub(crate) mod page;

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use bearward::{open, scope, token};
    use bearward_testkit::{Mint, matrix};

    use super::api;

    const ISSUER: &str = "http://localhost:3011/";
    const AUDIENCE: &str = "http://localhost:3010";

    #[tokio::test]
    async fn every_route_asks_for_what_it_says() {
        let mint = Mint::new(ISSUER, AUDIENCE);
        let router = api::routes(&mint.resource_server());
        let routes = router.routes().to_vec();
        let asked: Vec<_> = routes.iter().map(|route| route.path.as_str()).collect();
        assert_eq!(
            asked,
            ["/api/public", "/api/private", "/api/private-scoped", "/livez", "/readyz"]
        );
        matrix(router.into_router(), &routes, &mint).await.unwrap();
    }

    /// The same three routes, each copy with one fault; the matrix must see each.
    #[tokio::test]
    async fn a_faulty_copy_is_found_out() {
        let mint = Mint::new(ISSUER, AUDIENCE);
        let right = mint.resource_server();
        let routes = api::routes(&right).routes().to_vec();
        let other = Mint::new(ISSUER, "http://localhost:4010").resource_server();
        let copy = |server: &bearward::ResourceServer, private, wanted: &'static str| {
            server
                .router()
                .route("/api/public", open(), get(async || "copy"))
                .route("/api/private", private, get(async || "copy"))
                .route("/api/private-scoped", scope(wanted), get(async || "copy"))
                .into_router()
        };
        let routes = routes.get(..3).unwrap();
        matrix(copy(&right, token(), "read:messages"), routes, &mint).await.unwrap();
        for (fault, faulty) in [
            ("unguarded", copy(&right, open(), "read:messages")),
            ("wrong scope", copy(&right, token(), "read:letters")),
            ("wrong audience", copy(&other, token(), "read:messages")),
        ] {
            assert!(matrix(faulty, routes, &mint).await.is_err(), "{fault}");
        }
    }
}
