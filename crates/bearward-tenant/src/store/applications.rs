//! Applications.

use sqlx::FromRow;

use super::Store;
use super::database::is_duplicate;
use super::row::{from_list, list, unreadable};
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Application, ApplicationType, ClientAuthentication, GrantType};
use crate::secret::SecretHash;

#[derive(FromRow)]
struct ApplicationRow {
    client_id: String,
    name: String,
    app_type: String,
    secret_hash: Option<Vec<u8>>,
    is_first_party: bool,
    callbacks: String,
    allowed_logout_urls: String,
    web_origins: String,
    grant_types: String,
}

impl Store {
    pub(crate) async fn insert_application(
        &self,
        application: &Application,
        now: i64,
    ) -> Result<(), TenantError> {
        let inserted = sqlx::query(
            "INSERT INTO applications (client_id, name, app_type, secret_hash, is_first_party, \
             callbacks, allowed_logout_urls, web_origins, grant_types, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&application.client_id)
        .bind(&application.name)
        .bind(application.app_type.name())
        .bind(secret_hash(application))
        .bind(application.is_first_party)
        .bind(list(&application.callbacks))
        .bind(list(&application.allowed_logout_urls))
        .bind(list(&application.web_origins))
        .bind(grant_types(application))
        .bind(now)
        .execute(self.database.writer())
        .await;
        match inserted {
            Err(error) if is_duplicate(&error) => {
                let client_id = &application.client_id;
                let detail = format!("there is an application with the client id {client_id:?}");
                Err(TenantError::new(TenantErrorKind::DuplicateIdentifier, detail))
            }
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Everything but its client id, its type and its secret.
    pub(crate) async fn update_application(
        &self,
        application: &Application,
    ) -> Result<(), TenantError> {
        let updated = sqlx::query(
            "UPDATE applications SET name = $2, is_first_party = $3, callbacks = $4, \
             allowed_logout_urls = $5, web_origins = $6, grant_types = $7 WHERE client_id = $1",
        )
        .bind(&application.client_id)
        .bind(&application.name)
        .bind(application.is_first_party)
        .bind(list(&application.callbacks))
        .bind(list(&application.allowed_logout_urls))
        .bind(list(&application.web_origins))
        .bind(grant_types(application))
        .execute(self.database.writer())
        .await?;
        found(updated.rows_affected(), &application.client_id)
    }

    /// From here on the old secret proves nothing.
    pub(crate) async fn replace_client_secret(
        &self,
        client_id: &str,
        hash: &SecretHash,
    ) -> Result<(), TenantError> {
        let updated = sqlx::query(
            "UPDATE applications SET secret_hash = $2 \
             WHERE client_id = $1 AND secret_hash IS NOT NULL",
        )
        .bind(client_id)
        .bind(hash.as_bytes())
        .execute(self.database.writer())
        .await?;
        found(updated.rows_affected(), client_id)
    }

    pub(crate) async fn delete_application(&self, client_id: &str) -> Result<(), TenantError> {
        let deleted = sqlx::query("DELETE FROM applications WHERE client_id = $1")
            .bind(client_id)
            .execute(self.database.writer())
            .await?;
        found(deleted.rows_affected(), client_id)
    }

    /// By name.
    pub(crate) async fn applications(&self) -> Result<Vec<Application>, TenantError> {
        let rows: Vec<ApplicationRow> =
            sqlx::query_as("SELECT * FROM applications ORDER BY name, client_id")
                .fetch_all(self.database.reader())
                .await?;
        rows.into_iter().map(application).collect()
    }

    pub(crate) async fn application(
        &self,
        client_id: &str,
    ) -> Result<Option<Application>, TenantError> {
        let row: Option<ApplicationRow> =
            sqlx::query_as("SELECT * FROM applications WHERE client_id = $1")
                .bind(client_id)
                .fetch_optional(self.database.reader())
                .await?;
        row.map(application).transpose()
    }
}

fn secret_hash(application: &Application) -> Option<&[u8]> {
    match &application.authentication {
        ClientAuthentication::Secret(hash) => Some(hash.as_bytes()),
        ClientAuthentication::None => None,
    }
}

fn grant_types(application: &Application) -> String {
    let names: Vec<_> =
        application.grant_types.iter().map(|grant_type| grant_type.name().to_owned()).collect();
    list(&names)
}

fn application(row: ApplicationRow) -> Result<Application, TenantError> {
    let authentication = match row.secret_hash {
        None => ClientAuthentication::None,
        Some(bytes) => ClientAuthentication::Secret(
            SecretHash::from_bytes(&bytes)
                .ok_or_else(|| unreadable("a hash of a client secret", "something else"))?,
        ),
    };
    let grant_types = from_list(&row.grant_types)?
        .iter()
        .map(|name| GrantType::from_name(name).ok_or_else(|| unreadable("a grant type", name)))
        .collect::<Result<_, _>>()?;
    Ok(Application {
        app_type: ApplicationType::from_name(&row.app_type)
            .ok_or_else(|| unreadable("a type of application", &row.app_type))?,
        client_id: row.client_id,
        name: row.name,
        is_first_party: row.is_first_party,
        callbacks: from_list(&row.callbacks)?,
        allowed_logout_urls: from_list(&row.allowed_logout_urls)?,
        web_origins: from_list(&row.web_origins)?,
        grant_types,
        authentication,
    })
}

fn found(rows: u64, client_id: &str) -> Result<(), TenantError> {
    if rows == 0 { Err(unknown_application(client_id)) } else { Ok(()) }
}

pub(super) fn unknown_application(client_id: &str) -> TenantError {
    let detail = format!("there is no application with the client id {client_id:?}");
    TenantError::new(TenantErrorKind::UnknownApplication, detail)
}
