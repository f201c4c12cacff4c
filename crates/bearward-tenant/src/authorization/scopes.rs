//! What scopes allow, for the person who is asked.

use crate::model::Api;

/// The scopes that no API has to name (`OPENID_SCOPES`).
///
/// Source: OpenID Connect Core sections 5.4 and 11.
const OF_OPENID: [(&str, &str); 4] = [
    ("openid", "Know who you are"),
    ("profile", "Read your name and picture"),
    ("email", "Read your email address"),
    ("offline_access", "Keep access while you are away"),
];

/// What a scope allows, in words, and the name of the API that it belongs to.
pub(super) fn described(scope: &str, api: Option<&Api>) -> (String, Option<String>) {
    if let Some((_, says)) = OF_OPENID.iter().find(|(known, _)| *known == scope) {
        return ((*says).to_owned(), None);
    }
    let permission = api.and_then(|api| api.permissions.iter().find(|p| p.value == scope));
    let says = permission.map(|permission| permission.description.clone()).unwrap_or_default();
    (says, api.map(|api| api.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OPENID_SCOPES;

    #[test]
    fn every_scope_of_openid_connect_is_described() {
        assert_eq!(OF_OPENID.map(|(scope, _)| scope), OPENID_SCOPES);
    }
}
