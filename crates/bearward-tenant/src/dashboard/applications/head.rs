//! What stands on top of each page of one application.

use super::{SECTION, types};
use crate::dashboard::words::{below, count};
use crate::error::TenantError;
use crate::model::{Application, Grant, GrantType};
use crate::pages::pieces::Tab;
use crate::tenant::Tenant;

/// Name, client id, what it may do, and the other parts.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) client_id: String,
    pub(super) type_name: &'static str,
    pub(super) may_call: String,
    pub(super) tabs: Vec<Tab>,
}

/// The parts of an application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Quickstart,
    Settings,
    Credentials,
    Apis,
}

impl Part {
    /// Where it is, for this application.
    pub(super) fn path(self, client_id: &str) -> String {
        let application = below(SECTION, client_id);
        match self {
            Part::Quickstart => application,
            Part::Settings => format!("{application}/settings"),
            Part::Credentials => format!("{application}/credentials"),
            Part::Apis => format!("{application}/apis"),
        }
    }
}

impl Head {
    pub(super) async fn new(
        tenant: &Tenant,
        application: &Application,
        part: Part,
    ) -> Result<Head, TenantError> {
        let grants = tenant.grants().await?;
        let tab = |label, of: Part| Tab {
            label,
            href: of.path(&application.client_id),
            current: of == part,
        };
        Ok(Head {
            name: application.name.clone(),
            client_id: application.client_id.clone(),
            type_name: types::words(application.app_type).name,
            may_call: may_call(application, &grants),
            tabs: vec![
                tab("Quickstart", Part::Quickstart),
                tab("Settings", Part::Settings),
                tab("Credentials", Part::Credentials),
                tab("APIs", Part::Apis),
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
