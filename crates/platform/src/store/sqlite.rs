//! SQLite as we run it: WAL, synchronous=FULL, one write connection, checkpoints off the commit path.

use std::{path::Path, str::FromStr, time::Duration};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlxSqliteConnector};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// How many prepared statements a connection keeps: the hot path has one for each size of a group.
const STATEMENTS_KEPT: usize = 384;

/// How many connections read.
const READERS: u32 = 4;

fn options(path: &Path) -> Result<SqliteConnectOptions, DbErr> {
    let options = SqliteConnectOptions::from_str("sqlite::memory:").map_err(connection_error)?;
    Ok(options
        .filename(path)
        .in_memory(false)
        .shared_cache(false)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(STATEMENTS_KEPT)
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "0"))
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
        .connect_with(options(path)?.pragma("cache_size", "-8000"))
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
pub async fn checkpoint_forever(path: std::path::PathBuf) {
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
            tracing::error!(%error, "no connection for checkpoints; the log will grow");
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
