//! PostgreSQL as we run it: a pool for reading, one connection for each lane of commands, and one on which folded work runs.

use std::{str::FromStr, time::Duration};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use sqlx::{ConnectOptions as _, Connection, Executor, PgConnection, postgres::PgConnectOptions};

use super::Failure;

/// How long to wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// Every folded statement looks rows up by their keys. Plans that were made while the tables were small would read whole tables or indexes once
/// they have grown; these settings leave no other way than key by key, and one plan for each statement.
const KEY_BY_KEY: &str = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
     SET plan_cache_mode = force_generic_plan; SET jit = off";

/// Connections as the ORM takes them.
pub async fn pool(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .connect_timeout(CONNECT_WAIT)
        .acquire_timeout(CONNECT_WAIT)
        .sqlx_logging(false);
    Database::connect(options).await
}

/// The connection on which folded work runs. It is made when it is first needed, and again when it broke.
pub struct Native {
    options: PgConnectOptions,
    open: Option<PgConnection>,
}

impl Native {
    /// Where to connect to.
    pub fn new(url: &str) -> Result<Self, Failure> {
        Ok(Self { options: PgConnectOptions::from_str(url)?.disable_statement_logging(), open: None })
    }

    /// Begins a transaction.
    pub async fn begin(&mut self) -> Result<(), Failure> {
        if let Some(open) = &mut self.open {
            match open.execute("BEGIN").await {
                Ok(_) => return Ok(()),
                Err(error) => tracing::warn!(%error, "the connection for folded work broke; it is made again"),
            }
        }
        self.open = None;
        let connect = tokio::time::timeout(CONNECT_WAIT, PgConnection::connect_with(&self.options));
        let mut open =
            connect.await.map_err(|_late| Failure::Statement("the database does not answer".to_owned()))??;
        open.execute(KEY_BY_KEY).await?;
        open.execute("BEGIN").await?;
        self.open = Some(open);
        Ok(())
    }

    /// For statements inside the transaction.
    pub fn connection(&mut self) -> Result<&mut PgConnection, Failure> {
        self.open.as_mut().ok_or_else(|| Failure::Statement("no transaction is open".to_owned()))
    }

    /// Commits; answered once it is on disk.
    pub async fn commit(&mut self) -> Result<(), Failure> {
        match self.connection()?.execute("COMMIT").await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.open = None;
                Err(Failure::Commit(error.to_string()))
            }
        }
    }

    /// Undoes what an open transaction has written. A connection that cannot is dropped, which undoes it too.
    pub async fn rollback(&mut self) {
        let Some(open) = &mut self.open else { return };
        if let Err(error) = open.execute("ROLLBACK").await {
            tracing::warn!(%error, "a rollback failed; the connection is made again");
            self.open = None;
        }
    }
}
