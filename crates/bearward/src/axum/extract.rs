//! Handlers take `AccessToken`, `AccessToken<MyClaims>` or `Option<AccessToken>`.

use axum::body::Body;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::access_token::AccessToken;
use crate::rejection::{Reason, Rejection};
use crate::tower::{NotLooked, Passed, passed, respond, tell};

/// The challenge of RFC 6750 as a response; 503 with `Retry-After` where keys are missing.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        respond::<Body>(self)
    }
}

/// The token that the guard of this route verified. Without a guard that looks at tokens: 500 and
/// an error in the log, never a request taken for anonymous.
impl<S: Sync, C: DeserializeOwned + Send + Sync + 'static> FromRequestParts<S> for AccessToken<C> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<AccessToken<C>, Rejection> {
        let passed = guard(parts)?;
        let token = match &passed.token {
            Some(token) => token.clone().typed(),
            None => Err(passed.no_token()),
        };
        token.map_err(|rejection| told(rejection, passed, parts))
    }
}

/// `None` where the guard let the request through without a token. Without a guard that looks at
/// tokens: 500.
impl<S: Sync, C: DeserializeOwned + Send + Sync + 'static> OptionalFromRequestParts<S>
    for AccessToken<C>
{
    type Rejection = Rejection;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Option<AccessToken<C>>, Rejection> {
        let passed = guard(parts)?;
        let token = passed.token.clone().map(AccessToken::typed).transpose();
        token.map_err(|rejection| told(rejection, passed, parts))
    }
}

fn guard(parts: &Parts) -> Result<&Passed, Rejection> {
    passed(&parts.extensions).ok_or_else(|| {
        let path = parts.uri.path();
        let detail = if parts.extensions.get::<NotLooked>().is_some() {
            "a handler takes an access token, but its route is open: use token() or optional()"
        } else {
            "a handler takes an access token, but its route has no guard"
        };
        tracing::error!(path, "{detail}");
        Rejection::new(Reason::GuardMissing, detail)
    })
}

/// A refusal by the extractor, told to the operator as one by the guard is.
fn told(rejection: Rejection, passed: &Passed, parts: &Parts) -> Rejection {
    let rejection = rejection.of(passed.server.protection());
    let line = || rejection.explain(parts.method.as_str(), parts.uri.path());
    tell(&rejection, passed.server.explains().then(line));
    rejection
}
