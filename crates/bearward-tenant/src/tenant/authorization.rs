//! Authorization codes: what `/authorize` gives, and what tests want without its pages.

use super::Tenant;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{
    Authorization, AuthorizationCode, GrantType, NewCode, TokenFamily, UserScopes,
    is_code_challenge,
};
use crate::random;

/// RFC 6749 section 4.1.2 allows ten minutes; a browser needs one redirect.
const CODE_LIFETIME_SECONDS: i64 = 60;

impl Tenant {
    /// A code as `/authorize` gives it after login and consent, without the pages: for tests of
    /// what happens from there on.
    ///
    /// It checks what `/authorize` checks of user, application, callback, API and code challenge,
    /// and asks nobody. Whoever can call it can act as any user.
    ///
    /// # Errors
    /// `unknown_user`, `unknown_application`, `unknown_api`; `invalid_grant_type` when the
    /// application may not use codes; `invalid_url` when the `redirect_uri` is none of its
    /// callbacks; `invalid_code_challenge` when a challenge is malformed, or a public client has
    /// none.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{ApplicationType, Authorization, NewApplication, NewUser, Tenant};
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// # let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// let alice = tenant.create_user(NewUser::new("alice@example.com", "correct horse")).await?;
    /// let shop = NewApplication::new("Shop", ApplicationType::RegularWeb)
    ///     .callback("http://localhost:3000/callback");
    /// let shop = tenant.create_application(shop).await?.application;
    /// let authorization =
    ///     Authorization::new(alice.user_id, shop.client_id, "http://localhost:3000/callback");
    /// let code = tenant.authorize(authorization).await?;
    /// assert_eq!(code.expose().len(), 43);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 6749 section 4.1.2.
    pub async fn authorize(
        &self,
        authorization: Authorization,
    ) -> Result<AuthorizationCode, TenantError> {
        let user = self.user(&authorization.user_id).await?;
        let application = self.application(&authorization.client_id).await?;
        let api = match &authorization.audience {
            Some(identifier) => Some(self.api(identifier).await?),
            None => None,
        };
        if !application.may_use(GrantType::AuthorizationCode) {
            let detail = "the application does not have the grant type authorization_code";
            return Err(TenantError::new(TenantErrorKind::InvalidGrantType, detail));
        }
        if !application.callbacks.contains(&authorization.redirect_uri) {
            let detail = format!(
                "expected one of the application's callbacks, found {:?}",
                authorization.redirect_uri
            );
            return Err(TenantError::new(TenantErrorKind::InvalidUrl, detail));
        }
        let challenge = authorization.code_challenge.as_deref();
        if challenge.map_or(application.is_public(), |text| !is_code_challenge(text)) {
            let detail = "expected a code challenge by S256: 43 characters of base64url, which an \
                          application without a secret must send";
            return Err(TenantError::new(TenantErrorKind::InvalidCodeChallenge, detail));
        }
        let scopes = UserScopes {
            asked: &authorization.scope,
            api: api.as_ref(),
            held: &self.store().user_permissions(&user.user_id).await?,
            may_refresh: application.may_use(GrantType::RefreshToken),
        };
        let family = TokenFamily {
            id: random::letters_and_digits(24)?,
            client_id: application.client_id,
            user_id: user.user_id,
            sid: None,
            audience: api.as_ref().map(|api| api.identifier.clone()),
            scope: scopes.granted().join(" "),
            auth_time: self.now(),
        };
        let code = AuthorizationCode::generate()?;
        let kept = NewCode {
            code: code.expose(),
            redirect_uri: &authorization.redirect_uri,
            code_challenge: challenge,
            nonce: authorization.nonce.as_deref(),
            expires_at: self.now().saturating_add(CODE_LIFETIME_SECONDS),
        };
        self.store().insert_family_with_code(&family, &kept, self.now()).await?;
        Ok(code)
    }
}
