//! A router that cannot be given a route without saying what the route needs.

use std::convert::Infallible;

use axum::Router;
use axum::routing::MethodRouter;

use crate::requirement::Requirement;
use crate::resource_server::ResourceServer;

/// Builds an [`axum::Router`] whose every route has a [`Requirement`].
///
/// The guard stands before the whole route, whatever the method: a request with a wrong method but
/// no token gets 401, not 405. What has no route gets 404.
///
/// # Example
/// ```
/// use axum::routing::get;
/// use bearward::{AccessToken, ResourceServer, open, scope};
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("http://localhost:1/", "http://localhost:2")?;
/// let app: axum::Router = api
///     .router()
///     .route("/public", open(), get(async || "hello"))
///     .route("/messages", scope("read:messages"), get(messages))
///     .into_router();
///
/// async fn messages(token: AccessToken) -> String {
///     token.subject().to_owned()
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct GuardedRouter<S = ()> {
    server: ResourceServer,
    router: Router<S>,
    routes: Vec<GuardedRoute>,
}

/// A route and what it needs: a row of the route table.
///
/// # Example
/// ```
/// use axum::routing::get;
/// use bearward::{ResourceServer, axum::GuardedRoute, token};
/// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
/// let router = api.router::<()>().route("/me", token(), get(async || "me"));
/// assert_eq!(router.routes(), [GuardedRoute { path: "/me".into(), requirement: token() }]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardedRoute {
    /// The path, in axum's form: `/messages/{id}`.
    pub path: String,
    /// What a request must bring.
    pub requirement: Requirement,
}

impl ResourceServer {
    /// A router that takes no route without a requirement.
    ///
    /// # Example
    /// ```
    /// use axum::routing::get;
    /// use bearward::{ResourceServer, open};
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let app: axum::Router = api.router().route("/", open(), get(async || "hello")).into_router();
    /// ```
    #[must_use]
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> GuardedRouter<S> {
        GuardedRouter { server: self.clone(), router: Router::new(), routes: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> GuardedRouter<S> {
    /// Adds a route with what it needs.
    ///
    /// A path may be added again for other methods, with another requirement.
    ///
    /// # Panics
    /// As [`axum::Router::route`]: when the path is malformed, or has the method already.
    ///
    /// # Example
    /// ```
    /// use axum::routing::{get, post};
    /// use bearward::{ResourceServer, scope, token};
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let router = api
    ///     .router::<()>()
    ///     .route("/messages", scope("read:messages"), get(async || "all"))
    ///     .route("/messages/{id}/like", token(), post(async || "liked"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn route(
        mut self,
        path: &str,
        requirement: Requirement,
        handler: MethodRouter<S, Infallible>,
    ) -> GuardedRouter<S> {
        let guard = self.server.require(requirement.clone());
        self.router = self.router.route(path, handler.layer(guard));
        self.routes.push(GuardedRoute { path: path.to_owned(), requirement });
        self
    }

    /// The route table, in the order in which the routes were added.
    ///
    /// # Example
    /// ```
    /// use axum::routing::get;
    /// use bearward::{ResourceServer, open};
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let router = api.router::<()>().route("/", open(), get(async || "hello"));
    /// assert_eq!(router.routes().len(), 1);
    /// ```
    #[must_use]
    pub fn routes(&self) -> &[GuardedRoute] {
        &self.routes
    }

    /// The plain [`axum::Router`], to serve, to nest, to merge, or to give a state.
    ///
    /// # Example
    /// ```
    /// use axum::routing::get;
    /// use bearward::{ResourceServer, open};
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let app: axum::Router = api.router().route("/", open(), get(async || "hello")).into_router();
    /// ```
    pub fn into_router(self) -> Router<S> {
        self.router
    }
}
