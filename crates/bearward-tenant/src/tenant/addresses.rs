//! Where the tenant serves what.

use super::Tenant;

impl Tenant {
    /// Where the public keys are.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.jwks_uri(), "http://localhost:3011/.well-known/jwks.json");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8414 section 2 (`jwks_uri`).
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        self.0.issuer.join(".well-known/jwks.json")
    }

    /// Where tokens are.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.token_endpoint(), "http://localhost:3011/oauth/token");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8414 section 2 (`token_endpoint`).
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        self.0.issuer.join("oauth/token")
    }

    /// Where an application sends a user to log in.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.authorization_endpoint(), "http://localhost:3011/authorize");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8414 section 2 (`authorization_endpoint`).
    #[must_use]
    pub fn authorization_endpoint(&self) -> String {
        self.0.issuer.join("authorize")
    }

    /// Where an application gives a refresh token back.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.revocation_endpoint(), "http://localhost:3011/oauth/revoke");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 8414 section 2 (`revocation_endpoint`).
    #[must_use]
    pub fn revocation_endpoint(&self) -> String {
        self.0.issuer.join("oauth/revoke")
    }

    /// Where an application asks who has logged in. Access tokens for it have this as their `aud`.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.userinfo_endpoint(), "http://localhost:3011/userinfo");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: OpenID Connect Core section 5.3.
    #[must_use]
    pub fn userinfo_endpoint(&self) -> String {
        self.0.issuer.join("userinfo")
    }

    /// Where an application sends a user to log out.
    ///
    /// # Example
    /// ```
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.end_session_endpoint(), "http://localhost:3011/oidc/logout");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: OpenID Connect RP-Initiated Logout section 2.1.
    #[must_use]
    pub fn end_session_endpoint(&self) -> String {
        self.0.issuer.join("oidc/logout")
    }
}
