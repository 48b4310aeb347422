//! SQLite as we run it: WAL, synchronous=FULL, checkpoints off the commit path. The writer's thread has two connections and uses one at a time:
//! commands go through the pool's driver, folded work natively (`docs/decisions/0007-native-folds.md`).

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlxSqliteConnector};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::Failure;

/// What every connection is set to, besides its own cache.
const PRAGMAS: [(&str, &str); 5] = [
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
    ("foreign_keys", "ON"),
    ("temp_store", "MEMORY"),
    ("wal_autocheckpoint", "0"),
];

/// How long a connection waits for a lock that another one holds for a moment.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// How many prepared statements the native connection keeps: more than there are.
const STATEMENTS_KEPT: usize = 64;

/// How much a connection that writes keeps in memory: 8 MB.
const WRITE_CACHE: (&str, &str) = ("cache_size", "-8000");

/// How many connections read.
const READERS: u32 = 4;

fn options(path: &Path) -> Result<SqliteConnectOptions, DbErr> {
    let options = SqliteConnectOptions::from_str("sqlite::memory:")
        .map_err(connection_error)?
        .filename(path)
        .in_memory(false)
        .shared_cache(false)
        .create_if_missing(true)
        .busy_timeout(LOCK_WAIT);
    Ok(PRAGMAS.into_iter().fold(options, |options, (name, value)| options.pragma(name, value)))
}

fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error)))
}

/// The one connection that writes.
pub async fn write_connection(path: &Path) -> Result<DatabaseConnection, DbErr> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options(path)?.pragma(WRITE_CACHE.0, WRITE_CACHE.1))
        .await
        .map_err(connection_error)?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// The pool that reads; it cannot write.
pub async fn read_pool(path: &Path) -> Result<DatabaseConnection, DbErr> {
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .connect_with(options(path)?.pragma("query_only", "ON"))
        .await
        .map_err(connection_error)?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Moves the log into the database about once a second, from a connection of its own, so that no commit pays for it. Runs until the task ends.
pub async fn checkpoint_forever(path: PathBuf) {
    let connected = match options(&path) {
        Ok(options) => SqlitePoolOptions::new().max_connections(1).idle_timeout(None).connect_with(options).await,
        Err(error) => {
            tracing::error!(%error, "the checkpoint connection's options are wrong");
            return;
        }
    };
    let pool = match connected {
        Ok(pool) => pool,
        Err(error) => {
            tracing::error!(%error, "no connection for checkpoints; the log grows until there is one");
            return;
        }
    };
    let mut every = tokio::time::interval(Duration::from_secs(1));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&pool).await {
            tracing::warn!(%error, "a checkpoint failed; the next one tries again");
        }
    }
}

/// The connection on which folded work runs, on the writer's own thread.
pub struct Native {
    path: PathBuf,
    open: rusqlite::Connection,
}

impl Native {
    /// Opens it; the database exists.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        Ok(Self { path: path.to_owned(), open: native_connection(path)? })
    }

    /// For statements inside the transaction.
    pub const fn connection(&self) -> &rusqlite::Connection {
        &self.open
    }

    /// Begins a transaction that writes.
    pub fn begin(&mut self) -> Result<(), Failure> {
        if !self.open.is_autocommit() {
            tracing::warn!("the connection for folded work was left in a transaction; it is made again");
            self.open = native_connection(&self.path)?;
        }
        Ok(self.open.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop)?)
    }

    /// Commits; answered once it is on disk.
    pub fn commit(&self) -> Result<(), Failure> {
        let committed = self.open.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        committed.map(drop).map_err(|error| {
            self.rollback();
            Failure::Commit(error.to_string())
        })
    }

    /// Undoes what an open transaction has written.
    pub fn rollback(&self) {
        if !self.open.is_autocommit()
            && let Err(error) = self.open.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }
}

fn native_connection(path: &Path) -> Result<rusqlite::Connection, Failure> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(LOCK_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    for (name, value) in PRAGMAS.into_iter().chain([WRITE_CACHE]) {
        // Some answer with a row, which nobody needs.
        connection.pragma_update_and_check(None, name, value, |_row| Ok(())).or_else(ignore_no_row)?;
    }
    Ok(connection)
}

fn ignore_no_row(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    }
}
