//! The sample API that `bearward quickstart` serves: the same text as in `examples/quickstart/src`.
//! A copy, so that the package of this crate is whole; a test holds the two equal.

pub(crate) mod api;
pub(crate) mod page;

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
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

    /// The same three routes, each copy with one fault; the matrix must see each, and say where.
    #[tokio::test]
    async fn a_faulty_copy_is_found_out() {
        let mint = Mint::new(ISSUER, AUDIENCE);
        let right = mint.resource_server();
        let routes = api::routes(&right).routes().to_vec();
        let routes = routes.get(..3).unwrap();
        let other = Mint::new(ISSUER, "http://localhost:4010").resource_server();
        let private = || get(async || "private");
        let scoped = || get(async || "scoped");
        let copy = |private, scoped| {
            Router::new()
                .route("/api/public", get(async || "public"))
                .route("/api/private", private)
                .route("/api/private-scoped", scoped)
        };
        let guarded = || private().layer(right.require_token());
        let guarded_scoped = || scoped().layer(right.require_scope("read:messages"));
        matrix(copy(guarded(), guarded_scoped()), routes, &mint).await.unwrap();
        for (faulty, expected) in [
            (
                copy(private(), guarded_scoped()),
                "GET /api/private without a token: expected 401 without an error code, found 200",
            ),
            (
                copy(guarded(), scoped().layer(right.require_scope("read:letters"))),
                "GET /api/private-scoped with a good token: expected to be let in, found 403",
            ),
            (
                copy(private().layer(other.require_token()), guarded_scoped()),
                "GET /api/private with a token without scope: expected to be let in, found 401",
            ),
        ] {
            let found = matrix(faulty, routes, &mint).await.unwrap_err().to_string();
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
