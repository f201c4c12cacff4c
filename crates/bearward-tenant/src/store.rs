//! Where the model is kept. Each query is written once, here and nowhere else.

mod activity;
mod administrators;
mod apis;
mod applications;
pub(crate) mod authorization_codes;
mod authorization_requests;
mod consents;
pub(crate) mod database;
mod grants;
pub(crate) mod refresh_tokens;
mod roles;
pub(crate) mod row;
mod sessions;
pub(crate) mod settings;
pub(crate) mod signing_keys;
mod token_families;
mod usage;
mod users;

use std::path::Path;

use crate::error::TenantError;
use database::Database;

/// What a tenant is told, kept.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    pub(crate) async fn open(file: &Path) -> Result<Store, TenantError> {
        Ok(Store { database: Database::open(file).await? })
    }

    pub(crate) async fn in_memory() -> Result<Store, TenantError> {
        Ok(Store { database: Database::in_memory().await? })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.database.is_closed()
    }

    pub(crate) async fn close(&self) {
        self.database.close().await;
    }
}
