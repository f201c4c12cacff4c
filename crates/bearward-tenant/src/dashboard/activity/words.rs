//! An entry as people read it.

use std::collections::HashMap;

use serde::Serialize;

use super::SECTION;
use crate::dashboard::words::{below, moment};
use crate::error::TenantError;
use crate::model::Activity;
use crate::pages::pieces::{Meaning, visible};
use crate::tenant::Tenant;

/// A line of the list. The script that keeps the list fresh reads the same.
#[derive(Serialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) href: String,
    /// `Token`, `Login`.
    pub(super) what: String,
    pub(super) seconds: u64,
    pub(super) datetime: String,
    pub(super) date: String,
    pub(super) ago: String,
    /// Of the application; its client id when it is gone.
    pub(super) application: String,
    /// Of the API; what was asked for when there is none such.
    pub(super) api: String,
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    /// Why it was refused; empty when it went well.
    pub(super) reason: String,
}

/// Names for what entries name by its id.
pub(super) struct Names {
    pub(super) applications: HashMap<String, String>,
    pub(super) apis: HashMap<String, String>,
}

impl Names {
    pub(super) async fn read(tenant: &Tenant) -> Result<Names, TenantError> {
        let applications = tenant.applications().await?.into_iter();
        let apis = tenant.apis().await?.into_iter();
        Ok(Names {
            applications: applications.map(|one| (one.client_id, one.name)).collect(),
            apis: apis.map(|api| (api.identifier, api.name)).collect(),
        })
    }
}

/// What was tried.
pub(super) fn what(event: &str) -> String {
    let known = match event {
        "token" => "Token",
        "authorize" => "Authorization",
        "login" => "Login",
        "consent" => "Consent",
        "logout" => "Logout",
        "revoke" => "Revocation",
        "userinfo" => "User info",
        "api_call" => "API call",
        "request" => "Request",
        "dashboard_login" => "Dashboard login",
        other => return visible(other),
    };
    known.to_owned()
}

pub(super) fn line(tenant: &Tenant, names: &Names, entry: Activity) -> Line {
    let name = |names: &HashMap<String, String>, id: Option<String>| {
        let id = id.unwrap_or_default();
        names.get(&id).cloned().unwrap_or_else(|| visible(&id))
    };
    let (meaning, word) = match entry.reason {
        None => (Meaning::Allowed, "Allowed"),
        Some(_) => (Meaning::Refused, "Refused"),
    };
    let at = moment(tenant, entry.at);
    let (datetime, date, ago) = at.map(|at| (at.datetime, at.date, at.words)).unwrap_or_default();
    Line {
        href: below(SECTION, &entry.id),
        id: entry.id,
        what: what(&entry.event),
        seconds: entry.at,
        datetime,
        date,
        ago,
        application: name(&names.applications, entry.client_id),
        api: name(&names.apis, entry.audience),
        class: meaning.class(),
        sign: meaning.sign(),
        word,
        reason: entry.reason.unwrap_or_default(),
    }
}
