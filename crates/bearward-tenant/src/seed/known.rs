//! What can be named in a seed file: what the tenant knows already, and what the file adds.

use super::api::SeedApi;
use super::application::SeedApplication;
use super::faults::{Faults, Located, suggestion};
use super::role::SeedRole;
use crate::error::TenantError;
use crate::model::Application;
use crate::tenant::Tenant;

/// Names, from the tenant and from the file together.
pub(super) struct Known {
    apis: Vec<(String, Vec<String>)>,
    roles: Vec<String>,
    applications: Vec<Candidate>,
}

/// An application that a grant can name.
struct Candidate {
    name: String,
    /// None until it is made, if the file does not choose it.
    client_id: Option<String>,
    meant: Meant,
}

/// The application that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// One that the file does not mention.
    Kept { client_id: String },
    /// The one in this place of the file.
    InFile(usize),
}

impl Known {
    pub(super) async fn to(
        tenant: &Tenant,
        apis: &[SeedApi],
        roles: &[SeedRole],
    ) -> Result<Known, TenantError> {
        let mut known = Known { apis: Vec::new(), roles: Vec::new(), applications: Vec::new() };
        for api in tenant.apis().await? {
            let values = api.permissions.into_iter().map(|permission| permission.value).collect();
            known.apis.push((api.identifier, values));
        }
        for api in apis {
            let values = api.permissions.iter().map(|(value, _)| value.value.clone());
            match known.apis.iter_mut().find(|(other, _)| *other == api.identifier.value) {
                Some((_, others)) => others.extend(values),
                None => known.apis.push((api.identifier.value.clone(), values.collect())),
            }
        }
        known.roles = tenant.roles().await?.into_iter().map(|role| role.name).collect();
        known.roles.extend(roles.iter().map(|role| role.name.value.clone()));
        Ok(known)
    }

    /// Finds the application that each one of the file stands for: by its client id, else by its
    /// name, if that is the name of one alone. From then on grants can name them.
    pub(super) async fn match_applications(
        &mut self,
        tenant: &Tenant,
        applications: &[SeedApplication],
        faults: &mut Faults<'_>,
    ) -> Result<Vec<Option<Application>>, TenantError> {
        let kept = tenant.applications().await?;
        let chosen = |application: &SeedApplication| {
            application.client_id.as_ref().map(|id| id.value.clone())
        };
        let taken: Vec<_> = applications.iter().filter_map(chosen).collect();
        let mut matched = Vec::new();
        for (i, application) in applications.iter().enumerate() {
            let there = the_same(application, &kept, &taken, faults);
            let chosen = chosen(application);
            self.applications.push(Candidate {
                name: application.name.value.clone(),
                client_id: there.map(|there| there.client_id.clone()).or(chosen),
                meant: Meant::InFile(i),
            });
            matched.push(there.cloned());
        }
        for there in kept {
            let is_matched = |m: &Option<Application>| {
                m.as_ref().is_some_and(|matched| matched.client_id == there.client_id)
            };
            if !matched.iter().any(is_matched) {
                self.applications.push(Candidate {
                    name: there.name,
                    client_id: Some(there.client_id.clone()),
                    meant: Meant::Kept { client_id: there.client_id },
                });
            }
        }
        Ok(matched)
    }

    pub(super) fn application(
        &self,
        named: &Located<String>,
        faults: &mut Faults<'_>,
    ) -> Option<Meant> {
        let name = named.value.as_str();
        let all = self.applications.iter();
        if let Some(found) = all.clone().find(|known| known.client_id.as_deref() == Some(name)) {
            return Some(found.meant.clone());
        }
        let found: Vec<_> = all.clone().filter(|known| known.name == name).collect();
        match found.as_slice() {
            [found] => Some(found.meant.clone()),
            [] => {
                let names = all.flat_map(|known| [Some(&known.name), known.client_id.as_ref()]);
                let hint = suggestion(name, names.flatten().map(String::as_str));
                faults.add(&named.place, format!("there is no application {name:?}; {hint}"));
                None
            }
            several => {
                let count = several.len();
                faults.add(
                    &named.place,
                    format!("{count} applications are called {name:?}; name it by its client id"),
                );
                None
            }
        }
    }

    pub(super) fn check_role(&self, named: &Located<String>, faults: &mut Faults<'_>) {
        if !self.roles.contains(&named.value) {
            let hint = suggestion(&named.value, self.roles.iter().map(String::as_str));
            faults.add(&named.place, format!("there is no role {:?}; {hint}", named.value));
        }
    }

    pub(super) fn check_api(&self, named: &Located<String>, faults: &mut Faults<'_>) -> bool {
        if self.permissions(&named.value).is_some() {
            return true;
        }
        let hint = suggestion(&named.value, self.apis.iter().map(|(name, _)| name.as_str()));
        faults.add(&named.place, format!("there is no API {:?}; {hint}", named.value));
        false
    }

    pub(super) fn check_permission(
        &self,
        audience: &Located<String>,
        value: &Located<String>,
        faults: &mut Faults<'_>,
    ) {
        let Some(permissions) = self.permissions(&audience.value) else {
            self.check_api(audience, faults);
            return;
        };
        if !permissions.contains(&value.value) {
            let hint = suggestion(&value.value, permissions.iter().map(String::as_str));
            let (audience, value, place) = (&audience.value, &value.value, &value.place);
            faults.add(place, format!("the API {audience:?} has no permission {value:?}; {hint}"));
        }
    }

    fn permissions(&self, audience: &str) -> Option<&[String]> {
        self.apis.iter().find(|(name, _)| name == audience).map(|(_, values)| values.as_slice())
    }
}

/// `taken` are the client ids that the file names: who has one of them is not found by name.
fn the_same<'k>(
    application: &SeedApplication,
    kept: &'k [Application],
    taken: &[String],
    faults: &mut Faults<'_>,
) -> Option<&'k Application> {
    let name = &application.name;
    let is_the_same = |kept: &&Application| match &application.client_id {
        Some(id) => kept.client_id == id.value,
        None => kept.name == name.value && !taken.contains(&kept.client_id),
    };
    let found: Vec<_> = kept.iter().filter(is_the_same).collect();
    match found.as_slice() {
        [] => None,
        [there] => {
            let (is, asked) = (there.app_type, application.app_type.value);
            if is != asked {
                let (is, asked) = (is.name(), asked.name());
                faults.add(
                    &application.app_type.place,
                    format!("the application is of the type {is}, which cannot become {asked}"),
                );
            }
            Some(there)
        }
        several => {
            let count = several.len();
            faults.add(
                &name.place,
                format!("{count} applications are called {:?}; say `client_id` too", name.value),
            );
            None
        }
    }
}
