//! The tenant's users.

use super::Tenant;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{NewUser, User, check_password, normal_email};

impl Tenant {
    /// Makes a user.
    ///
    /// # Errors
    /// `invalid_email`, `invalid_password`, `invalid_name`; `duplicate_email` when there is a user
    /// with this address.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{NewUser, Tenant};
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// let alice = tenant.create_user(NewUser::new("Alice@example.com", "correct horse")).await?;
    /// assert_eq!(alice.email, "alice@example.com");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_user(&self, new: NewUser) -> Result<User, TenantError> {
        let password = new.password.clone();
        let user = new.check(u64::try_from(self.now()).unwrap_or_default())?;
        let hash = self.passwords().hash(&password).await?;
        self.store().insert_user(&user, &hash).await?;
        Ok(user)
    }

    /// Every user, by email address.
    ///
    /// # Errors
    /// `store`.
    pub async fn users(&self) -> Result<Vec<User>, TenantError> {
        self.store().users().await
    }

    /// The user with this user id, or else with this email address.
    ///
    /// # Errors
    /// `unknown_user`, `store`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let alice = tenant.user("alice@example.com").await?;
    /// assert_eq!(tenant.user(&alice.user_id).await?.email, alice.email);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user(&self, user_id_or_email: &str) -> Result<User, TenantError> {
        if let Some(user) = self.store().user(user_id_or_email).await? {
            return Ok(user);
        }
        if let Ok(email) = normal_email(user_id_or_email)
            && let Some((user, _)) = self.store().user_by_email(&email).await?
        {
            return Ok(user);
        }
        let detail = format!("there is no user {user_id_or_email:?}");
        Err(TenantError::new(TenantErrorKind::UnknownUser, detail))
    }

    /// Keeps what was changed of a user: address, names, picture, and whether they are blocked.
    ///
    /// # Errors
    /// `invalid_email`, `invalid_name`, `duplicate_email`; `unknown_user` when the user is gone.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let mut alice = tenant.user("alice@example.com").await?;
    /// alice.blocked = true;
    /// tenant.update_user(&alice).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update_user(&self, user: &User) -> Result<(), TenantError> {
        user.check()?;
        let user = User { email: normal_email(&user.email)?, ..user.clone() };
        self.store().update_user(&user, self.now()).await
    }

    /// Gives a user another password, and ends their logins at this tenant: the old password may
    /// be somebody else's too. Refresh tokens that applications hold go on.
    ///
    /// # Errors
    /// `invalid_password`, `unknown_user`.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// use bearward_tenant::GeneratedPassword;
    /// let alice = tenant.user("alice@example.com").await?;
    /// let password = GeneratedPassword::generate()?;
    /// tenant.set_password(&alice.user_id, password.expose()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_password(&self, user_id: &str, password: &str) -> Result<(), TenantError> {
        check_password(password)?;
        let hash = self.passwords().hash(password).await?;
        self.store().replace_password(user_id, &hash, self.now()).await
    }

    /// Deletes a user, with their sessions and every refresh token for them.
    ///
    /// # Errors
    /// `unknown_user`.
    pub async fn delete_user(&self, user_id: &str) -> Result<(), TenantError> {
        self.store().delete_user(user_id).await
    }
}
