//! Access tokens that come back: the tenant as a resource server, with the library that guards
//! every other API.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bearward::{Clock, Issuer, JwkSet, Profile, ResourceServer};
use serde_json::Value;

use crate::error::TenantError;

/// Checks the access tokens that name this tenant as their audience.
///
/// It takes the keys that are published at that moment: a token whose key was revoked is refused at
/// once, where other APIs refuse it after their next fetch.
pub(crate) struct OwnTokens {
    issuer: String,
    audience: String,
    clock: SharedClock,
    /// The last one, with the key set that it was made for.
    server: Mutex<Option<(Value, ResourceServer)>>,
}

impl OwnTokens {
    pub(crate) fn new(issuer: &str, audience: String, clock: Arc<dyn Clock>) -> OwnTokens {
        let clock = SharedClock(clock);
        OwnTokens { issuer: issuer.to_owned(), audience, clock, server: Mutex::default() }
    }

    /// What checks tokens by these keys.
    pub(crate) fn server(&self, published: Value) -> Result<ResourceServer, TenantError> {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((keys, server)) = &*server
            && *keys == published
        {
            return Ok(server.clone());
        }
        let unusable = "the tenant cannot check its own tokens";
        let keys = JwkSet::parse(published.to_string().as_bytes())
            .map_err(|error| TenantError::surroundings(unusable, error))?;
        // Both dialects fit this profile, and no ID token does.
        let made = Issuer::new(self.issuer.as_str())
            .and_then(|issuer| issuer.profile(Profile::AUTH0).jwks(keys))
            .and_then(|issuer| ResourceServer::new(issuer, self.audience.as_str()))
            .and_then(|server| server.clock(self.clock.clone()))
            // One clock writes and reads.
            .and_then(|server| server.skew(Duration::ZERO))
            .map_err(|error| TenantError::surroundings(unusable, error))?;
        *server = Some((published, made.clone()));
        Ok(made)
    }
}

/// The tenant's clock, for the library.
#[derive(Clone, Debug)]
struct SharedClock(Arc<dyn Clock>);

impl Clock for SharedClock {
    fn now(&self) -> std::time::SystemTime {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
