//! A seed: a file that says what a tenant is to know.

mod api;
mod application;
mod faults;
mod grant;
mod known;
mod role;
mod section;
mod user;

use toml::de::DeTable;

use crate::error::TenantError;
use crate::model::Application;
use crate::tenant::Tenant;
use api::SeedApi;
use application::SeedApplication;
use faults::{Faults, Located, Place};
use grant::{CheckedGrant, SeedGrant};
use known::{Known, Meant};
use role::SeedRole;
use section::Section;
use user::SeedUser;

/// What came of a seed, thing by thing, in the order in which they were looked at.
///
/// # Example
/// ```
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// use bearward_tenant::{SeedOutcome, Tenant};
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let report = tenant.seed("[[role]]\nname = \"Reader\"").await?;
/// assert_eq!(report.count(SeedOutcome::Created), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeedReport {
    /// What became of each thing in the file.
    pub entries: Vec<SeedEntry>,
}

/// What became of one thing in a seed: see [`SeedReport`].
///
/// # Example
/// ```
/// # use bearward_tenant::{Tenant, TenantError};
/// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
/// let report = tenant.seed("[[role]]\nname = \"Reader\"").await?;
/// for entry in report.entries {
///     println!("{} {}: {:?}", entry.table, entry.name, entry.outcome);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeedEntry {
    /// Its table in the file: `api`, `application`, `role`, `user` or `grant`.
    pub table: &'static str,
    /// What it is known by.
    pub name: String,
    /// What became of it.
    pub outcome: SeedOutcome,
}

/// What a seed did to one thing: see [`SeedReport`].
///
/// # Example
/// ```
/// # use bearward_tenant::{Tenant, TenantError};
/// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
/// use bearward_tenant::SeedOutcome;
/// let seed = "[[role]]\nname = \"Reader\"";
/// tenant.seed(seed).await?;
/// assert_eq!(tenant.seed(seed).await?.count(SeedOutcome::Unchanged), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeedOutcome {
    /// It was not there.
    Created,
    /// It was there, and something about it was not as the file says.
    Updated,
    /// It was as the file says.
    Unchanged,
}

impl SeedReport {
    /// How many things had this outcome.
    #[must_use]
    pub fn count(&self, outcome: SeedOutcome) -> usize {
        self.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }
}

impl SeedEntry {
    fn new(table: &'static str, name: &str, outcome: SeedOutcome) -> SeedEntry {
        SeedEntry { table, name: name.to_owned(), outcome }
    }
}

impl SeedOutcome {
    fn updated(changed: bool) -> SeedOutcome {
        if changed { SeedOutcome::Updated } else { SeedOutcome::Unchanged }
    }

    /// After one more change to the same thing.
    fn and_changed(self) -> SeedOutcome {
        if self == SeedOutcome::Created { self } else { SeedOutcome::Updated }
    }
}

impl Tenant {
    /// Makes the tenant know what a seed file says: APIs, applications, roles, users and grants.
    ///
    /// The whole file is checked before anything is written, and all its faults are told together.
    /// Run again, it changes nothing: a password or a secret that matches already is left as it is.
    ///
    /// # Format
    /// TOML. Things are found again by what is marked `*`; a key that is left out gets its default
    /// when the thing is made, and stays as it is from then on.
    ///
    /// | table | keys |
    /// | --- | --- |
    /// | `[[api]]` | `identifier`*, `name`, `permissions`, `signing_algorithm`, `token_dialect`, `token_lifetime` and `token_lifetime_for_web` (seconds), `enforce_policies`, `allow_offline_access`, `skip_consent_for_verifiable_first_party_clients` |
    /// | `[[application]]` | `client_id`* or else `name`*, `app_type`, `client_secret`, `is_first_party`, `callbacks`, `allowed_logout_urls`, `web_origins`, `grant_types` |
    /// | `[[role]]` | `name`*, `description`, `permissions` |
    /// | `[[user]]` | `email`*, `password`, `name`, `email_verified`, `roles`, `permissions` |
    /// | `[[grant]]` | `application`* (client id, or a name that one alone has), `audience`*, `scopes` |
    ///
    /// `name` of an API and an application, `app_type`, and the `password` of a new user must be
    /// there. An API's `permissions` are a table from value to description, or a list of
    /// `{ value, description }`; those of roles and users are a list of `{ audience, value }`.
    ///
    /// Nothing is ever deleted: permissions, scopes and roles are added to those that are there.
    /// Lists of addresses and grant types are values, and become what the file says. An application
    /// that keeps a secret and is given none gets one that nobody has seen:
    /// [`rotate_client_secret`](Tenant::rotate_client_secret) gives one that can be used.
    ///
    /// # Errors
    /// `invalid_seed`, with a line for each fault, such as
    /// ``line 3, [[api]] token_lifetim: unknown key; did you mean `token_lifetime`?``; nothing was
    /// written then. `store` when the database fails, which may be half-way: run it again.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), bearward_tenant::TenantError> {
    /// use bearward_tenant::{SeedOutcome, Tenant};
    ///
    /// let seed = r#"
    ///     [[api]]
    ///     identifier = "https://api.example.com"
    ///     name = "Messages"
    ///     signing_algorithm = "RS256"
    ///     token_dialect = "access_token_authz"
    ///     token_lifetime = 3600
    ///     enforce_policies = true
    ///     allow_offline_access = true
    ///     [api.permissions]
    ///     "read:messages" = "Read messages"
    ///     "write:messages" = "Write messages"
    ///
    ///     [[application]]
    ///     name = "Nightly report"
    ///     app_type = "non_interactive"
    ///     client_id = "nightly-report"
    ///     client_secret = "only-for-this-machine"
    ///
    ///     [[application]]
    ///     name = "Message reader"
    ///     app_type = "spa"
    ///     client_id = "message-reader"
    ///     callbacks = ["http://localhost:3010/"]
    ///     allowed_logout_urls = ["http://localhost:3010/"]
    ///     web_origins = ["http://localhost:3010"]
    ///
    ///     [[grant]]
    ///     application = "Nightly report"
    ///     audience = "https://api.example.com"
    ///     scopes = ["read:messages"]
    ///
    ///     [[role]]
    ///     name = "Reader"
    ///     description = "May read messages"
    ///     permissions = [{ audience = "https://api.example.com", value = "read:messages" }]
    ///
    ///     [[user]]
    ///     email = "alice@example.com"
    ///     password = "correct horse"
    ///     name = "Alice Liddell"
    ///     email_verified = true
    ///     roles = ["Reader"]
    /// "#;
    /// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// assert_eq!(tenant.seed(seed).await?.count(SeedOutcome::Created), 6);
    /// assert_eq!(tenant.seed(seed).await?.count(SeedOutcome::Unchanged), 6);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn seed(&self, text: &str) -> Result<SeedReport, TenantError> {
        let mut faults = Faults::of(text);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            faults.add(&Place { offset, path: String::new() }, error.message());
        }
        // What follows a fault in the syntax may be misread, and its faults be none.
        faults.into_result()?;
        let seed = Seed::read(document.get_ref(), text);
        seed.check(self).await?.apply(self).await
    }
}

/// What a file says.
struct Seed<'t> {
    apis: Vec<SeedApi>,
    applications: Vec<SeedApplication>,
    roles: Vec<SeedRole>,
    users: Vec<SeedUser>,
    grants: Vec<SeedGrant>,
    faults: Faults<'t>,
}

/// A file without a fault.
struct CheckedSeed<'s> {
    apis: &'s [SeedApi],
    /// Each with the one that it stands for.
    applications: Vec<(&'s SeedApplication, Option<Application>)>,
    roles: &'s [SeedRole],
    users: &'s [SeedUser],
    grants: Vec<CheckedGrant<'s>>,
}

impl<'t> Seed<'t> {
    fn read(document: &DeTable<'_>, text: &'t str) -> Seed<'t> {
        let mut faults = Faults::of(text);
        let faults = &mut faults;
        let tables = ["api", "application", "role", "user", "grant"];
        let top = Section::open(String::new(), (document, 0), &tables, faults);
        let apis = read(&top, "api", &api::KEYS, SeedApi::read, faults);
        let applications =
            read(&top, "application", &application::KEYS, SeedApplication::read, faults);
        let roles = read(&top, "role", &role::KEYS, SeedRole::read, faults);
        let users = read(&top, "user", &user::KEYS, SeedUser::read, faults);
        let grants = read(&top, "grant", &grant::KEYS, SeedGrant::read, faults);
        twice(apis.iter().map(|api| &api.identifier), faults);
        twice(applications.iter().filter_map(|a| a.client_id.as_ref()), faults);
        for application in applications.iter().filter(|a| a.client_id.is_none()) {
            application.check_name_is_its_own(&applications, faults);
        }
        twice(roles.iter().map(|role| &role.name), faults);
        twice(users.iter().map(|user| &user.email), faults);
        let faults = std::mem::replace(faults, Faults::of(text));
        Seed { apis, applications, roles, users, grants, faults }
    }

    async fn check(&'t self, tenant: &Tenant) -> Result<CheckedSeed<'t>, TenantError> {
        let mut faults = self.faults.clone();
        let faults_so_far = &mut faults;
        let mut known = Known::to(tenant, &self.apis, &self.roles).await?;
        let matched = known.match_applications(tenant, &self.applications, faults_so_far).await?;
        let emails: Vec<_> = tenant.users().await?.into_iter().map(|user| user.email).collect();
        for role in &self.roles {
            role.check(&known, faults_so_far);
        }
        for user in &self.users {
            user.check(&known, emails.contains(&user.email.value), faults_so_far);
        }
        let mut grants: Vec<CheckedGrant<'_>> = Vec::new();
        for grant in &self.grants {
            let Some(checked) = grant.check(&known, faults_so_far) else { continue };
            if grants.iter().any(|other| other.is_twin_of(&checked)) {
                let what = "the grant of this application for this API stands twice";
                faults_so_far.add(grant.place(), what);
            }
            grants.push(checked);
        }
        faults.into_result()?;
        let applications = self.applications.iter().zip(matched).collect();
        let Seed { apis, roles, users, .. } = self;
        Ok(CheckedSeed { apis, applications, roles, users, grants })
    }
}

impl CheckedSeed<'_> {
    async fn apply(&self, tenant: &Tenant) -> Result<SeedReport, TenantError> {
        let mut report = SeedReport::default();
        let entries = &mut report.entries;
        for api in self.apis {
            entries.push(api.apply(tenant).await?);
        }
        let mut client_ids = Vec::new();
        for (application, there) in &self.applications {
            let (entry, client_id) = application.apply(tenant, there.as_ref()).await?;
            entries.push(entry);
            client_ids.push(client_id);
        }
        for role in self.roles {
            entries.push(role.apply(tenant).await?);
        }
        for user in self.users {
            entries.push(user.apply(tenant).await?);
        }
        for grant in &self.grants {
            let client_id = match &grant.application {
                Meant::Kept { client_id } => Some(client_id),
                Meant::InFile(place) => client_ids.get(*place),
            };
            if let Some(client_id) = client_id {
                entries.push(grant.apply(tenant, client_id).await?);
            }
        }
        Ok(report)
    }
}

fn read<'t, T>(
    top: &Section<'t>,
    key: &str,
    keys: &[&str],
    read: impl Fn(&Section<'t>, &mut Faults<'_>) -> Option<T>,
    faults: &mut Faults<'_>,
) -> Vec<T> {
    let sections = top.sections(key, keys, faults).unwrap_or_default();
    sections.iter().filter_map(|section| read(section, faults)).collect()
}

/// A thing that stands twice is a slip: which of both would hold?
fn twice<'a>(names: impl Iterator<Item = &'a Located<String>>, faults: &mut Faults<'_>) {
    let mut seen: Vec<&Located<String>> = Vec::new();
    for name in names {
        if let Some(first) = seen.iter().find(|first| first.value == name.value) {
            let line = faults.line(first.place.offset);
            faults.add(&name.place, format!("{:?} stands in line {line} already", name.value));
        } else {
            seen.push(name);
        }
    }
}
