//! The grant `authorization_code`: the tokens of a user who has just logged in.
//!
//! Source: RFC 6749 section 4.1.3, RFC 7636 section 4.6, OpenID Connect Core section 3.1.3.

use super::Issued;
use super::user_tokens::{RefreshToken, UserGrant};
use crate::model::{Application, Event, GrantType, challenge_matches, is_code_verifier};
use crate::protocol::{InvalidGrant, Parameters, Refusal};
use crate::store::authorization_codes::{RedeemedCode, Redemption};
use crate::tenant::Tenant;

pub(super) async fn issue(
    tenant: &Tenant,
    application: &Application,
    parameters: &Parameters,
    asked: &mut Event,
) -> Result<Issued, Refusal> {
    if !application.may_use(GrantType::AuthorizationCode) {
        return Err(Refusal::GrantTypeNotAllowed("authorization_code"));
    }
    let code = parameters.text("code")?.ok_or(Refusal::MissingParameter("code"))?;
    let redirect_uri =
        parameters.text("redirect_uri")?.ok_or(Refusal::MissingParameter("redirect_uri"))?;
    let verifier = parameters.text("code_verifier")?;

    // From here on the code is spent, even if the rest of the request is wrong: whoever guesses has
    // one guess, and a code that was stolen and tried is no longer good for anything.
    let redeemed = match tenant.store().redeem_code(code, tenant.now()).await? {
        Redemption::Code(redeemed) => redeemed,
        Redemption::Again(family) => {
            asked.about(&family);
            return Err(InvalidGrant::CodeUsedBefore.into());
        }
        Redemption::Unknown => return Err(InvalidGrant::CodeUnknown.into()),
    };
    let family = &redeemed.family;
    asked.about(family);
    if redeemed.family_revoked {
        return Err(InvalidGrant::CodeRevoked.into());
    }
    if family.client_id != application.client_id {
        return Err(InvalidGrant::CodeOfAnotherClient.into());
    }
    check(&redeemed, redirect_uri, verifier, tenant.now())?;

    let code_grant = GrantType::AuthorizationCode;
    let user_gone = InvalidGrant::CodeRevoked;
    let grant = UserGrant::read(tenant, application, family, code_grant, user_gone).await?;
    let mut issued = grant.tokens(redeemed.nonce.as_deref()).await?;
    if grant.has("offline_access") {
        let refresh_token = RefreshToken::first(tenant.now())?;
        let kept = refresh_token.kept();
        tenant.store().insert_refresh_token(&family.id, &kept, tenant.now()).await?;
        issued.refresh_token = Some(refresh_token.into_text());
    }
    grant.record(&issued);
    Ok(issued)
}

/// What the code is bound to, besides its client.
fn check(
    code: &RedeemedCode,
    redirect_uri: &str,
    verifier: Option<&str>,
    now: i64,
) -> Result<(), InvalidGrant> {
    if code.expires_at <= now {
        return Err(InvalidGrant::CodeExpired);
    }
    if code.redirect_uri != redirect_uri {
        return Err(InvalidGrant::RedirectUriDiffers);
    }
    match (&code.code_challenge, verifier) {
        (None, None) => Ok(()),
        // Else an attacker could take the challenge out of the request at /authorize (RFC 9700
        // section 4.8.2).
        (None, Some(_)) => Err(InvalidGrant::VerifierWithoutChallenge),
        (Some(_), None) => Err(InvalidGrant::VerifierMissing),
        (Some(_), Some(verifier)) if !is_code_verifier(verifier) => {
            Err(InvalidGrant::VerifierMalformed)
        }
        (Some(challenge), Some(verifier)) if challenge_matches(challenge, verifier) => Ok(()),
        (Some(_), Some(_)) => Err(InvalidGrant::VerifierWrong),
    }
}
