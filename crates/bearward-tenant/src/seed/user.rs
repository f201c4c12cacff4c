//! `[[user]]`.

use super::faults::{Faults, Located, Place};
use super::known::Known;
use super::role::Held;
use super::section::Section;
use super::{SeedEntry, SeedOutcome};
use crate::error::TenantError;
use crate::model::{NewUser, User, check_password, normal_email};
use crate::tenant::Tenant;

pub(super) const KEYS: [&str; 6] =
    ["email", "password", "name", "email_verified", "roles", "permissions"];

/// A user of the file. No `Debug`: it holds a password.
pub(super) struct SeedUser {
    place: Place,
    /// In lower case, as it is kept.
    pub(super) email: Located<String>,
    password: Option<String>,
    name: Option<String>,
    email_verified: Option<bool>,
    roles: Vec<Located<String>>,
    permissions: Vec<Held>,
}

impl SeedUser {
    pub(super) fn read(section: &Section<'_>, faults: &mut Faults<'_>) -> Option<SeedUser> {
        let email = section.required("email", faults).and_then(|email| {
            let normal = normal_email(&email.value);
            faults.check(&email.place, normal.as_ref());
            Some(Located { value: normal.ok()?, place: email.place })
        });
        let password = section.text("password", faults);
        if let Some(password) = &password {
            faults.check(&password.place, check_password(&password.value));
        }
        let name = section.text("name", faults);
        if let Some(name) = &name {
            let new = NewUser::new("x@example.com", "a password").name(&name.value);
            faults.check(&name.place, new.check(0));
        }
        let email_verified = section.flag("email_verified", faults);
        let roles = section.texts("roles", faults).unwrap_or_default();
        let permissions = Held::read(section, faults);
        Some(SeedUser {
            place: section.own_place(),
            email: email?,
            password: password.map(|password| password.value),
            name: name.map(|name| name.value),
            email_verified,
            roles,
            permissions,
        })
    }

    /// What can be said only with what the tenant knows already.
    pub(super) fn check(&self, known: &Known, is_there: bool, faults: &mut Faults<'_>) {
        if self.password.is_none() && !is_there {
            faults.add(&self.place, "expected the key `password` for a new user, found none");
        }
        self.roles.iter().for_each(|role| known.check_role(role, faults));
        self.permissions.iter().for_each(|held| held.check(known, faults));
    }

    pub(super) async fn apply(&self, tenant: &Tenant) -> Result<SeedEntry, TenantError> {
        let email = &self.email.value;
        let there = tenant.store().user_by_email(email).await?;
        let (user, mut outcome) = match there {
            None => (self.make(tenant).await?, SeedOutcome::Created),
            Some((user, hash)) => {
                let changed = self.update(tenant, &user, hash).await?;
                (user, SeedOutcome::updated(changed))
            }
        };
        let kept = tenant.user_roles(&user.user_id).await?;
        for role in &self.roles {
            if !kept.iter().any(|kept| kept.name == role.value) {
                let role = tenant.role(&role.value).await?;
                tenant.give_user_role(&user.user_id, &role.id).await?;
                outcome = outcome.and_changed();
            }
        }
        let kept = tenant.user_permissions(&user.user_id).await?;
        for held in &self.permissions {
            let has = kept.iter().any(|kept| {
                kept.direct && kept.audience == held.audience() && kept.value == held.value()
            });
            if !has {
                let (audience, value) = (held.audience(), held.value());
                tenant.give_user_permission(&user.user_id, audience, value).await?;
                outcome = outcome.and_changed();
            }
        }
        Ok(SeedEntry::new("user", email, outcome))
    }

    async fn make(&self, tenant: &Tenant) -> Result<User, TenantError> {
        let password = self.password.as_deref().unwrap_or_default();
        let mut new = NewUser::new(&self.email.value, password);
        if let Some(name) = &self.name {
            new = new.name(name);
        }
        if self.email_verified == Some(true) {
            new = new.email_verified();
        }
        tenant.create_user(new).await
    }

    /// Whether anything had to be written.
    async fn update(
        &self,
        tenant: &Tenant,
        there: &User,
        hash: String,
    ) -> Result<bool, TenantError> {
        let mut user = there.clone();
        if let Some(name) = &self.name {
            user.name.clone_from(name);
        }
        user.email_verified = self.email_verified.unwrap_or(user.email_verified);
        let mut changed = user != *there;
        if changed {
            tenant.update_user(&user).await?;
        }
        if let Some(password) = &self.password
            && !tenant.passwords().matches(password, Some(hash)).await?
        {
            tenant.set_password(&user.user_id, password).await?;
            changed = true;
        }
        Ok(changed)
    }
}
