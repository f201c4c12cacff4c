//! The reason codes of refusals, which a client is never told, and a test may read.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use bearward::Rejection;

use crate::http::{Answer, Served, serve};

const REASON: &str = "x-test-reason";

/// Serves a router as [`serve`] does, and says in each answer why the request was refused:
/// [`Answer::reason`] reads it.
///
/// # Panics
/// As [`serve`] does.
///
/// # Example
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), bearward::ConfigError> {
/// use bearward::{ResourceServer, token};
/// use bearward_testkit::serve_with_reasons;
///
/// let api = ResourceServer::new("http://localhost:1/", "api")?;
/// let private = axum::routing::get(async || "private");
/// let served = serve_with_reasons(api.router().route("/", token(), private).into_router()).await;
/// assert_eq!(served.get("/", Some("not.a.jwt")).await.reason(), Some("malformed_token"));
/// # Ok(())
/// # }
/// ```
pub async fn serve_with_reasons(app: Router) -> Served {
    serve(app.layer(from_fn(tell))).await
}

async fn tell(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let code = response.extensions().get::<Rejection>().map(|rejection| rejection.code().parse());
    if let Some(Ok(code)) = code {
        response.headers_mut().insert(REASON, code);
    }
    response
}

impl Answer {
    /// Why the request was refused: [`Rejection::code`]. `None` where it was not, or where the
    /// router is not served by [`serve_with_reasons`].
    ///
    /// # Example
    /// See [`serve_with_reasons`].
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.header(REASON)
    }
}
