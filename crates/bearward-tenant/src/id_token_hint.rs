//! An ID token that a client hands back, to say whom it means.

use serde::Deserialize;

use crate::error::TenantError;
use crate::tenant::Tenant;

/// What an ID token of ours says, be it expired or not.
///
/// It checks the signature, with every key that is not revoked, and the issuer; not the times.
///
/// Source: OpenID Connect RP-Initiated Logout section 2 (expired ones are accepted), OpenID Connect Core
/// section 3.1.2.1.
#[derive(Deserialize)]
pub(crate) struct IdTokenHint {
    iss: String,
    pub(crate) sub: String,
    /// The application that it was written for; access tokens have an API here.
    #[serde(rename = "aud")]
    pub(crate) client_id: String,
    pub(crate) sid: Option<String>,
}

impl IdTokenHint {
    /// None when it is not an ID token of ours.
    pub(crate) async fn read(
        tenant: &Tenant,
        token: &str,
    ) -> Result<Option<IdTokenHint>, TenantError> {
        let Some(payload) = tenant.keys().own_payload(token).await? else { return Ok(None) };
        let Ok(hint) = serde_json::from_slice::<IdTokenHint>(&payload) else { return Ok(None) };
        if hint.iss != tenant.issuer() {
            return Ok(None);
        }
        let application = tenant.store().application(&hint.client_id).await?;
        Ok(application.is_some().then_some(hint))
    }
}
