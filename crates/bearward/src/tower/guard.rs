//! The layer and the service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::header::AUTHORIZATION;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::respond::respond;
use crate::access_token::AccessToken;
use crate::credentials::Credentials;
use crate::explain::Explanation;
use crate::rejection::{Rejection, RejectionKind};
use crate::requirement::{Access, Requirement, all_of, optional, scope, token};
use crate::resource_server::{PendingVerdict, ResourceServer, Verdict};

/// Puts a [`Guard`] before a service.
///
/// # Example
/// ```
/// use bearward::{ResourceServer, tower::GuardLayer};
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("http://localhost:1/", "http://localhost:2")?;
/// let layer: GuardLayer = api.require_scope("read:messages");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a layer guards what it is put around"]
pub struct GuardLayer {
    server: ResourceServer,
    requirement: Arc<Requirement>,
}

/// Lets a request through to the inner service only if it brings what is required; else answers
/// with the challenge of RFC 6750.
///
/// The verified [`AccessToken`] travels in the request's extensions, where the extractors of
/// [`axum`](crate::axum) find it. In a guard within a guard of the same server the token is
/// verified once, the requirements add up, and the challenge names both; a guard of another server
/// verifies anew. The answer to a refused request carries the [`Rejection`] in its extensions, so
/// that layers outside can log and count reasons. The inner service is not called for a refused
/// request. Its response body must be one that can be made of a `String`, as those of axum and
/// `http-body-util` can.
///
/// # Example
/// ```
/// use bearward::{ResourceServer, tower::Guard};
/// use tower_layer::Layer;
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("http://localhost:1/", "http://localhost:2")?;
/// let guarded: Guard<&str> = api.require_token().layer("an inner service");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Guard<S> {
    inner: S,
    layer: GuardLayer,
}

/// What a guard leaves in the extensions of a request that it let through.
#[derive(Clone)]
pub(crate) struct Passed {
    pub(crate) token: Option<AccessToken>,
    /// What this guard and the ones outside of it ask for together.
    requirement: Arc<Requirement>,
    pub(crate) server: ResourceServer,
}

/// What the guard of an open route leaves: it looked at no token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotLooked;

/// What the guard of this request left, if there was one that looks at tokens.
pub(crate) fn passed(extensions: &http::Extensions) -> Option<&Passed> {
    extensions.get::<Passed>()
}

impl ResourceServer {
    /// A layer that demands a valid access token.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let layer = api.require_token();
    /// ```
    pub fn require_token(&self) -> GuardLayer {
        self.require(token())
    }

    /// A layer that demands a valid access token with this scope.
    ///
    /// # Panics
    /// As [`scope`]: when the text is not one scope.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let layer = api.require_scope("read:messages");
    /// ```
    #[track_caller]
    pub fn require_scope(&self, name: impl Into<std::borrow::Cow<'static, str>>) -> GuardLayer {
        self.require(scope(name))
    }

    /// A layer that lets requests without a token through, and refuses bad tokens all the same.
    /// Handlers take `Option<AccessToken>`.
    ///
    /// # Example
    /// ```
    /// # use bearward::ResourceServer;
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let layer = api.optional_token();
    /// ```
    pub fn optional_token(&self) -> GuardLayer {
        self.require(optional())
    }

    /// A layer for any requirement. Also starts fetching the keys.
    ///
    /// # Example
    /// ```
    /// use bearward::{any_of, permission, scope};
    /// # use bearward::ResourceServer;
    /// # let api = ResourceServer::new("http://localhost:1/", "http://localhost:2").unwrap();
    /// let layer = api.require(any_of([scope("read:messages"), permission("read:messages")]));
    /// ```
    pub fn require(&self, requirement: Requirement) -> GuardLayer {
        self.announce(&requirement);
        GuardLayer { server: self.clone(), requirement: Arc::new(requirement) }
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard { inner, layer: self.clone() }
    }
}

/// The guard's answer to a request, before the inner service is asked.
enum Decision {
    /// The header is not looked at.
    Forward,
    Pass(Passed),
    Refuse(Rejection),
    Wait(PendingVerdict),
}

impl GuardLayer {
    fn decide<B>(&self, request: &Request<B>) -> Decision {
        let access = self.requirement.access();
        if access == Access::Open {
            return Decision::Forward;
        }
        let outer = passed(request.extensions()).filter(|outer| outer.server.is(&self.server));
        if let Some(outer) = outer {
            return self.decide_again(outer);
        }
        let lines = request.headers().get_all(AUTHORIZATION);
        let lines = lines.iter().map(http::HeaderValue::as_bytes);
        match Credentials::read(lines, request.uri().query()) {
            Ok(credentials) => self.decided(self.server.check_now(credentials, &self.requirement)),
            Err(none)
                if access == Access::Optional && none.kind() == RejectionKind::NoCredentials =>
            {
                Decision::Pass(self.passed(None))
            }
            Err(rejection) => Decision::Refuse(rejection.of(self.server.protection())),
        }
    }

    /// The token was verified by a guard outside of this one: only the requirements add up.
    fn decide_again(&self, outer: &Passed) -> Decision {
        let both = all_of([(*outer.requirement).clone(), (*self.requirement).clone()]);
        let Some(token) = &outer.token else {
            return match self.requirement.access() {
                Access::Required => Decision::Refuse(outer.no_token()),
                _ => Decision::Pass(outer.clone()),
            };
        };
        match both.check(token) {
            Ok(()) => Decision::Pass(Passed { requirement: Arc::new(both), ..outer.clone() }),
            Err(rejection) => Decision::Refuse(rejection.of(self.server.protection())),
        }
    }

    fn decided(&self, verdict: Verdict) -> Decision {
        match verdict {
            Verdict::Allowed(token) => Decision::Pass(self.passed(Some(token))),
            Verdict::Refused(rejection) => Decision::Refuse(rejection),
            Verdict::Pending(pending) => Decision::Wait(pending),
        }
    }

    fn passed(&self, token: Option<AccessToken>) -> Passed {
        Passed { token, requirement: Arc::clone(&self.requirement), server: self.server.clone() }
    }
}

impl Passed {
    /// The refusal for a handler or guard that demands the token which this request lacks.
    pub(crate) fn no_token(&self) -> Rejection {
        crate::credentials::none().of(self.server.protection())
    }
}

impl<S, B, ResBody> Service<Request<B>> for Guard<S>
where
    S: Service<Request<B>, Response = Response<ResBody>> + Clone,
    ResBody: From<String>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = GuardFuture<S, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> GuardFuture<S, B> {
        let asked = Asked::of(&self.layer, &request);
        let state = match self.layer.decide(&request) {
            Decision::Forward => {
                request.extensions_mut().insert(NotLooked);
                State::Inner { future: self.inner.call(request) }
            }
            Decision::Pass(passed) => {
                request.extensions_mut().insert(passed);
                State::Inner { future: self.inner.call(request) }
            }
            Decision::Refuse(rejection) => State::Refused { rejection: Some(rejection) },
            Decision::Wait(pending) => {
                // The clone waits, so that the service that is ready now serves somebody else.
                let waiting =
                    Waiting { inner: self.inner.clone(), layer: self.layer.clone(), request };
                State::Waiting { waiting: Some(Box::new(waiting)), pending }
            }
        };
        GuardFuture { state, asked }
    }
}

/// A request whose key is being fetched.
struct Waiting<S, B> {
    inner: S,
    layer: GuardLayer,
    request: Request<B>,
}

/// What a refusal is told of the request: kept only where refusals are explained.
struct Asked(Option<Box<Explained>>);

struct Explained {
    layer: GuardLayer,
    method: http::Method,
    path: String,
    authorization: String,
}

impl Asked {
    fn of<B>(layer: &GuardLayer, request: &Request<B>) -> Asked {
        let explained = || {
            let line = request.headers().get(AUTHORIZATION).map(http::HeaderValue::as_bytes);
            Box::new(Explained {
                layer: layer.clone(),
                method: request.method().clone(),
                path: request.uri().path().to_owned(),
                authorization: String::from_utf8_lossy(line.unwrap_or_default()).into_owned(),
            })
        };
        Asked(layer.server.explains().then(explained))
    }

    fn tell(&self, rejection: &Rejection) {
        tell(rejection, self.0.as_ref().map(|explained| explained.line(rejection)));
    }
}

impl Explained {
    fn line(&self, rejection: &Rejection) -> String {
        let GuardLayer { server, requirement } = &self.layer;
        let explanation =
            Explanation::new(server, &self.authorization, requirement, Some(rejection.clone()));
        explanation.line(rejection, self.method.as_str(), &self.path)
    }
}

/// One event and one count for the operator, and this line on standard error where refusals are
/// explained.
#[allow(clippy::print_stderr, reason = "asked for by explain_refusals")]
pub(crate) fn tell(rejection: &Rejection, line: Option<String>) {
    tracing::debug!(code = rejection.code(), detail = %rejection, "request refused");
    crate::metrics::refused(rejection.code());
    if let Some(line) = line {
        eprintln!("{line}");
    }
}

pin_project! {
    /// The answer of a [`Guard`]: a refusal at once, the inner service's answer, or a wait for a
    /// key and then one of these.
    ///
    /// # Example
    /// ```
    /// use bearward::tower::{Guard, GuardFuture};
    /// fn named<S, B>(future: GuardFuture<S, B>) -> GuardFuture<S, B>
    /// where
    ///     S: tower_service::Service<http::Request<B>>,
    /// {
    ///     future
    /// }
    /// ```
    pub struct GuardFuture<S: Service<Request<B>>, B> {
        #[pin]
        state: State<S, S::Future, B>,
        asked: Asked,
    }
}

pin_project! {
    #[project = StateNow]
    enum State<S, F, B> {
        Refused { rejection: Option<Rejection> },
        Inner { #[pin] future: F },
        Waiting { waiting: Option<Box<Waiting<S, B>>>, pending: PendingVerdict },
        Ready { ready: Option<Box<Waiting<S, B>>> },
    }
}

impl<S, B, ResBody> Future for GuardFuture<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
    ResBody: From<String>,
{
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                StateNow::Inner { future } => return future.poll(context),
                StateNow::Refused { rejection } => {
                    let Some(rejection) = rejection.take() else { return Poll::Pending };
                    this.asked.tell(&rejection);
                    return Poll::Ready(Ok(respond(rejection)));
                }
                StateNow::Waiting { waiting, pending } => {
                    let verdict = ready!(Pin::new(pending).poll(context));
                    match (verdict, waiting.take()) {
                        (Ok(token), Some(mut waiting)) => {
                            let passed = waiting.layer.passed(Some(token));
                            waiting.request.extensions_mut().insert(passed);
                            State::Ready { ready: Some(waiting) }
                        }
                        (Err(rejection), _) => State::Refused { rejection: Some(rejection) },
                        (Ok(_), None) => return Poll::Pending,
                    }
                }
                StateNow::Ready { ready } => {
                    let Some(waiting) = ready.as_mut() else { return Poll::Pending };
                    if let Err(error) = ready!(waiting.inner.poll_ready(context)) {
                        return Poll::Ready(Err(error));
                    }
                    let Some(waiting) = ready.take() else { return Poll::Pending };
                    let Waiting { mut inner, request, .. } = *waiting;
                    State::Inner { future: inner.call(request) }
                }
            };
            this.state.set(next);
        }
    }
}
