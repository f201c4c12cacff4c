//! What a request at `/authorize` asks for, once it is known whom to answer.

use serde::{Deserialize, Serialize};

use super::prompt::Prompt;
use super::{AuthorizationError, BrowserParameters, ReturnPath, pkce};
use crate::id_token_hint::IdTokenHint;
use crate::model::{Application, GrantType, is_scope_token};
use crate::tenant::Tenant;

/// A request that makes sense. It is kept as JSON while it waits for login or consent.
///
/// Source: RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) back: ReturnPath,
    pub(crate) code_challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    /// Identifier of the API; none for a token that is good at `/userinfo` alone.
    pub(crate) audience: Option<String>,
    /// As asked for, each once.
    pub(crate) scopes: Vec<String>,
    pub(crate) prompt: Prompt,
    /// In seconds: how long ago the password may have been given.
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
    /// The user that `id_token_hint` names. No one else will do.
    pub(crate) expected_user: Option<String>,
}

impl AuthorizationRequest {
    /// Reads the rest of the request. `display`, `ui_locales`, `acr_values`, `claims`,
    /// `screen_hint` and whatever else there is are ignored.
    pub(crate) async fn read(
        tenant: &Tenant,
        parameters: &BrowserParameters,
        application: &Application,
        back: ReturnPath,
    ) -> Result<AuthorizationRequest, AuthorizationError> {
        if let Some(name) = parameters.first_repeated() {
            let says = format!("a parameter is given more than once: {name}");
            return Err(AuthorizationError::invalid_request("repeated_parameter", says));
        }
        if parameters.text("request").is_some() {
            return Err(AuthorizationError::REQUEST_NOT_SUPPORTED);
        }
        if parameters.text("request_uri").is_some() {
            return Err(AuthorizationError::REQUEST_URI_NOT_SUPPORTED);
        }
        match parameters.text("response_type") {
            Some("code") => {}
            Some(_) => return Err(AuthorizationError::UNSUPPORTED_RESPONSE_TYPE),
            None => return Err(AuthorizationError::missing("response_type")),
        }
        if !application.may_use(GrantType::AuthorizationCode) {
            return Err(AuthorizationError::UNAUTHORIZED_CLIENT);
        }
        back.check(parameters.text("response_mode"))?;
        let max_age = match parameters.text("max_age").map(str::parse::<u32>) {
            None => None,
            Some(Ok(seconds)) => Some(i64::from(seconds)),
            Some(Err(_)) => {
                return Err(AuthorizationError::invalid_request(
                    "max_age_malformed",
                    "expected max_age in whole seconds",
                ));
            }
        };
        let expected_user = match parameters.text("id_token_hint") {
            Some(hint) => match IdTokenHint::read(tenant, hint).await? {
                Some(hint) => Some(hint.sub),
                None => return Err(AuthorizationError::INVALID_ID_TOKEN_HINT),
            },
            None => None,
        };
        Ok(AuthorizationRequest {
            client_id: application.client_id.clone(),
            back,
            code_challenge: pkce::challenge(parameters, application.is_public())?,
            nonce: parameters.owned("nonce"),
            audience: audience(tenant, parameters).await?,
            scopes: scopes(parameters.text("scope").unwrap_or_default())?,
            prompt: Prompt::parse(parameters.text("prompt").unwrap_or_default())?,
            max_age,
            login_hint: parameters.owned("login_hint"),
            expected_user,
        })
    }
}

fn scopes(text: &str) -> Result<Vec<String>, AuthorizationError> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
        if !is_scope_token(scope) {
            return Err(AuthorizationError::INVALID_SCOPE);
        }
        if !scopes.iter().any(|other| other == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// The API that the token is for: `audience`, Auth0's word, or `resource`, the standard's. Older
/// SDKs of Auth0 name `/userinfo` itself when they want no API.
///
/// Source: RFC 8707 section 2.
async fn audience(
    tenant: &Tenant,
    parameters: &BrowserParameters,
) -> Result<Option<String>, AuthorizationError> {
    let (audience, resource) = (parameters.text("audience"), parameters.text("resource"));
    if let (Some(audience), Some(resource)) = (audience, resource)
        && audience != resource
    {
        return Err(AuthorizationError::INVALID_TARGET);
    }
    let Some(identifier) = audience.or(resource) else { return Ok(None) };
    if identifier.strip_prefix(tenant.issuer()) == Some("userinfo") {
        return Ok(None);
    }
    match tenant.store().api(identifier).await? {
        Some(api) => Ok(Some(api.identifier)),
        None if audience.is_some() => Err(AuthorizationError::unknown_audience(identifier)),
        None => Err(AuthorizationError::INVALID_TARGET),
    }
}
