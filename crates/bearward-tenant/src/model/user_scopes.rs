//! Which scopes a user's tokens hold.

use super::{Api, HeldPermission};

/// The scopes that no API has to name.
///
/// Source: OpenID Connect Core sections 5.4 and 11.
pub(crate) const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What somebody asks for in the name of a user, and what decides how much of it they get.
pub(crate) struct UserScopes<'a> {
    /// Scope tokens, in any order.
    pub(crate) asked: &'a str,
    /// The API that the tokens are for, when one was named.
    pub(crate) api: Option<&'a Api>,
    /// All that the user holds, on whatever API.
    pub(crate) held: &'a [HeldPermission],
    /// Whether the application may use refresh tokens at all.
    pub(crate) may_refresh: bool,
}

impl<'a> UserScopes<'a> {
    /// What they get: without repetition, in the order in which it was asked for.
    ///
    /// What they may not have is left out and not refused, as Auth0 does it: which permissions a
    /// user holds is not known to an application that asks for all that it can use.
    pub(crate) fn granted(&self) -> Vec<&'a str> {
        let mut granted = Vec::new();
        for scope in self.asked.split(' ') {
            if self.allows(scope) && !granted.contains(&scope) {
                granted.push(scope);
            }
        }
        granted
    }

    /// For the claim `permissions`: all that the user holds on the API, asked for or not. Nothing
    /// when the API does not ask who may do what, for then this says nothing.
    pub(crate) fn permissions(&self) -> Option<Vec<&'a str>> {
        let api = self.api.filter(|api| api.enforce_policies)?;
        let held = self.held.iter().filter(|held| held.audience == api.identifier);
        Some(held.map(|held| held.value.as_str()).collect())
    }

    fn allows(&self, scope: &str) -> bool {
        match (scope, self.api) {
            ("offline_access", api) => {
                self.may_refresh && api.is_none_or(|api| api.allow_offline_access)
            }
            (scope, _) if OPENID_SCOPES.contains(&scope) => true,
            (_, None) => false,
            (scope, Some(api)) => {
                api.has_permission(scope) && (!api.enforce_policies || self.holds(api, scope))
            }
        }
    }

    fn holds(&self, api: &Api, scope: &str) -> bool {
        self.held.iter().any(|held| held.audience == api.identifier && held.value == scope)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::NewApi;

    const ALL: &str = "write:messages openid offline_access read:messages fly openid  profile";

    fn held(audience: &str, value: &str) -> HeldPermission {
        HeldPermission {
            audience: audience.into(),
            value: value.into(),
            direct: true,
            roles: Vec::new(),
        }
    }

    #[test]
    fn a_user_gets_what_api_and_permissions_allow() {
        let held = [held("messages", "read:messages"), held("other", "write:messages")];
        for (enforce, offline, may_refresh, expected, permissions) in [
            (false, true, true, "write:messages openid offline_access read:messages profile", None),
            (false, true, false, "write:messages openid read:messages profile", None),
            (false, false, true, "write:messages openid read:messages profile", None),
            (true, false, true, "openid read:messages profile", Some(vec!["read:messages"])),
        ] {
            let api = NewApi::new("Messages", "messages")
                .permission("read:messages", "Read")
                .permission("write:messages", "Write")
                .enforce_policies(enforce)
                .allow_offline_access(offline)
                .check()
                .unwrap();
            let scopes = UserScopes { asked: ALL, api: Some(&api), held: &held, may_refresh };
            assert_eq!(scopes.granted().join(" "), expected);
            assert_eq!(scopes.permissions(), permissions);
        }
        let alone = UserScopes { asked: ALL, api: None, held: &held, may_refresh: true };
        assert_eq!(alone.granted(), ["openid", "offline_access", "profile"]);
        assert_eq!(alone.permissions(), None);
    }
}
