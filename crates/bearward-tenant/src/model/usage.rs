//! How many things rest on an API or on a permission.

/// How many things have something of an API, or one of its permissions: what would break without it.
///
/// # Example
/// ```
/// # use bearward_tenant::{Tenant, TenantError};
/// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
/// let usage = tenant.api_usage("http://localhost:3010").await?;
/// match usage.in_words() {
///     Some(words) => println!("used by {words}"), // by 2 applications and 1 role
///     None => println!("nothing uses it"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Those with a grant.
    pub applications: u64,
    /// Those that give it.
    pub roles: u64,
    /// Those who hold it directly, not by a role.
    pub users: u64,
}

impl Usage {
    /// `2 applications, 1 role and 3 users`, without what there is none of; none when there is
    /// nothing at all.
    #[must_use]
    pub fn in_words(self) -> Option<String> {
        let kinds =
            [(self.applications, "application"), (self.roles, "role"), (self.users, "user")];
        let mut parts = Vec::new();
        for (count, noun) in kinds {
            match count {
                0 => {}
                1 => parts.push(format!("1 {noun}")),
                _ => parts.push(format!("{count} {noun}s")),
            }
        }
        let last = parts.pop()?;
        if parts.is_empty() { Some(last) } else { Some(format!("{} and {last}", parts.join(", "))) }
    }

    /// Whether one thing alone rests on it.
    pub(crate) fn is_one(self) -> bool {
        self.applications.saturating_add(self.roles).saturating_add(self.users) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_as_a_sentence_tells_them() {
        for ((applications, roles, users), words) in [
            ((0, 0, 0), None),
            ((1, 0, 0), Some("1 application")),
            ((0, 2, 0), Some("2 roles")),
            ((2, 1, 0), Some("2 applications and 1 role")),
            ((2, 1, 3), Some("2 applications, 1 role and 3 users")),
        ] {
            let usage = Usage { applications, roles, users };
            assert_eq!(usage.in_words().as_deref(), words);
        }
    }
}
