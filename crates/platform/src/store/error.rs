//! How the store fails, and what each failure means for what was asked.

use sea_orm::DbErr;

/// A failure of the store itself. None of them is an acknowledgement.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// A statement failed; nothing of the work was written.
    #[error("a statement failed: {0}")]
    Statement(String),
    /// The commit's outcome is unknown: the work may or may not be on disk. Repeating it with the same id is safe.
    #[error("the commit's outcome is unknown: {0}")]
    Commit(String),
    /// A command refused after it had written; its rows are rolled back and its own refusal is the answer.
    #[error("a command refused after writing")]
    Refused,
    /// The writer is shutting down.
    #[error("the store has stopped")]
    Stopped,
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        Self::Statement(error.to_string())
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Statement(error.to_string())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Statement(error.to_string())
    }
}

/// Whether trying the same transaction again may succeed: serialization failure or deadlock (SQLSTATE 40001, 40P01).
pub(crate) fn is_retryable(error: &str) -> bool {
    error.contains("40001")
        || error.contains("40P01")
        || error.contains("deadlock detected")
        || error.contains("could not serialize")
        || error.contains("database is locked")
}
