//! Whom a token speaks for: an application by itself, or a user who uses it.

use crate::dashboard::sent::Sent;
use crate::endpoints::token::for_test;
use crate::error::TenantError;
use crate::model::{Api, Application, Grant, GrantType, User};
use crate::protocol::Refusal;
use crate::tenant::Tenant;

/// Who was chosen, by the names in forms and addresses; empty: nobody.
#[derive(Clone, Copy, Default)]
pub(super) struct Chosen<'a> {
    pub(super) client_id: &'a str,
    pub(super) user_id: &'a str,
}

/// An application, perhaps a user, and what they have on one API.
pub(super) struct Subject {
    pub(super) application: Application,
    pub(super) user: Option<User>,
    /// What the application may do by itself.
    pub(super) grant: Option<Grant>,
    /// What the user may do.
    held: Vec<String>,
}

impl<'a> Chosen<'a> {
    pub(super) fn from(sent: &'a Sent) -> Chosen<'a> {
        Chosen { client_id: sent.text("application"), user_id: sent.text("user") }
    }
}

impl Subject {
    /// Who was chosen. Of nobody's choice the first application is taken that has a grant, or the
    /// first there is; of one that needs a user, the first user.
    pub(super) async fn read(
        tenant: &Tenant,
        api: &Api,
        applications: &[Application],
        users: &[User],
        chosen: Chosen<'_>,
    ) -> Result<Option<Subject>, TenantError> {
        let application = match chosen.client_id {
            "" => default_application(tenant, api, applications).await?,
            client_id => Some(tenant.application(client_id).await?),
        };
        let Some(application) = application else { return Ok(None) };
        let user = match chosen.user_id {
            "" if chosen.client_id.is_empty() && !asks_by_itself(&application) => {
                users.first().cloned()
            }
            "" => None,
            user_id => Some(tenant.user(user_id).await?),
        };
        let grant = tenant.store().grant(&application.client_id, &api.identifier).await?;
        let mut held = Vec::new();
        if let Some(user) = &user {
            let all = tenant.user_permissions(&user.user_id).await?;
            let here = all.into_iter().filter(|held| held.audience == api.identifier);
            held = here.map(|held| held.value).collect();
        }
        Ok(Some(Subject { application, user, grant, held }))
    }

    /// What people call whoever holds permissions here.
    pub(super) fn name(&self) -> &str {
        self.user.as_ref().map_or(&self.application.name, |user| &user.email)
    }

    pub(super) fn user_id(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.user_id)
    }

    /// Whether the application may ask in this way at all.
    pub(super) fn may_ask(&self) -> bool {
        match &self.user {
            None => asks_by_itself(&self.application),
            Some(_) => self.application.may_use(GrantType::AuthorizationCode),
        }
    }

    /// Whether nothing but permissions may be missing.
    pub(super) fn has_access(&self) -> bool {
        self.user.is_some() || self.grant.is_some()
    }

    /// Whether a token for them can hold this permission of the API.
    pub(super) fn has(&self, api: &Api, permission: &str) -> bool {
        match (&self.user, &self.grant) {
            (Some(_), _) if api.enforce_policies => self.held.iter().any(|held| held == permission),
            (Some(_), _) => api.has_permission(permission),
            (None, Some(grant)) => grant.scopes.iter().any(|scope| scope == permission),
            (None, None) => false,
        }
    }

    /// The one place where the dashboard gets a token: by the same checks as the token endpoint.
    pub(super) async fn issue_test_token(
        &self,
        tenant: &Tenant,
        api: &Api,
        scopes: &[&str],
    ) -> Result<String, Refusal> {
        let (application, audience, scope) =
            (&self.application, api.identifier.as_str(), scopes.join(" "));
        match &self.user {
            None => for_test::issue_to_application(tenant, application, audience, &scope).await,
            Some(user) => {
                for_test::issue_to_user(tenant, application, user, audience, &scope).await
            }
        }
    }
}

async fn default_application(
    tenant: &Tenant,
    api: &Api,
    applications: &[Application],
) -> Result<Option<Application>, TenantError> {
    for application in applications {
        if tenant.store().grant(&application.client_id, &api.identifier).await?.is_some() {
            return Ok(Some(application.clone()));
        }
    }
    Ok(applications.first().cloned())
}

fn asks_by_itself(application: &Application) -> bool {
    !application.is_public() && application.may_use(GrantType::ClientCredentials)
}
