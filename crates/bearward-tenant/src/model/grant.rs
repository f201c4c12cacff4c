//! A grant: what an application may do on an API without a user. Auth0 calls it a client grant.

use super::Api;
use super::scope::is_scope_token;
use crate::error::{TenantError, TenantErrorKind};
use crate::random;

/// The permissions of one API that one application holds.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// # let tenant = bearward_tenant::Tenant::in_memory("http://localhost:3011/").await?;
/// for grant in tenant.grants().await? {
///     println!("{} may {:?} on {}", grant.client_id, grant.scopes, grant.audience);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant {
    /// What the tenant calls it: `cgr_` and 16 random letters and digits.
    pub id: String,
    /// The application.
    pub client_id: String,
    /// Identifier of the API.
    pub audience: String,
    /// Without repetition, in the order in which they were granted.
    pub scopes: Vec<String>,
}

impl Grant {
    /// A grant of these permissions, each of which the API must have.
    pub(crate) fn new(client_id: &str, api: &Api, scopes: &[&str]) -> Result<Grant, TenantError> {
        let mut granted: Vec<String> = Vec::with_capacity(scopes.len());
        for scope in scopes {
            if !api.has_permission(scope) {
                let detail = format!("the API {:?} has no permission {scope:?}", api.identifier);
                return Err(TenantError::new(TenantErrorKind::UnknownPermission, detail));
            }
            if !granted.iter().any(|other| other == scope) {
                granted.push((*scope).to_owned());
            }
        }
        Ok(Grant {
            id: format!("cgr_{}", random::letters_and_digits(16)?),
            client_id: client_id.to_owned(),
            audience: api.identifier.clone(),
            scopes: granted,
        })
    }

    /// The scopes for a request: those it names, or all that were granted when it names none.
    ///
    /// One that was not granted refuses the request, as Auth0 does: a token with less than was
    /// asked for would fail later, far from the cause.
    pub(crate) fn scopes_for(&self, requested: &str) -> Result<Vec<&str>, ScopeRefused> {
        let requested: Vec<&str> = requested.split(' ').filter(|token| !token.is_empty()).collect();
        if requested.iter().any(|token| !is_scope_token(token)) {
            return Err(ScopeRefused::Malformed);
        }
        let mut missing: Vec<String> = Vec::new();
        for token in &requested {
            if !self.scopes.iter().any(|scope| scope == token) {
                missing.push((*token).to_owned());
            }
        }
        if !missing.is_empty() {
            return Err(ScopeRefused::NotGranted(missing));
        }
        let granted = self.scopes.iter().map(String::as_str);
        Ok(granted.filter(|scope| requested.is_empty() || requested.contains(scope)).collect())
    }
}

/// Why a request does not get the scopes that it names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ScopeRefused {
    /// A token in it has a character that scope tokens may not have.
    Malformed,
    /// These were not granted.
    NotGranted(Vec<String>),
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::NewApi;

    fn grant() -> Grant {
        let api = NewApi::new("Messages", "messages")
            .permission("read:messages", "Read")
            .permission("write:messages", "Write")
            .permission("drop:messages", "Drop")
            .check()
            .unwrap();
        Grant::new("client", &api, &["write:messages", "read:messages", "read:messages"]).unwrap()
    }

    #[test]
    fn a_request_gets_what_it_names_or_all() {
        let all = vec!["write:messages", "read:messages"];
        for (requested, expected) in [
            ("", all.clone()),
            (" ", all.clone()),
            ("read:messages write:messages", all.clone()),
            ("read:messages  read:messages", vec!["read:messages"]),
            ("write:messages", vec!["write:messages"]),
        ] {
            assert_eq!(grant().scopes_for(requested).unwrap(), expected, "{requested:?}");
        }
    }

    #[test]
    fn a_request_for_more_is_refused_and_says_what_is_missing() {
        let missing = vec!["drop:messages".to_owned(), "fly".to_owned()];
        assert_eq!(
            grant().scopes_for("drop:messages read:messages fly"),
            Err(ScopeRefused::NotGranted(missing))
        );
        assert_eq!(grant().scopes_for("read:messages \"x\""), Err(ScopeRefused::Malformed));
    }
}
