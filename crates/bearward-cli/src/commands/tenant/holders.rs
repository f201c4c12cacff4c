//! Who has something of an API: what breaks when it is gone.

use bearward_tenant::{Tenant, TenantError};
use serde_json::{Value, json};

use super::confirm::count;

/// How many applications, roles and users.
#[derive(Debug, Default)]
pub(super) struct Holders {
    pub(super) applications: usize,
    pub(super) roles: usize,
    /// Without a role.
    pub(super) users: usize,
}

impl Holders {
    /// Of one permission of an API, or of anything of it.
    pub(super) async fn of(
        tenant: &Tenant,
        audience: &str,
        value: Option<&str>,
    ) -> Result<Self, TenantError> {
        let fits = |found: &str| value.is_none_or(|value| value == found);
        let mut holders = Self::default();
        for grant in tenant.grants().await? {
            let has = value.is_none() || grant.scopes.iter().any(|scope| fits(scope));
            holders.applications += usize::from(grant.audience == audience && has);
        }
        for role in tenant.roles().await? {
            let kept = tenant.role_permissions(&role.id).await?;
            let has = kept.iter().any(|(api, found)| api == audience && fits(found));
            holders.roles += usize::from(has);
        }
        for user in tenant.users().await? {
            let kept = tenant.user_permissions(&user.user_id).await?;
            let has = kept.iter().any(|h| h.direct && h.audience == audience && fits(&h.value));
            holders.users += usize::from(has);
        }
        Ok(holders)
    }

    /// `2 applications, 1 role and 3 users`; those that are none are not named.
    pub(super) fn in_words(&self) -> Option<String> {
        let Self { applications, roles, users } = self;
        let all = [(*applications, "application"), (*roles, "role"), (*users, "user")];
        let named: Vec<_> = all
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, noun))
            .collect();
        let (last, others) = named.split_last()?;
        Some(if others.is_empty() {
            last.clone()
        } else {
            format!("{} and {last}", others.join(", "))
        })
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "applications": self.applications, "roles": self.roles, "users": self.users })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_are_counted_in_words() {
        for (applications, roles, users, expected) in [
            (0, 0, 0, None),
            (1, 0, 0, Some("1 application")),
            (2, 0, 1, Some("2 applications and 1 user")),
            (1, 2, 3, Some("1 application, 2 roles and 3 users")),
        ] {
            let holders = Holders { applications, roles, users };
            assert_eq!(holders.in_words().as_deref(), expected);
        }
    }
}
