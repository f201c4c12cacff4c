//! The one file that knows which database it is: SQLite.
//!
//! Queries elsewhere are written so that PostgreSQL can run them too: `$1`, `RETURNING`,
//! `ON CONFLICT`.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Pool, Sqlite, Transaction};

use crate::error::{TenantError, TenantErrorKind};

/// The database of the queries.
pub(crate) type Db = Sqlite;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a write waits for the writes of another process. Ours are queued before they get there.
const BUSY: Duration = Duration::from_secs(10);

/// Readers see the last commit and never wait for a writer.
const READERS: u32 = 4;

/// Connections to one database: one that writes, and some that read.
///
/// One writer is all that SQLite has, and waiting for it in a queue of our own beats being told
/// that the file is busy.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    writer: Pool<Db>,
    readers: Pool<Db>,
}

impl Database {
    /// Opens the file, makes it if it is not there, and brings its tables up to date.
    pub(crate) async fn open(file: &Path) -> Result<Database, TenantError> {
        let options = options().filename(file).create_if_missing(true);
        let writer = pool(1).connect_with(options.clone()).await.map_err(|e| unusable(file, e))?;
        check_durability(&writer).await.map_err(|e| unusable(file, e))??;
        MIGRATIONS.run(&writer).await.map_err(|error| {
            TenantError::with_source(
                TenantErrorKind::Store,
                format!("the tables in {} could not be brought up to date", file.display()),
                error,
            )
        })?;
        let readers = pool(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(|error| unusable(file, error))?;
        Ok(Database { writer, readers })
    }

    /// A database that is gone with the process. It has one connection: to SQLite each would be a
    /// database of its own.
    pub(crate) async fn in_memory() -> Result<Database, TenantError> {
        let writer = pool(1).connect_with(options().in_memory(true)).await?;
        MIGRATIONS.run(&writer).await.map_err(|error| {
            TenantError::with_source(TenantErrorKind::Store, "the tables could not be made", error)
        })?;
        Ok(Database { readers: writer.clone(), writer })
    }

    /// For a query that reads.
    pub(crate) fn reader(&self) -> &Pool<Db> {
        &self.readers
    }

    /// For a single query that writes.
    pub(crate) fn writer(&self) -> &Pool<Db> {
        &self.writer
    }

    /// For several queries that hold together or not at all. Whoever is in one must not use
    /// [`reader`](Database::reader): in memory there is one connection, and it is taken.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Db>, sqlx::Error> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.writer.is_closed()
    }

    /// Lets go of the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(BUSY)
}

/// What the file system or another program may have overruled: without both, what we said we had
/// kept could be gone after a power cut.
async fn check_durability(pool: &Pool<Db>) -> Result<Result<(), TenantError>, sqlx::Error> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await?;
    // 2 is FULL, 3 is EXTRA (https://www.sqlite.org/pragma.html#pragma_synchronous).
    if journal == "wal" && synchronous >= 2 {
        return Ok(Ok(()));
    }
    let detail = format!(
        "expected the journal mode wal with synchronous 2 (full), found {journal} with \
         {synchronous}; is the data folder on a network file system?"
    );
    Ok(Err(TenantError::new(TenantErrorKind::Store, detail)))
}

fn unusable(file: &Path, error: sqlx::Error) -> TenantError {
    let detail = format!("the database {} cannot be used", file.display());
    TenantError::with_source(TenantErrorKind::Store, detail, error)
}

impl From<sqlx::Error> for TenantError {
    fn from(error: sqlx::Error) -> TenantError {
        let detail = "the database did not do what it was asked";
        TenantError::with_source(TenantErrorKind::Store, detail, error)
    }
}

/// Whether a write failed because there is such a row already.
pub(crate) fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether a write failed because it names a row that is not there.
pub(crate) fn names_nothing(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
}
