//! A store that forgets everything when the process ends.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use crate::error::{TenantError, TenantErrorKind};
use crate::model::Api;

#[derive(Default)]
pub(crate) struct Store(RwLock<Tables>);

#[derive(Default)]
struct Tables {
    /// By identifier.
    apis: HashMap<String, Arc<Api>>,
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

    /// No method leaves the tables half changed, so a lock that a panic poisoned is still good.
    fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
