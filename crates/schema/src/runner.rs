//! Applies what is missing, one transaction each; safe when several nodes start at once.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

/// The version this program needs: the number of the last migration.
pub const VERSION: i64 = 24;

/// The lowest version of the program's own that may still open a database migrated by this one (C11).
const OLDEST_COMPATIBLE: i64 = 1;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "the database is of a newer release: it needs version {needs} of the schema or later, this program has {has}"
    )]
    DatabaseTooNew { needs: i64, has: i64 },
    #[error("migration {version} failed: {source}")]
    Migration { version: i64, source: DbErr },
    #[error("the schema's version could not be read: {0}")]
    Version(#[from] DbErr),
}

/// Brings the schema up to date and returns how many migrations ran.
///
/// # Errors
/// When the database is of a newer, incompatible release, or a migration fails (it is rolled back whole).
pub async fn migrate(database: &DatabaseConnection) -> Result<u32, Error> {
    prepare(database).await?;
    let mut applied = 0;
    for version in 1..=VERSION {
        if apply(database, version).await? {
            tracing::info!(version, "schema migrated");
            applied += 1;
        }
    }
    if applied > 0 {
        crate::statistics::assume(database).await?;
    }
    Ok(applied)
}

async fn prepare(database: &DatabaseConnection) -> Result<(), Error> {
    database
        .execute_unprepared(
            "CREATE TABLE IF NOT EXISTS schema_versions (version bigint PRIMARY KEY, oldest_compatible bigint NOT NULL)",
        )
        .await?;
    let needs = database
        .query_one_raw(Statement::from_string(
            database.get_database_backend(),
            "SELECT COALESCE(MAX(oldest_compatible), 0) AS needs FROM schema_versions",
        ))
        .await?
        .map_or(Ok(0), |row| row.try_get::<i64>("", "needs"))?;
    if needs > VERSION {
        return Err(Error::DatabaseTooNew { needs, has: VERSION });
    }
    Ok(())
}

/// Applies one migration unless it is there already. The lock makes a second node wait and then find it done.
async fn apply(database: &DatabaseConnection, version: i64) -> Result<bool, Error> {
    let failed = |source| Error::Migration { version, source };
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = database.begin_with_options(immediate).await.map_err(failed)?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("LOCK TABLE schema_versions IN EXCLUSIVE MODE").await.map_err(failed)?;
    }
    if is_applied(&transaction, version).await.map_err(failed)? {
        transaction.rollback().await.map_err(failed)?;
        return Ok(false);
    }
    up(&transaction, version).await.map_err(failed)?;
    transaction
        .execute_unprepared(&format!("INSERT INTO schema_versions VALUES ({version}, {OLDEST_COMPATIBLE})"))
        .await
        .map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(true)
}

async fn is_applied(transaction: &DatabaseTransaction, version: i64) -> Result<bool, DbErr> {
    let found = transaction
        .query_one_raw(Statement::from_string(
            transaction.get_database_backend(),
            format!("SELECT version FROM schema_versions WHERE version = {version}"),
        ))
        .await?;
    Ok(found.is_some())
}

async fn up(transaction: &DatabaseTransaction, version: i64) -> Result<(), DbErr> {
    match version {
        1 => crate::m0001_foundation::up(transaction).await,
        2 => crate::m0002_desk::up(transaction).await,
        3 => crate::m0003_lists::up(transaction).await,
        4 => crate::m0004_waiting::up(transaction).await,
        5 => crate::m0005_labels::up(transaction).await,
        6 => crate::m0006_shifts::up(transaction).await,
        7 => crate::m0007_surveys::up(transaction).await,
        8 => crate::m0008_pictures::up(transaction).await,
        9 => crate::m0009_customers::up(transaction).await,
        10 => crate::m0010_projects::up(transaction).await,
        11 => crate::m0011_offline_messages::up(transaction).await,
        12 => crate::m0012_mail::up(transaction).await,
        13 => crate::m0013_tickets::up(transaction).await,
        14 => crate::m0014_privacy::up(transaction).await,
        15 => crate::m0015_departments::up(transaction).await,
        16 => crate::m0016_spent_challenges::up(transaction).await,
        17 => crate::m0017_quick_replies::up(transaction).await,
        18 => crate::m0018_mail_consents::up(transaction).await,
        19 => crate::m0019_pauses::up(transaction).await,
        20 => crate::m0020_ticket_categories::up(transaction).await,
        21 => crate::m0021_erasure::up(transaction).await,
        22 => crate::m0022_ratings::up(transaction).await,
        23 => crate::m0023_sent_by_mail::up(transaction).await,
        24 => crate::m0024_placeholders::up(transaction).await,
        unknown => Err(DbErr::Custom(format!("there is no migration {unknown}"))),
    }
}
