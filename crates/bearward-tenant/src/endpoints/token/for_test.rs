//! Tokens that an administrator asks for in the dashboard's Test view: the same checks, the same
//! tokens and the same entries in the activity, without a secret or a login.

use super::user_tokens::UserGrant;
use super::{client_credentials, write_down};
use crate::model::{Application, Event, GrantType, TokenFamily, User};
use crate::protocol::{InvalidGrant, Refusal};
use crate::tenant::Tenant;

/// What an application gets by `client_credentials`.
pub(crate) async fn issue_to_application(
    tenant: &Tenant,
    application: &Application,
    audience: &str,
    scope: &str,
) -> Result<String, Refusal> {
    let issued = client_credentials::issue_for(tenant, application, audience, scope).await;
    match issued {
        Ok(issued) => Ok(issued.access_token),
        Err(refusal) => Err(written_down(tenant, refusal, application, None, audience, scope)),
    }
}

/// What an application gets for a user who logs in, with this scope granted. Of the scope the user
/// gets what the API and their permissions allow. There is no refresh token, and nothing is kept.
pub(crate) async fn issue_to_user(
    tenant: &Tenant,
    application: &Application,
    user: &User,
    audience: &str,
    scope: &str,
) -> Result<String, Refusal> {
    let issued = for_user(tenant, application, user, audience, scope).await;
    let refused = |refusal| written_down(tenant, refusal, application, Some(user), audience, scope);
    issued.map_err(refused)
}

async fn for_user(
    tenant: &Tenant,
    application: &Application,
    user: &User,
    audience: &str,
    scope: &str,
) -> Result<String, Refusal> {
    let by_code = GrantType::AuthorizationCode;
    if !application.may_use(by_code) {
        return Err(Refusal::GrantTypeNotAllowed(by_code.name()));
    }
    let family = TokenFamily {
        id: String::new(),
        client_id: application.client_id.clone(),
        user_id: user.user_id.clone(),
        sid: None,
        audience: Some(audience.to_owned()),
        scope: scope.to_owned(),
        auth_time: tenant.now(),
    };
    let gone = InvalidGrant::CodeRevoked;
    let grant = UserGrant::read(tenant, application, &family, by_code, gone).await?;
    let issued = grant.tokens(None).await?;
    grant.record(&issued);
    Ok(issued.access_token)
}

fn written_down(
    tenant: &Tenant,
    refusal: Refusal,
    application: &Application,
    user: Option<&User>,
    audience: &str,
    scope: &str,
) -> Refusal {
    let asked = Event {
        client_id: Some(application.client_id.clone()),
        user_id: user.map(|user| user.user_id.clone()),
        audience: Some(audience.to_owned()),
        scope: Some(scope.to_owned()).filter(|scope| !scope.is_empty()),
        ..Event::default()
    };
    write_down(tenant, &refusal, asked);
    refusal
}
