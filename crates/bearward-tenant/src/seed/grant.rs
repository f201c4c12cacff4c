//! `[[grant]]`.

use super::faults::{Faults, Located, Place};
use super::known::{Known, Meant};
use super::section::Section;
use super::{SeedEntry, SeedOutcome};
use crate::error::TenantError;
use crate::tenant::Tenant;

pub(super) const KEYS: [&str; 3] = ["application", "audience", "scopes"];

/// A grant of the file.
#[derive(Debug)]
pub(super) struct SeedGrant {
    place: Place,
    application: Located<String>,
    audience: Located<String>,
    scopes: Vec<Located<String>>,
}

/// A grant whose application is known.
#[derive(Debug)]
pub(super) struct CheckedGrant<'s> {
    pub(super) application: Meant,
    audience: &'s str,
    scopes: Vec<&'s str>,
}

impl SeedGrant {
    pub(super) fn read(section: &Section<'_>, faults: &mut Faults<'_>) -> Option<SeedGrant> {
        let application = section.required("application", faults);
        let audience = section.required("audience", faults);
        let scopes = section.texts("scopes", faults).unwrap_or_default();
        let place = section.own_place();
        Some(SeedGrant { place, application: application?, audience: audience?, scopes })
    }

    pub(super) fn check(&self, known: &Known, faults: &mut Faults<'_>) -> Option<CheckedGrant<'_>> {
        let application = known.application(&self.application, faults);
        if known.check_api(&self.audience, faults) {
            for scope in &self.scopes {
                known.check_permission(&self.audience, scope, faults);
            }
        }
        Some(CheckedGrant {
            application: application?,
            audience: &self.audience.value,
            scopes: self.scopes.iter().map(|scope| scope.value.as_str()).collect(),
        })
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }
}

impl CheckedGrant<'_> {
    /// Whether both are for the same application and API.
    pub(super) fn is_twin_of(&self, other: &CheckedGrant<'_>) -> bool {
        self.application == other.application && self.audience == other.audience
    }

    pub(super) async fn apply(
        &self,
        tenant: &Tenant,
        client_id: &str,
    ) -> Result<SeedEntry, TenantError> {
        let there = tenant.store().grant(client_id, self.audience).await?;
        let kept: Vec<String> =
            there.as_ref().map(|there| there.scopes.clone()).unwrap_or_default();
        let mut scopes: Vec<&str> = kept.iter().map(String::as_str).collect();
        for scope in &self.scopes {
            if !scopes.contains(scope) {
                scopes.push(scope);
            }
        }
        let outcome = match there {
            None => SeedOutcome::Created,
            Some(_) => SeedOutcome::updated(scopes.len() > kept.len()),
        };
        if outcome != SeedOutcome::Unchanged {
            tenant.grant(client_id, self.audience, &scopes).await?;
        }
        Ok(SeedEntry::new("grant", &format!("{client_id} on {}", self.audience), outcome))
    }
}
