//! What a handler sees.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::claims::Claims;
use crate::rejection::{Reason, Rejection};
use crate::verified_cache::Verified;

/// An access token that passed every check: signature, issuer, kind, audience, time, and the
/// checks of your own.
///
/// Only a [`ResourceServer`](crate::ResourceServer) makes one. It says what the issuer claims;
/// whether that allows a request is what a [`Requirement`](crate::Requirement) says. All of
/// [`Claims`] can be read through it. With a type of your own, `AccessToken<MyClaims>`, the claims
/// are also at hand as that type; a token whose claims do not fit it is refused with 401.
///
/// Cheap to clone. `Debug` shows neither the token nor its claims.
///
/// # Example
/// ```
/// use bearward::AccessToken;
/// use serde::Deserialize;
///
/// #[derive(Clone, Deserialize)]
/// struct Company {
///     org_id: String,
/// }
///
/// async fn hello(token: AccessToken<Company>) -> String {
///     format!("hello {} of {}", token.subject(), token.claims().org_id)
/// }
/// ```
pub struct AccessToken<C = NoClaims> {
    verified: Arc<Verified>,
    typed: Typed<C>,
}

/// Claims of one's own: shared by all who hold the token, but for those that take no memory.
enum Typed<C> {
    Own(C),
    Shared(Arc<C>),
}

/// The default of [`AccessToken`]: no claims of one's own are asked for, and none are read.
///
/// # Example
/// ```
/// use bearward::{AccessToken, NoClaims};
/// fn plain(token: AccessToken) -> AccessToken<NoClaims> {
///     token
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoClaims;

impl<'de> Deserialize<'de> for NoClaims {
    /// Reads nothing at all, so that the default costs nothing.
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<NoClaims, D::Error> {
        Ok(NoClaims)
    }
}

impl AccessToken {
    pub(crate) fn new(verified: Arc<Verified>) -> AccessToken {
        AccessToken { verified, typed: Typed::Own(NoClaims) }
    }

    /// The same token with its claims as `C`.
    ///
    /// Requests that bring the same token may share one value, for as long as the token is
    /// remembered: it is no place for what belongs to one request.
    ///
    /// # Errors
    /// `claims_shape` when the claims do not fit `C`.
    ///
    /// # Example
    /// ```
    /// use bearward::{AccessToken, Rejection};
    /// use serde::Deserialize;
    ///
    /// #[derive(Clone, Deserialize)]
    /// struct Company {
    ///     org_id: String,
    /// }
    ///
    /// fn company(token: AccessToken) -> Result<String, Rejection> {
    ///     Ok(token.typed::<Company>()?.claims().org_id.clone())
    /// }
    /// ```
    pub fn typed<C>(self) -> Result<AccessToken<C>, Rejection>
    where
        C: DeserializeOwned + Send + Sync + 'static,
    {
        let typed = if size_of::<C>() == 0 {
            Typed::Own(self.read()?)
        } else {
            Typed::Shared(self.shared()?)
        };
        Ok(AccessToken { verified: self.verified, typed })
    }

    /// The first type asked for is kept with the token, so that a token seen again is not read
    /// again.
    fn shared<C>(&self) -> Result<Arc<C>, Rejection>
    where
        C: DeserializeOwned + Send + Sync + 'static,
    {
        let kept = self.verified.typed.get().cloned();
        if let Some(Ok(kept)) = kept.map(Arc::downcast) {
            return Ok(kept);
        }
        let typed = Arc::new(self.read::<C>()?);
        // Where another type is kept already, it stays.
        let _ = self.verified.typed.set(typed.clone());
        Ok(typed)
    }

    fn read<C: DeserializeOwned>(&self) -> Result<C, Rejection> {
        // The text is known to be one JSON object and nothing else: what `C` leaves unread needs
        // no look.
        let mut reader = serde_json::Deserializer::from_str(self.as_json());
        C::deserialize(&mut reader).map_err(|error| {
            // Other texts of this error may repeat a value of the token.
            let text = error.to_string();
            let missing = text.starts_with("missing field `");
            let name = text.split('`').nth(1).filter(|_| missing);
            let what = match name {
                Some(name) => format!("the claim {name} is missing"),
                None => format!("column {} does not fit", error.column()),
            };
            Rejection::new(
                Reason::ClaimsShape,
                format!("the claims do not fit the type asked for: {what}"),
            )
        })
    }
}

impl<C> AccessToken<C> {
    /// The claims as the type asked for.
    ///
    /// # Example
    /// ```
    /// # use bearward::{AccessToken, NoClaims};
    /// fn nothing(token: &AccessToken) -> NoClaims {
    ///     *token.claims()
    /// }
    /// ```
    #[must_use]
    pub fn claims(&self) -> &C {
        match &self.typed {
            Typed::Own(typed) => typed,
            Typed::Shared(typed) => typed,
        }
    }
}

impl<C> Deref for AccessToken<C> {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.verified.claims
    }
}

impl<C: Clone> Clone for AccessToken<C> {
    fn clone(&self) -> AccessToken<C> {
        let typed = match &self.typed {
            Typed::Own(typed) => Typed::Own(typed.clone()),
            Typed::Shared(typed) => Typed::Shared(Arc::clone(typed)),
        };
        AccessToken { verified: Arc::clone(&self.verified), typed }
    }
}

impl<C> fmt::Debug for AccessToken<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").finish_non_exhaustive()
    }
}
