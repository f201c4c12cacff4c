//! A store that forgets everything when the process ends.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Api, Application, Grant};

#[derive(Default)]
pub(crate) struct Store(RwLock<Tables>);

#[derive(Default)]
struct Tables {
    /// By identifier.
    apis: HashMap<String, Arc<Api>>,
    /// By client id.
    applications: HashMap<String, Arc<Application>>,
    /// By client id and identifier.
    grants: HashMap<(String, String), Arc<Grant>>,
}

impl Store {
    pub(crate) fn insert_api(&self, api: Api) -> Result<(), TenantError> {
        let mut tables = self.write();
        if tables.apis.contains_key(&api.identifier) {
            let detail = format!("there is an API {:?} already", api.identifier);
            return Err(TenantError::new(TenantErrorKind::DuplicateIdentifier, detail));
        }
        tables.apis.insert(api.identifier.clone(), Arc::new(api));
        Ok(())
    }

    /// Client ids are random and long: two alike do not happen.
    pub(crate) fn insert_application(&self, application: Application) {
        self.write().applications.insert(application.client_id.clone(), Arc::new(application));
    }

    pub(crate) fn insert_grant(
        &self,
        client_id: &str,
        audience: &str,
        scopes: &[&str],
    ) -> Result<(), TenantError> {
        let mut tables = self.write();
        if !tables.applications.contains_key(client_id) {
            let detail = format!("there is no application with the client id {client_id:?}");
            return Err(TenantError::new(TenantErrorKind::UnknownApplication, detail));
        }
        let Some(api) = tables.apis.get(audience) else {
            let detail = format!("there is no API {audience:?}");
            return Err(TenantError::new(TenantErrorKind::UnknownApi, detail));
        };
        let grant = Grant::new(client_id, api, scopes)?;
        let key = (grant.client_id.clone(), grant.audience.clone());
        if tables.grants.contains_key(&key) {
            let detail = format!("{client_id:?} has a grant for {audience:?} already");
            return Err(TenantError::new(TenantErrorKind::DuplicateGrant, detail));
        }
        tables.grants.insert(key, Arc::new(grant));
        Ok(())
    }

    pub(crate) fn api(&self, identifier: &str) -> Option<Arc<Api>> {
        self.read().apis.get(identifier).cloned()
    }

    pub(crate) fn application(&self, client_id: &str) -> Option<Arc<Application>> {
        self.read().applications.get(client_id).cloned()
    }

    pub(crate) fn grant(&self, client_id: &str, audience: &str) -> Option<Arc<Grant>> {
        self.read().grants.get(&(client_id.to_owned(), audience.to_owned())).cloned()
    }

    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// No method leaves the tables half changed, so a lock that a panic poisoned is still good.
    fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
