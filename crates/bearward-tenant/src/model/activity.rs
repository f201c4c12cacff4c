//! What happened at the tenant, for people who wonder.

use super::TokenFamily;

/// Something that a client, a user or an administrator tried, and what came of it. It holds no
/// token and no secret.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// # let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
/// for entry in tenant.activity(None, 20).await? {
///     println!("{} {} {:?}", entry.at, entry.event, entry.reason);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activity {
    /// What the tenant calls it. Later entries have greater ids.
    pub id: String,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: u64,
    /// What was tried, such as `token`.
    pub event: String,
    /// The stable code of the refusal; nothing when it went well.
    pub reason: Option<String>,
    /// What people read.
    pub detail: String,
    /// Who asked.
    pub client_id: Option<String>,
    /// For whom.
    pub user_id: Option<String>,
    /// For which API.
    pub audience: Option<String>,
    /// With which scopes, space-separated: granted, or asked for when it was refused.
    pub scope: Option<String>,
}

/// An entry that is to be kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Event {
    /// What was tried: `token`, `authorize`, `login`, `logout`, `revoke`, `userinfo`, `api_call`...
    pub(crate) event: &'static str,
    /// The stable code of the refusal; nothing when it went well.
    pub(crate) reason: Option<&'static str>,
    /// What people read: the refusal's own sentence, or what was given. No token, no secret.
    pub(crate) detail: String,
    /// Only of a client that exists.
    pub(crate) client_id: Option<String>,
    /// Only of a user that exists.
    pub(crate) user_id: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) scope: Option<String>,
}

impl Event {
    /// Says of whom and of what the family speaks.
    pub(crate) fn about(&mut self, family: &TokenFamily) {
        self.user_id = Some(family.user_id.clone());
        self.audience.clone_from(&family.audience);
        self.scope = Some(family.scope.clone());
    }
}

/// Which entries are wanted; by default all.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActivityFilter {
    /// The refusals alone.
    pub(crate) refused: bool,
    pub(crate) client_id: Option<String>,
    pub(crate) audience: Option<String>,
}
