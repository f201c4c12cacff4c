//! Handlers take `AccessToken`, `AccessToken<MyClaims>` or `Option<AccessToken>`.

use axum::body::Body;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::access_token::AccessToken;
use crate::rejection::{Reason, Rejection};
use crate::tower::{Passed, passed, respond};

/// The challenge of RFC 6750 as a response; 503 with `Retry-After` where keys are missing.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        respond::<Body>(self)
    }
}

/// The token that the guard of this route verified. Without a guard: 500 and an error in the log,
/// never a request taken for anonymous.
impl<S: Sync, C: DeserializeOwned> FromRequestParts<S> for AccessToken<C> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<AccessToken<C>, Rejection> {
        let passed = guard(parts)?;
        match &passed.token {
            Some(token) => typed(token, passed),
            None => Err(passed.no_token()),
        }
    }
}

/// `None` where the guard let the request through without a token. Without a guard: 500.
impl<S: Sync, C: DeserializeOwned> OptionalFromRequestParts<S> for AccessToken<C> {
    type Rejection = Rejection;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Option<AccessToken<C>>, Rejection> {
        let passed = guard(parts)?;
        passed.token.as_ref().map(|token| typed(token, passed)).transpose()
    }
}

fn guard(parts: &Parts) -> Result<&Passed, Rejection> {
    passed(&parts.extensions).ok_or_else(|| {
        let path = parts.uri.path();
        tracing::error!(path, "a handler takes an access token, but its route has no guard");
        Rejection::new(Reason::GuardMissing, "the route of this handler has no guard")
    })
}

fn typed<C: DeserializeOwned>(
    token: &AccessToken,
    passed: &Passed,
) -> Result<AccessToken<C>, Rejection> {
    token.clone().typed().map_err(|rejection| rejection.of(passed.server.protection()))
}
