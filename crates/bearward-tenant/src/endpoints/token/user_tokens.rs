//! The tokens that speak for a user, by whichever grant they are asked for.

use super::Issued;
use crate::access_token::{self, AccessToken, Audience, Subject};
use crate::id_token::{self, IdToken};
use crate::model::{
    Api, Application, ApplicationType, Event, GrantType, SigningAlgorithm, TokenFamily, User,
    UserScopes,
};
use crate::protocol::Refusal;
use crate::random;
use crate::store::refresh_tokens::NewRefreshToken;
use crate::tenant::Tenant;

/// Auth0's default for an access token that no API has a lifetime for: a day.
const USERINFO_LIFETIME: std::time::Duration = std::time::Duration::from_secs(86_400);

/// Auth0's defaults: 30 days from the login, 15 days from the last use.
const REFRESH_TOKEN_SECONDS: i64 = 2_592_000;
const IDLE_REFRESH_TOKEN_SECONDS: i64 = 1_296_000;

/// What tokens for a user rest on, as it is now: permissions that were taken away since the login
/// are gone from here.
pub(super) struct UserGrant<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) application: &'a Application,
    pub(super) family: &'a TokenFamily,
    pub(super) grant_type: GrantType,
    user: User,
    api: Option<Api>,
    /// Of the family's scope what is still allowed.
    pub(super) scopes: Vec<String>,
    permissions: Option<Vec<String>>,
}

/// A new refresh token: its text, and until when it is good.
pub(super) struct RefreshToken {
    text: String,
    idle_expires_at: i64,
    expires_at: i64,
}

impl<'a> UserGrant<'a> {
    /// Looks at user, API and permissions. `user_gone` is the refusal for a user that is no more.
    pub(super) async fn read(
        tenant: &'a Tenant,
        application: &'a Application,
        family: &'a TokenFamily,
        grant_type: GrantType,
        user_gone: impl Into<Refusal>,
    ) -> Result<UserGrant<'a>, Refusal> {
        let Some(user) = tenant.store().user(&family.user_id).await? else {
            return Err(user_gone.into());
        };
        if user.blocked {
            return Err(Refusal::UserBlocked);
        }
        let api = match &family.audience {
            None => None,
            Some(audience) => {
                let api = tenant.store().api(audience).await?;
                Some(api.ok_or_else(|| Refusal::UnknownAudience(audience.clone()))?)
            }
        };
        let held = tenant.store().user_permissions(&user.user_id).await?;
        let scopes = UserScopes {
            asked: &family.scope,
            api: api.as_ref(),
            held: &held,
            may_refresh: application.may_use(GrantType::RefreshToken),
        };
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
        let (scopes, permissions) = (owned(scopes.granted()), scopes.permissions().map(owned));
        Ok(UserGrant { tenant, application, family, grant_type, user, api, scopes, permissions })
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|other| other == scope)
    }

    /// Writes the tokens, and says nothing about them to anybody yet.
    pub(super) async fn tokens(&self, nonce: Option<&str>) -> Result<Issued, Refusal> {
        let (tenant, client_id) = (self.tenant, self.application.client_id.as_str());
        let issued_at = tenant.clock().now();
        let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        let permissions: Option<Vec<&str>> =
            self.permissions.as_ref().map(|held| held.iter().map(String::as_str).collect());
        let userinfo = tenant.userinfo_endpoint();
        let access_token = AccessToken {
            issuer: tenant.issuer(),
            subject: Subject::User(&self.user.user_id),
            audience: match &self.api {
                None => Audience::Userinfo(&userinfo),
                Some(api) if self.has("openid") => {
                    Audience::ApiAndUserinfo { api, userinfo: &userinfo }
                }
                Some(api) => Audience::Api(api),
            },
            client_id,
            scopes: &scopes,
            permissions: permissions.as_deref(),
            grant_type: self.grant_type,
            lifetime: self.lifetime(),
            issued_at,
        };
        let algorithm = self.api.as_ref().map(|api| api.signing_algorithm).unwrap_or_default();
        let key = tenant.keys().current(algorithm, tenant.clock()).await?;
        let access_token = access_token::sign(&access_token, &key)?;
        let mut id_token = None;
        if self.has("openid") {
            let key = tenant.keys().current(SigningAlgorithm::Rs256, tenant.clock()).await?;
            let token = IdToken {
                issuer: tenant.issuer(),
                user: &self.user,
                scopes: &scopes,
                client_id,
                nonce,
                auth_time: u64::try_from(self.family.auth_time).unwrap_or_default(),
                sid: self.family.sid.as_deref(),
                access_token: &access_token,
                issued_at,
            };
            id_token = Some(id_token::sign(&token, &key)?);
        }
        Ok(Issued {
            access_token,
            scope: self.scopes.join(" "),
            expires_in: self.lifetime().as_secs(),
            token_type: "Bearer",
            id_token,
            refresh_token: None,
        })
    }

    /// Writes down that the tokens are given.
    pub(super) fn record(&self, issued: &Issued) {
        let client_id = self.application.client_id.as_str();
        let application_name = self.application.name.as_str();
        let user_id = self.user.user_id.as_str();
        let (audience, scope) = (self.family.audience.as_deref(), issued.scope.as_str());
        tracing::info!(client_id, application_name, user_id, audience, scope, "token issued");
        self.tenant.record(Event {
            event: "token",
            detail: self.grant_type.name().to_owned(),
            client_id: Some(client_id.to_owned()),
            user_id: Some(user_id.to_owned()),
            audience: audience.map(str::to_owned),
            scope: Some(scope.to_owned()),
            ..Event::default()
        });
    }

    fn lifetime(&self) -> std::time::Duration {
        match &self.api {
            None => USERINFO_LIFETIME,
            Some(api) if self.application.app_type == ApplicationType::Spa => {
                api.token_lifetime_for_web
            }
            Some(api) => api.token_lifetime,
        }
    }
}

impl RefreshToken {
    /// One for a family that has begun now.
    pub(super) fn first(now: i64) -> Result<RefreshToken, Refusal> {
        RefreshToken::until(now.saturating_add(REFRESH_TOKEN_SECONDS), now)
    }

    /// One that ends with its family, at `expires_at`, or before when it is not used.
    pub(super) fn until(expires_at: i64, now: i64) -> Result<RefreshToken, Refusal> {
        let idle_expires_at = now.saturating_add(IDLE_REFRESH_TOKEN_SECONDS).min(expires_at);
        // 381 bits, and neither dot nor dash: nobody takes it for a JWT.
        let text = random::letters_and_digits(64)?;
        Ok(RefreshToken { text, idle_expires_at, expires_at })
    }

    pub(super) fn kept(&self) -> NewRefreshToken<'_> {
        NewRefreshToken {
            token: &self.text,
            idle_expires_at: self.idle_expires_at,
            expires_at: self.expires_at,
        }
    }

    /// The text, for the client, once the token is kept.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}
