//! `[[api]]`.

use std::time::Duration;

use super::faults::{Faults, Located};
use super::section::Section;
use super::{SeedEntry, SeedOutcome};
use crate::error::TenantError;
use crate::model::{Api, NewApi, Permission, SigningAlgorithm, TokenDialect};
use crate::tenant::Tenant;

pub(super) const KEYS: [&str; 10] = [
    "identifier",
    "name",
    "permissions",
    "signing_algorithm",
    "token_dialect",
    "token_lifetime",
    "token_lifetime_for_web",
    "enforce_policies",
    "allow_offline_access",
    "skip_consent_for_verifiable_first_party_clients",
];

/// An API of the file. What was left out is nothing.
#[derive(Debug)]
pub(super) struct SeedApi {
    pub(super) identifier: Located<String>,
    name: String,
    /// Each with its description, if it has one.
    pub(super) permissions: Vec<(Located<String>, Option<String>)>,
    signing_algorithm: Option<SigningAlgorithm>,
    token_dialect: Option<TokenDialect>,
    token_lifetime: Option<Duration>,
    token_lifetime_for_web: Option<Duration>,
    enforce_policies: Option<bool>,
    allow_offline_access: Option<bool>,
    skip_consent: Option<bool>,
}

impl SeedApi {
    pub(super) fn read(section: &Section<'_>, faults: &mut Faults<'_>) -> Option<SeedApi> {
        let identifier = section.required("identifier", faults);
        if let Some(identifier) = &identifier {
            let made = NewApi::new("x", &identifier.value).check();
            faults.check(&identifier.place, made);
        }
        let name = section.required("name", faults);
        if let Some(name) = &name {
            faults.check(&name.place, NewApi::new(&name.value, "x").check());
        }
        let algorithm = SigningAlgorithm::name;
        let dialect = TokenDialect::name;
        Some(SeedApi {
            permissions: permissions(section, faults),
            signing_algorithm: section
                .choice("signing_algorithm", &SigningAlgorithm::ALL, algorithm, faults)
                .map(|algorithm| algorithm.value),
            token_dialect: section
                .choice("token_dialect", &TokenDialect::ALL, dialect, faults)
                .map(|dialect| dialect.value),
            token_lifetime: lifetime(section, "token_lifetime", faults),
            token_lifetime_for_web: lifetime(section, "token_lifetime_for_web", faults),
            enforce_policies: section.flag("enforce_policies", faults),
            allow_offline_access: section.flag("allow_offline_access", faults),
            skip_consent: section.flag("skip_consent_for_verifiable_first_party_clients", faults),
            name: name?.value,
            identifier: identifier?,
        })
    }

    pub(super) async fn apply(&self, tenant: &Tenant) -> Result<SeedEntry, TenantError> {
        let identifier = &self.identifier.value;
        let outcome = match tenant.store().api(identifier).await? {
            None => {
                let mut api = NewApi::new(&self.name, identifier);
                for (value, description) in &self.permissions {
                    api = api.permission(&value.value, description.clone().unwrap_or_default());
                }
                let mut api = api.check()?;
                self.write(&mut api);
                tenant.make_keys_for(&api).await?;
                tenant.store().insert_api(&api, tenant.now()).await?;
                SeedOutcome::Created
            }
            Some(before) => SeedOutcome::updated(self.update(tenant, &before).await?),
        };
        Ok(SeedEntry::new("api", identifier, outcome))
    }

    /// Whether anything had to be written.
    async fn update(&self, tenant: &Tenant, before: &Api) -> Result<bool, TenantError> {
        let mut api = before.clone();
        self.write(&mut api);
        let mut changed = api != *before;
        if changed {
            tenant.update_api(&api).await?;
        }
        for (value, description) in &self.permissions {
            let value = &value.value;
            let kept = before.permissions.iter().find(|kept| kept.value == *value);
            let description = match (kept, description) {
                (Some(_), None) => continue,
                (Some(kept), Some(description)) if kept.description == *description => continue,
                (_, description) => description.clone().unwrap_or_default(),
            };
            tenant
                .store()
                .put_permission(&before.id, &Permission::new(value, description)?)
                .await?;
            changed = true;
        }
        Ok(changed)
    }

    fn write(&self, api: &mut Api) {
        let set = |to: &mut bool, from: Option<bool>| *to = from.unwrap_or(*to);
        api.name.clone_from(&self.name);
        api.signing_algorithm = self.signing_algorithm.unwrap_or(api.signing_algorithm);
        api.token_dialect = self.token_dialect.unwrap_or(api.token_dialect);
        api.token_lifetime = self.token_lifetime.unwrap_or(api.token_lifetime);
        api.token_lifetime_for_web =
            self.token_lifetime_for_web.unwrap_or(api.token_lifetime_for_web);
        set(&mut api.enforce_policies, self.enforce_policies);
        set(&mut api.allow_offline_access, self.allow_offline_access);
        set(&mut api.skip_consent_for_verifiable_first_party_clients, self.skip_consent);
    }
}

/// A table from value to description, or a list of tables.
fn permissions(
    section: &Section<'_>,
    faults: &mut Faults<'_>,
) -> Vec<(Located<String>, Option<String>)> {
    let mut permissions: Vec<(Located<String>, Option<String>)> = Vec::new();
    if let Some(named) = section.texts_by_name("permissions", faults) {
        permissions.extend(named.into_iter().map(|(value, text)| (value, Some(text))));
    } else {
        let keys = ["value", "description"];
        for section in section.sections("permissions", &keys, faults).unwrap_or_default() {
            let description = section.text("description", faults).map(|text| text.value);
            let value = section.required("value", faults);
            permissions.extend(value.map(|value| (value, description)));
        }
    }
    for (i, (value, description)) in permissions.iter().enumerate() {
        let made = Permission::new(&value.value, description.clone().unwrap_or_default());
        faults.check(&value.place, made);
        if permissions.iter().take(i).any(|(other, _)| other.value == value.value) {
            faults.add(&value.place, format!("the permission {:?} stands twice", value.value));
        }
    }
    permissions
}

/// In seconds.
fn lifetime(section: &Section<'_>, key: &str, faults: &mut Faults<'_>) -> Option<Duration> {
    let seconds = section.number(key, faults)?;
    let lifetime = Duration::from_secs(seconds.value);
    faults.check(&seconds.place, NewApi::new("x", "x").token_lifetime(lifetime).check());
    Some(lifetime)
}
