//! `[[application]]`.

use super::faults::{Faults, Located};
use super::section::{Section, chosen};
use super::{SeedEntry, SeedOutcome};
use crate::error::TenantError;
use crate::model::{Application, ApplicationType, ClientAuthentication, GrantType, NewApplication};
use crate::secret::ClientSecret;
use crate::tenant::Tenant;

pub(super) const KEYS: [&str; 9] = [
    "name",
    "client_id",
    "client_secret",
    "app_type",
    "is_first_party",
    "callbacks",
    "allowed_logout_urls",
    "web_origins",
    "grant_types",
];

/// An application of the file. No `Debug`: it holds a secret.
pub(super) struct SeedApplication {
    pub(super) name: Located<String>,
    pub(super) client_id: Option<Located<String>>,
    client_secret: Option<Located<String>>,
    pub(super) app_type: Located<ApplicationType>,
    is_first_party: Option<bool>,
    callbacks: Option<Vec<String>>,
    allowed_logout_urls: Option<Vec<String>>,
    web_origins: Option<Vec<String>>,
    grant_types: Option<Vec<GrantType>>,
}

impl SeedApplication {
    pub(super) fn read(section: &Section<'_>, faults: &mut Faults<'_>) -> Option<SeedApplication> {
        let name = section.required("name", faults);
        if let Some(name) = &name {
            let made = NewApplication::new(&name.value, ApplicationType::Spa).check();
            faults.check(&name.place, made);
        }
        if !section.has("app_type") {
            faults.add(&section.own_place(), "expected the key `app_type`, found none");
        }
        let all = ApplicationType::ALL;
        let app_type = section.choice("app_type", &all, ApplicationType::name, faults);
        // Where the type is not known, the rest is judged as for one that may do most.
        let judged = app_type.as_ref().map_or(ApplicationType::RegularWeb, |found| found.value);
        let client_id = section.text("client_id", faults);
        if let Some(id) = &client_id {
            faults.check(&id.place, NewApplication::new("x", judged).client_id(&id.value).check());
        }
        let client_secret = section.text("client_secret", faults);
        if let Some(secret) = &client_secret {
            let made = NewApplication::new("x", judged).client_secret(&secret.value).check();
            faults.check(&secret.place, made);
        }
        let new = || NewApplication::new("x", judged);
        Some(SeedApplication {
            client_id,
            client_secret,
            is_first_party: section.flag("is_first_party", faults),
            callbacks: urls(section, "callbacks", |url| new().callback(url), faults),
            allowed_logout_urls: urls(
                section,
                "allowed_logout_urls",
                |url| new().allowed_logout_url(url),
                faults,
            ),
            web_origins: urls(section, "web_origins", |url| new().web_origin(url), faults),
            grant_types: grant_types(section, judged, faults),
            name: name?,
            app_type: app_type?,
        })
    }

    /// Without a client id the name alone says which one is meant, at the next run too.
    pub(super) fn check_name_is_its_own(&self, all: &[SeedApplication], faults: &mut Faults<'_>) {
        let name = &self.name.value;
        if all.iter().filter(|other| other.name.value == *name).count() > 1 {
            let what = format!("several applications are called {name:?}; say `client_id` too");
            faults.add(&self.name.place, what);
        }
    }

    /// Makes it, or brings the one that is there up to date; gives its client id too.
    pub(super) async fn apply(
        &self,
        tenant: &Tenant,
        there: Option<&Application>,
    ) -> Result<(SeedEntry, String), TenantError> {
        let (client_id, outcome) = match there {
            None => (self.make(tenant).await?, SeedOutcome::Created),
            Some(there) => {
                let changed = self.update(tenant, there).await?;
                (there.client_id.clone(), SeedOutcome::updated(changed))
            }
        };
        Ok((SeedEntry::new("application", &self.name.value, outcome), client_id))
    }

    async fn make(&self, tenant: &Tenant) -> Result<String, TenantError> {
        let mut new = NewApplication::new(&self.name.value, self.app_type.value);
        if let Some(client_id) = &self.client_id {
            new = new.client_id(&client_id.value);
        }
        if let Some(secret) = &self.client_secret {
            new = new.client_secret(&secret.value);
        }
        let mut application = new.check()?.application;
        self.write(&mut application);
        application.check()?;
        tenant.store().insert_application(&application, tenant.now()).await?;
        Ok(application.client_id)
    }

    /// Whether anything had to be written.
    async fn update(&self, tenant: &Tenant, there: &Application) -> Result<bool, TenantError> {
        let mut application = there.clone();
        self.write(&mut application);
        let mut changed = !is_same(&application, there);
        if changed {
            tenant.update_application(&application).await?;
        }
        if let (Some(secret), ClientAuthentication::Secret(hash)) =
            (&self.client_secret, &there.authentication)
            && !hash.matches(&secret.value)
        {
            let hash = ClientSecret::chosen(secret.value.clone())?.hash();
            tenant.store().replace_client_secret(&there.client_id, &hash).await?;
            changed = true;
        }
        Ok(changed)
    }

    fn write(&self, application: &mut Application) {
        let set = |to: &mut Vec<String>, from: &Option<Vec<String>>| {
            if let Some(from) = from {
                to.clone_from(from);
            }
        };
        application.name.clone_from(&self.name.value);
        application.is_first_party = self.is_first_party.unwrap_or(application.is_first_party);
        set(&mut application.callbacks, &self.callbacks);
        set(&mut application.allowed_logout_urls, &self.allowed_logout_urls);
        set(&mut application.web_origins, &self.web_origins);
        if let Some(grant_types) = &self.grant_types {
            application.grant_types.clone_from(grant_types);
        }
    }
}

/// In all that [`SeedApplication::write`] writes.
fn is_same(one: &Application, other: &Application) -> bool {
    one.name == other.name
        && one.is_first_party == other.is_first_party
        && one.callbacks == other.callbacks
        && one.allowed_logout_urls == other.allowed_logout_urls
        && one.web_origins == other.web_origins
        && one.grant_types == other.grant_types
}

/// Addresses, each of them checked by the model.
fn urls(
    section: &Section<'_>,
    key: &str,
    with: impl Fn(&str) -> NewApplication,
    faults: &mut Faults<'_>,
) -> Option<Vec<String>> {
    let texts = section.texts(key, faults)?;
    for url in &texts {
        faults.check(&url.place, with(&url.value).check());
    }
    Some(texts.into_iter().map(|url| url.value).collect())
}

fn grant_types(
    section: &Section<'_>,
    app_type: ApplicationType,
    faults: &mut Faults<'_>,
) -> Option<Vec<GrantType>> {
    let mut found = Vec::new();
    for text in section.texts("grant_types", faults)? {
        if let Some(grant_type) = chosen(text, &GrantType::ALL, GrantType::name, faults) {
            let new = NewApplication::new("x", app_type).grant_types([grant_type.value]);
            faults.check(&grant_type.place, new.check());
            found.push(grant_type.value);
        }
    }
    Some(found)
}
