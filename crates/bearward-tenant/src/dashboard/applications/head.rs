//! What stands on top of each page of one application.

use super::{SECTION, types};
use crate::dashboard::words::{below, count};
use crate::error::TenantError;
use crate::model::{Application, Grant, GrantType};
use crate::pages::pieces::Tab;
use crate::tenant::Tenant;

/// Name, client id, what it may do, and the other views.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) client_id: String,
    pub(super) type_name: &'static str,
    pub(super) may_call: String,
    pub(super) tabs: Vec<Tab>,
}

/// The views of an application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Quickstart,
    Settings,
    Credentials,
    Apis,
}

impl View {
    /// Where it is, for this application.
    pub(super) fn path(self, client_id: &str) -> String {
        let application = below(SECTION, client_id);
        match self {
            View::Quickstart => application,
            View::Settings => format!("{application}/settings"),
            View::Credentials => format!("{application}/credentials"),
            View::Apis => format!("{application}/apis"),
        }
    }
}

impl Head {
    pub(super) async fn new(
        tenant: &Tenant,
        application: &Application,
        view: View,
    ) -> Result<Head, TenantError> {
        let grants = tenant.grants().await?;
        let tab = |label, of: View| Tab {
            label,
            href: of.path(&application.client_id),
            current: of == view,
        };
        Ok(Head {
            name: application.name.clone(),
            client_id: application.client_id.clone(),
            type_name: types::words(application.app_type).name,
            may_call: may_call(application, &grants),
            tabs: vec![
                tab("Quickstart", View::Quickstart),
                tab("Settings", View::Settings),
                tab("Credentials", View::Credentials),
                tab("APIs", View::Apis),
            ],
        })
    }
}

/// What it may call, in a few words.
pub(super) fn may_call(application: &Application, grants: &[Grant]) -> String {
    let number = grants.iter().filter(|grant| grant.client_id == application.client_id).count();
    let acts_for_itself = application.may_use(GrantType::ClientCredentials);
    let acts_for_users = application.may_use(GrantType::AuthorizationCode);
    match (acts_for_itself, acts_for_users) {
        (true, true) => match number {
            0 => "any API, for its users".to_owned(),
            _ => format!("{} for itself, any for its users", count(number, "API")),
        },
        (true, false) => match number {
            0 => "no API yet".to_owned(),
            _ => count(number, "API"),
        },
        (false, true) => "any API, for its users".to_owned(),
        (false, false) => "nothing: it has no grant type".to_owned(),
    }
}
