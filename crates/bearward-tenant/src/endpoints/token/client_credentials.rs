//! The grant `client_credentials`: an application asks for itself, without a user.
//!
//! Source: RFC 6749 section 4.4.

use super::Issued;
use crate::access_token::{self, AccessToken, Audience, Subject};
use crate::model::{Application, Event, GrantType, ScopeRefused};
use crate::protocol::{Parameters, Refusal};
use crate::tenant::Tenant;

pub(super) async fn issue(
    tenant: &Tenant,
    application: &Application,
    parameters: &Parameters,
) -> Result<Issued, Refusal> {
    check_grant_type(application)?;
    let audience = audience(tenant, parameters).await?;
    let requested = parameters.text("scope")?.unwrap_or_default();
    issue_for(tenant, application, audience, requested).await
}

fn check_grant_type(application: &Application) -> Result<(), Refusal> {
    if application.is_public() || !application.may_use(GrantType::ClientCredentials) {
        return Err(Refusal::GrantTypeNotAllowed("client_credentials"));
    }
    Ok(())
}

/// The same for an application and an audience that are known; `requested` is a scope, or empty for
/// all that is granted.
pub(super) async fn issue_for(
    tenant: &Tenant,
    application: &Application,
    audience: &str,
    requested: &str,
) -> Result<Issued, Refusal> {
    check_grant_type(application)?;
    let Some(api) = tenant.store().api(audience).await? else {
        return Err(Refusal::UnknownAudience(audience.to_owned()));
    };
    let Some(grant) = tenant.store().grant(&application.client_id, audience).await? else {
        return Err(Refusal::NoGrant {
            client_id: application.client_id.clone(),
            audience: audience.to_owned(),
        });
    };
    let scopes = grant.scopes_for(requested).map_err(|refused| match refused {
        ScopeRefused::Malformed => Refusal::MalformedScope,
        ScopeRefused::NotGranted(missing) => Refusal::ScopesNotGranted(missing),
    })?;
    let key = tenant.keys().current(api.signing_algorithm, tenant.clock()).await?;
    let token = AccessToken {
        issuer: tenant.issuer(),
        subject: Subject::Application,
        audience: Audience::Api(&api),
        client_id: &application.client_id,
        scopes: &scopes,
        permissions: Some(&scopes),
        grant_type: GrantType::ClientCredentials,
        lifetime: api.token_lifetime,
        issued_at: tenant.clock().now(),
    };
    let access_token = access_token::sign(&token, &key)?;
    let scope = scopes.join(" ");
    let application_name = application.name.as_str();
    let client_id = application.client_id.as_str();
    tracing::info!(client_id, application_name, audience, scope, "token issued");
    tenant.record(Event {
        event: "token",
        detail: "client_credentials".to_owned(),
        client_id: Some(client_id.to_owned()),
        audience: Some(audience.to_owned()),
        scope: Some(scope.clone()),
        ..Event::default()
    });
    Ok(Issued {
        access_token,
        scope,
        expires_in: api.token_lifetime.as_secs(),
        token_type: "Bearer",
        id_token: None,
        refresh_token: None,
    })
}

/// The API that the token is for: `audience`, Auth0's word, or `resource`, the standard's.
///
/// An unknown `audience` gets Auth0's answer further on; an unknown `resource` gets the standard's.
///
/// Source: RFC 8707 section 2.
async fn audience<'a>(tenant: &Tenant, parameters: &'a Parameters) -> Result<&'a str, Refusal> {
    match (parameters.text("audience")?, parameters.text("resource")?) {
        (Some(audience), None) => Ok(audience),
        (Some(audience), Some(resource)) if audience == resource => Ok(audience),
        (None, Some(resource)) => match tenant.store().api(resource).await? {
            Some(_) => Ok(resource),
            None => Err(Refusal::InvalidTarget),
        },
        (Some(_), Some(_)) => Err(Refusal::InvalidTarget),
        (None, None) => Err(Refusal::NoAudience),
    }
}
