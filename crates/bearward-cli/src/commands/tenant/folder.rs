//! The tenant in a folder, opened beside the server that may run on it.

use std::path::{Path, PathBuf};

use bearward_tenant::{Tenant, TenantError, TenantErrorKind};
use serde_json::Value;

use crate::args::ManageArgs;
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::table::Table;

/// The issuer of a tenant that was never served: what `bearward tenant serve` makes of no flags.
/// Tokens do not come from here, so nothing rests on it.
const UNSERVED: &str = "https://localhost:8443/";

/// Whether a folder without a tenant gets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Make,
    Refuse,
}

/// A tenant, and how to answer about it.
pub(super) struct Opened {
    pub(super) tenant: Tenant,
    json: bool,
}

impl Opened {
    pub(super) async fn folder(
        args: &ManageArgs,
        environment: &Environment,
        missing: Missing,
    ) -> Result<Self, Failure> {
        let tenant = open(args.data.clone(), environment, missing).await?;
        Ok(Self { tenant, json: args.json })
    }

    /// One answer, in the form that was asked for.
    pub(super) fn answer(
        &self,
        json: impl FnOnce() -> Value,
        text: impl FnOnce() -> String,
    ) -> Result<Exit, Failure> {
        output::result(&if self.json { pretty(&json()) } else { text() })?;
        Ok(Exit::Yes)
    }

    /// Things of one kind; a person is told when there are none.
    pub(super) fn list<const N: usize>(
        &self,
        noun: &str,
        table: &Table<N>,
        json: impl FnOnce() -> Value,
    ) -> Result<Exit, Failure> {
        if table.is_empty() && !self.json {
            output::aside(&format!("None yet: `bearward tenant {noun} --help` says how to begin."));
            return Ok(Exit::Yes);
        }
        self.answer(json, || table.to_text())
    }

    /// That something is done, and nothing more to say to a script.
    pub(super) fn done(&self, what: &str) -> Result<Exit, Failure> {
        self.answer(|| Value::Object(serde_json::Map::new()), || format!("{what}\n"))
    }
}

/// The tenant in the folder that a flag or a variable names.
pub(super) async fn open(
    named: Option<PathBuf>,
    environment: &Environment,
    missing: Missing,
) -> Result<Tenant, Failure> {
    let folder = named_folder(named, environment)?;
    if missing == Missing::Refuse && !has_a_tenant(&folder)? {
        return Err(Failure::trouble(format!("there is no tenant in {}", folder.display())).hint(
            "`bearward tenant serve` or `bearward tenant api create` with this --data makes one",
        ));
    }
    let issuer = Tenant::issuer_of(&folder).await?;
    Ok(Tenant::open(issuer.as_deref().unwrap_or(UNSERVED), folder).await?)
}

/// A folder that cannot be looked into, such as one of another user, is not an empty one.
fn has_a_tenant(folder: &Path) -> Result<bool, Failure> {
    folder.join("tenant.db").try_exists().map_err(|error| {
        Failure::trouble(format!("cannot look into {}: {error}", folder.display()))
            .hint("name the tenant's folder with --data, as the user that it belongs to")
    })
}

pub(super) fn named_folder(
    named: Option<PathBuf>,
    environment: &Environment,
) -> Result<PathBuf, Failure> {
    let folder = environment.data(named).ok_or_else(|| {
        Failure::trouble("no data folder, so it is not known which tenant is meant").hint(
            "name the folder with --data or BEARWARD_DATA; \
             a tenant that is served without one forgets everything at the end",
        )
    })?;
    std::path::absolute(&folder)
        .map_err(|error| Failure::trouble(format!("the data folder has no place: {error}")))
}

/// Whether a tenant was ever served from a folder, and as whom.
pub(super) async fn issuer_of(folder: &Path) -> Result<String, Failure> {
    Tenant::issuer_of(folder).await?.ok_or_else(|| {
        Failure::trouble(format!("no tenant was served from {}", folder.display()))
            .hint("start `bearward tenant serve` with the same --data once: it sets the issuer")
    })
}

/// Somebody else's text stays text, in JSON too.
fn pretty(json: &Value) -> String {
    format!("{}\n", output::printable(&format!("{json:#}")))
}

impl From<TenantError> for Failure {
    fn from(error: TenantError) -> Self {
        let hint = match error.kind() {
            TenantErrorKind::UnknownApi => Some("`bearward tenant api list` shows all APIs"),
            TenantErrorKind::UnknownApplication => {
                Some("`bearward tenant app list` shows all applications")
            }
            TenantErrorKind::UnknownPermission => {
                Some("`bearward tenant api show` tells the permissions of an API")
            }
            TenantErrorKind::UnknownGrant => Some("`bearward tenant grant list` shows all grants"),
            TenantErrorKind::UnknownUser => Some("`bearward tenant user list` shows all users"),
            TenantErrorKind::UnknownRole => Some("`bearward tenant role list` shows all roles"),
            TenantErrorKind::UnknownSigningKey => {
                Some("`bearward tenant key list` shows all keys; only a previous one is revoked")
            }
            _ => None,
        };
        let failure = Failure::from(anyhow::Error::from(error));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
