//! What the dashboard can do about a refusal: planned from the entry and what is there now, and
//! carried out from the same plan. Nothing of it comes from the form.

use crate::dashboard::applications;
use crate::dashboard::users;
use crate::dashboard::words::below;
use crate::error::TenantError;
use crate::mends::{Help, rule};
use crate::model::{Activity, Api, Application, User};
use crate::tenant::Tenant;

/// What will be done, or where it can be done.
pub(super) enum Plan {
    /// Nothing, or it is done already.
    None,
    Open {
        label: String,
        href: String,
    },
    Grant {
        application: Application,
        api: Api,
        scopes: Vec<String>,
    },
    Authorize {
        application: Application,
        api: Api,
        scopes: Vec<String>,
    },
    Callback {
        application: Application,
        address: String,
    },
    LogoutUrl {
        application: Application,
        address: String,
    },
    Unblock(User),
}

impl Plan {
    /// The plan for an entry. Whatever it names may be gone.
    pub(super) async fn of(tenant: &Tenant, entry: &Activity) -> Result<Plan, TenantError> {
        let Some(reason) = &entry.reason else { return Ok(Plan::None) };
        let help = rule(reason).help;
        let application = match &entry.client_id {
            Some(client_id) => tenant.store().application(client_id).await?,
            None => None,
        };
        let api = match &entry.audience {
            Some(audience) => tenant.store().api(audience).await?,
            None => None,
        };
        Ok(match (help, application, api) {
            (Help::GrantScopes, Some(application), Some(api)) => {
                grant(tenant, entry, application, api).await?
            }
            (Help::Authorize, Some(application), Some(api)) => {
                let granted = tenant.store().grant(&application.client_id, &api.identifier).await?;
                let scopes = asked(entry).filter(|scope| api.has_permission(scope)).collect();
                match granted {
                    Some(_) => Plan::None,
                    None => Plan::Authorize { application, api, scopes },
                }
            }
            (Help::AddCallback, Some(application), _) => add_callback(entry, application),
            (Help::AddLogoutUrl, Some(application), _) => add_logout_url(entry, application),
            (Help::Unblock, _, _) => unblock(tenant, entry).await?,
            (Help::Settings, Some(application), _) => settings(&application),
            (Help::Applications | Help::Settings, _, _) => {
                open("Open the applications", "/applications")
            }
            (Help::Apis, _, Some(api)) => {
                open(format!("Open {}", api.name), below("/apis", &api.id))
            }
            (Help::Apis, _, None) => open("Open the APIs", "/apis"),
            _ => Plan::None,
        })
    }

    /// What the button says; none when there is nothing to press.
    pub(super) fn label(&self) -> Option<String> {
        Some(match self {
            Plan::None | Plan::Open { .. } => return None,
            Plan::Grant { application, scopes, .. } => {
                format!("Grant {} to {}", scopes.join(", "), application.name)
            }
            Plan::Authorize { application, api, scopes } if scopes.is_empty() => {
                format!("Authorize {} for {}", application.name, api.name)
            }
            Plan::Authorize { application, api, scopes } => {
                format!(
                    "Authorize {} for {} with {}",
                    application.name,
                    api.name,
                    scopes.join(", ")
                )
            }
            Plan::Callback { application, address } | Plan::LogoutUrl { application, address } => {
                format!("Add {address} to {}", application.name)
            }
            Plan::Unblock(user) => format!("Unblock {}", user.email),
        })
    }

    /// Does it.
    pub(super) async fn apply(self, tenant: &Tenant) -> Result<(), TenantError> {
        match self {
            Plan::None | Plan::Open { .. } => Ok(()),
            Plan::Grant { application, api, scopes }
            | Plan::Authorize { application, api, scopes } => {
                let kept = tenant.store().grant(&application.client_id, &api.identifier).await?;
                let kept = kept.map(|grant| grant.scopes).unwrap_or_default();
                let all: Vec<&str> = kept.iter().chain(&scopes).map(String::as_str).collect();
                tenant.grant(&application.client_id, &api.identifier, &all).await.map(|_| ())
            }
            Plan::Callback { mut application, address } => {
                application.callbacks.push(address);
                tenant.update_application(&application).await
            }
            Plan::LogoutUrl { mut application, address } => {
                application.allowed_logout_urls.push(address);
                tenant.update_application(&application).await
            }
            Plan::Unblock(user) => tenant.update_user(&User { blocked: false, ..user }).await,
        }
    }
}

fn open(label: impl Into<String>, href: impl Into<String>) -> Plan {
    Plan::Open { label: label.into(), href: href.into() }
}

fn settings(application: &Application) -> Plan {
    let page = format!("{}/settings", applications::path(&application.client_id));
    open(format!("Open the settings of {}", application.name), page)
}

/// The scopes of the request.
fn asked(entry: &Activity) -> impl Iterator<Item = String> {
    let scope = entry.scope.clone().unwrap_or_default();
    scope
        .split(' ')
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Those that are missing now; a scope that the API does not have is added to the API first.
async fn grant(
    tenant: &Tenant,
    entry: &Activity,
    application: Application,
    api: Api,
) -> Result<Plan, TenantError> {
    let kept = tenant.store().grant(&application.client_id, &api.identifier).await?;
    let kept = kept.map(|grant| grant.scopes).unwrap_or_default();
    let mut missing: Vec<String> = asked(entry).filter(|scope| !kept.contains(scope)).collect();
    missing.dedup();
    if missing.is_empty() {
        return Ok(Plan::None);
    }
    if let Some(unknown) = missing.iter().find(|scope| !api.has_permission(scope)) {
        let label = format!("{} has no permission {unknown}: open its permissions", api.name);
        let page = below("/apis", &api.id);
        return Ok(open(label, format!("{page}/permissions")));
    }
    Ok(Plan::Grant { application, api, scopes: missing })
}

/// The address that was found. It is offered only where the application could have it.
fn found(entry: &Activity) -> Option<&str> {
    let (_, address) = entry.detail.split_once(" Found: ")?;
    // The log cuts what is long, and marks it so.
    Some(address).filter(|address| !address.ends_with('…'))
}

fn add_callback(entry: &Activity, application: Application) -> Plan {
    let Some(address) = found(entry).map(str::to_owned) else { return settings(&application) };
    if application.callbacks.contains(&address) {
        return Plan::None;
    }
    let mut tried = application.clone();
    tried.callbacks.push(address.clone());
    if tried.check().is_err() {
        settings(&application)
    } else {
        Plan::Callback { application, address }
    }
}

fn add_logout_url(entry: &Activity, application: Application) -> Plan {
    let Some(address) = found(entry).map(str::to_owned) else { return settings(&application) };
    if application.allowed_logout_urls.contains(&address) {
        return Plan::None;
    }
    let mut tried = application.clone();
    tried.allowed_logout_urls.push(address.clone());
    if tried.check().is_err() {
        settings(&application)
    } else {
        Plan::LogoutUrl { application, address }
    }
}

async fn unblock(tenant: &Tenant, entry: &Activity) -> Result<Plan, TenantError> {
    let Some(user_id) = &entry.user_id else { return Ok(open("Open the users", "/users")) };
    Ok(match tenant.store().user(user_id).await? {
        Some(user) if user.blocked => Plan::Unblock(user),
        Some(user) => open(format!("Open {}", user.email), users::path(&user.user_id)),
        None => Plan::None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::{ApplicationType, Event, NewApplication, NewUser};

    async fn refused(tenant: &Tenant, event: Event) -> Activity {
        tenant.record(Event { event: "authorize", ..event });
        tenant.activity(None, 1).await.unwrap().remove(0)
    }

    /// What a stranger sends is offered only where the application could have it.
    #[tokio::test]
    async fn an_address_is_added_where_it_could_stand() {
        let tenant = Tenant::in_memory("http://localhost:3011/").await.unwrap();
        let reader = NewApplication::new("Reader", ApplicationType::Spa);
        let client_id = tenant.create_application(reader).await.unwrap().application.client_id;
        for (reason, address, label) in [
            (
                "callback_url_mismatch",
                "https://app.example/a",
                Some("Add https://app.example/a to Reader"),
            ),
            (
                "logout_url_mismatch",
                "https://app.example/b",
                Some("Add https://app.example/b to Reader"),
            ),
            ("callback_url_mismatch", "javascript:alert(1)", None),
            ("logout_url_mismatch", "http://app.example/", None),
            ("callback_url_mismatch", "https://app.example/cut…", None),
        ] {
            let detail = format!("Mismatch. Found: {address}");
            let client_id = Some(client_id.clone());
            let event = Event { reason: Some(reason), detail, client_id, ..Event::default() };
            let entry = refused(&tenant, event).await;
            let plan = Plan::of(&tenant, &entry).await.unwrap();
            assert_eq!(plan.label().as_deref(), label, "{address}");
            plan.apply(&tenant).await.unwrap();
        }
        let kept = tenant.application(&client_id).await.unwrap();
        assert_eq!(kept.callbacks[0], "https://app.example/a");
        assert_eq!(kept.allowed_logout_urls, ["https://app.example/b"]);
    }

    #[tokio::test]
    async fn a_blocked_user_is_unblocked_once() {
        let tenant = Tenant::in_memory("http://localhost:3011/").await.unwrap();
        let user = NewUser::new("alice@example.com", "correct horse");
        let user = tenant.create_user(user).await.unwrap();
        tenant.update_user(&User { blocked: true, ..user.clone() }).await.unwrap();
        let user_id = Some(user.user_id.clone());
        let event = Event { reason: Some("user_blocked"), user_id, ..Event::default() };
        let entry = refused(&tenant, event).await;
        let plan = Plan::of(&tenant, &entry).await.unwrap();
        assert_eq!(plan.label().as_deref(), Some("Unblock alice@example.com"));
        plan.apply(&tenant).await.unwrap();
        assert!(!tenant.user(&user.user_id).await.unwrap().blocked);
        assert!(Plan::of(&tenant, &entry).await.unwrap().label().is_none());
    }
}
