//! The grant `refresh_token`: new tokens for old, while the user is away.
//!
//! Each use gives a new refresh token and ends the old one. There is no leeway for a client that
//! did not hear the answer, which is Auth0's default too: whoever shows an old token ends the
//! family, because nobody can tell a thief from a client that tries again.
//!
//! Source: RFC 6749 section 6, RFC 9700 section 4.14.2.

use super::Issued;
use super::user_tokens::{RefreshToken, UserGrant};
use crate::model::{Application, Event, GrantType, TokenFamily, is_scope_token};
use crate::protocol::{InvalidGrant, Parameters, Refusal};
use crate::store::refresh_tokens::KeptRefreshToken;
use crate::tenant::Tenant;

pub(super) async fn issue(
    tenant: &Tenant,
    application: &Application,
    parameters: &Parameters,
    asked: &mut Event,
) -> Result<Issued, Refusal> {
    if !application.may_use(GrantType::RefreshToken) {
        return Err(Refusal::GrantTypeNotAllowed("refresh_token"));
    }
    let old =
        parameters.text("refresh_token")?.ok_or(Refusal::MissingParameter("refresh_token"))?;
    let kept = tenant.store().refresh_token(old).await?;
    let kept = kept.ok_or(InvalidGrant::RefreshTokenUnknown)?;
    let family = &kept.family;
    asked.about(family);
    check(tenant, application, &kept).await?;
    check_audience(family, parameters)?;

    let refresh = GrantType::RefreshToken;
    let user_gone = InvalidGrant::UserGone;
    let mut grant = UserGrant::read(tenant, application, family, refresh, user_gone).await?;
    if !grant.has("offline_access") {
        return Err(InvalidGrant::OfflineAccessTakenAway.into());
    }
    narrow(&mut grant, parameters.text("scope")?)?;
    let mut issued = grant.tokens(None).await?;
    let new = RefreshToken::until(kept.expires_at, tenant.now())?;
    if !tenant.store().rotate_refresh_token(old, &family.id, &new.kept(), tenant.now()).await? {
        return Err(InvalidGrant::RefreshTokenUsedBefore.into());
    }
    issued.refresh_token = Some(new.into_text());
    grant.record(&issued);
    Ok(issued)
}

/// Whether the token is good in this client's hands. Another client's attempt changes nothing: it
/// would be a way to end logins that are not its own.
async fn check(
    tenant: &Tenant,
    application: &Application,
    kept: &KeptRefreshToken,
) -> Result<(), Refusal> {
    let now = tenant.now();
    if kept.family.client_id != application.client_id {
        return Err(InvalidGrant::RefreshTokenOfAnotherClient.into());
    }
    if kept.rotated {
        tenant.store().revoke_family(&kept.family.id, now).await?;
        return Err(InvalidGrant::RefreshTokenUsedBefore.into());
    }
    if kept.family_revoked {
        return Err(InvalidGrant::RefreshTokenRevoked.into());
    }
    if kept.expires_at <= now {
        return Err(InvalidGrant::RefreshTokenExpired.into());
    }
    if kept.idle_expires_at <= now {
        return Err(InvalidGrant::RefreshTokenIdle.into());
    }
    Ok(())
}

/// The API stays the one of the login.
///
/// Source: RFC 8707 section 2.2.
fn check_audience(family: &TokenFamily, parameters: &Parameters) -> Result<(), Refusal> {
    for name in ["audience", "resource"] {
        if let Some(audience) = parameters.text(name)?
            && family.audience.as_deref() != Some(audience)
        {
            return Err(Refusal::InvalidTarget);
        }
    }
    Ok(())
}

/// Leaves in the access token what is asked for. What the login did not give refuses the request; a
/// permission that it gave and that was taken away since is left out.
fn narrow(grant: &mut UserGrant<'_>, asked: Option<&str>) -> Result<(), Refusal> {
    let Some(asked) = asked else {
        return Ok(());
    };
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    let given: Vec<&str> = grant.family.scope.split(' ').collect();
    let wider: Vec<&str> = asked.iter().copied().filter(|scope| !given.contains(scope)).collect();
    if wider.iter().any(|scope| !is_scope_token(scope)) {
        return Err(Refusal::MalformedScope);
    }
    if !wider.is_empty() {
        return Err(Refusal::ScopeTooWide(wider.into_iter().map(str::to_owned).collect()));
    }
    if !asked.is_empty() {
        grant.scopes.retain(|scope| asked.contains(&scope.as_str()));
    }
    Ok(())
}
