//! `[[role]]`, and the permissions that roles and users hold.

use super::faults::{Faults, Located};
use super::known::Known;
use super::section::Section;
use super::{SeedEntry, SeedOutcome};
use crate::error::TenantError;
use crate::model::Role;
use crate::tenant::Tenant;

pub(super) const KEYS: [&str; 3] = ["name", "description", "permissions"];

/// A role of the file.
#[derive(Debug)]
pub(super) struct SeedRole {
    pub(super) name: Located<String>,
    description: Option<String>,
    permissions: Vec<Held>,
}

/// A permission of an API, held by a role or a user.
#[derive(Debug)]
pub(super) struct Held {
    audience: Located<String>,
    value: Located<String>,
}

impl Held {
    /// The list under `permissions`.
    pub(super) fn read(section: &Section<'_>, faults: &mut Faults<'_>) -> Vec<Held> {
        let keys = ["audience", "value"];
        let sections = section.sections("permissions", &keys, faults).unwrap_or_default();
        let held = sections.iter().filter_map(|section| {
            let audience = section.required("audience", faults);
            let value = section.required("value", faults);
            Some(Held { audience: audience?, value: value? })
        });
        held.collect()
    }

    pub(super) fn check(&self, known: &Known, faults: &mut Faults<'_>) {
        known.check_permission(&self.audience, &self.value, faults);
    }

    pub(super) fn audience(&self) -> &str {
        &self.audience.value
    }

    pub(super) fn value(&self) -> &str {
        &self.value.value
    }
}

impl SeedRole {
    pub(super) fn read(section: &Section<'_>, faults: &mut Faults<'_>) -> Option<SeedRole> {
        let role = |name: &str, description: &str| Role {
            id: String::new(),
            name: name.to_owned(),
            description: description.to_owned(),
        };
        let name = section.required("name", faults);
        if let Some(name) = &name {
            faults.check(&name.place, role(&name.value, "").check());
        }
        let description = section.text("description", faults);
        if let Some(text) = &description {
            faults.check(&text.place, role("x", &text.value).check());
        }
        let permissions = Held::read(section, faults);
        let description = description.map(|text| text.value);
        Some(SeedRole { name: name?, description, permissions })
    }

    pub(super) fn check(&self, known: &Known, faults: &mut Faults<'_>) {
        self.permissions.iter().for_each(|held| held.check(known, faults));
    }

    pub(super) async fn apply(&self, tenant: &Tenant) -> Result<SeedEntry, TenantError> {
        let name = &self.name.value;
        let there = tenant.roles().await?.into_iter().find(|role| role.name == *name);
        let (role, outcome) = match there {
            None => {
                let description = self.description.as_deref().unwrap_or_default();
                (tenant.create_role(name, description).await?, SeedOutcome::Created)
            }
            Some(there) => {
                let description = self.description.clone();
                let description = description.unwrap_or_else(|| there.description.clone());
                let role = Role { description, ..there.clone() };
                if role != there {
                    tenant.update_role(&role).await?;
                }
                let changed = role != there;
                (role, SeedOutcome::updated(changed))
            }
        };
        let mut outcome = outcome;
        let kept = tenant.role_permissions(&role.id).await?;
        for held in &self.permissions {
            let has = |(audience, value): &(String, String)| {
                audience == held.audience() && value == held.value()
            };
            if !kept.iter().any(has) {
                tenant.give_role_permission(&role.id, held.audience(), held.value()).await?;
                outcome = outcome.and_changed();
            }
        }
        Ok(SeedEntry::new("role", name, outcome))
    }
}
