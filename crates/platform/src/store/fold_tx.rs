//! The open transaction as folded works see it: few statements over many rows, and announcements.

use std::cell::RefCell;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use super::{
    Failure,
    announcements::{Announce, Announcements},
    events::Committed,
    rows::{Cell, Many, Row, Rows},
    sqlite::Native,
};
use crate::Clock;

/// A transaction of folded works.
pub struct FoldTx<'a> {
    connection: Connection<'a>,
    clock: Clock,
    announcements: Announcements,
    failed: RefCell<Option<Failure>>,
}

enum Connection<'a> {
    Native(&'a Native),
    Pooled(DatabaseTransaction),
}

impl Connection<'_> {
    fn rows(&self) -> Rows<'_> {
        match self {
            Self::Native(native) => Rows::Native(native.connection()),
            Self::Pooled(transaction) => Rows::Pooled(transaction),
        }
    }
}

impl<'a> FoldTx<'a> {
    /// Begins on SQLite.
    pub(super) fn begin_native(native: &'a Native, clock: Clock) -> Result<Self, Failure> {
        native.begin()?;
        Ok(Self::new(Connection::Native(native), clock))
    }

    /// Goes on in a transaction of the pool.
    pub(super) fn of_pool(transaction: DatabaseTransaction, clock: Clock) -> Self {
        Self::new(Connection::Pooled(transaction), clock)
    }

    fn new(connection: Connection<'a>, clock: Clock) -> Self {
        Self { connection, clock, announcements: Announcements::default(), failed: RefCell::new(None) }
    }

    /// The engine underneath.
    pub fn engine(&self) -> DbBackend {
        match &self.connection {
            Connection::Native(_) => DbBackend::Sqlite,
            Connection::Pooled(transaction) => transaction.get_database_backend(),
        }
    }

    /// The first failed statement's error, after which nothing of the transaction may be kept.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failed.borrow().clone()
    }

    fn watch<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &result {
            self.failed.borrow_mut().get_or_insert_with(|| failure.clone());
        }
        result
    }

    /// Runs a statement for all rows: `cells` holds the parameters of one row after the other.
    ///
    /// # Errors
    /// When the database fails; then nothing of the transaction is kept.
    pub async fn execute(&self, many: &Many, cells: &[Cell<'_>]) -> Result<(), Failure> {
        self.watch(self.connection.rows().execute(many, cells).await)
    }

    /// Runs a statement for all rows and reads what it answers, in no particular order.
    ///
    /// # Errors
    /// As [`FoldTx::execute`].
    pub async fn query<T>(
        &self,
        many: &Many,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        self.watch(self.connection.rows().query(many, cells, read).await)
    }

    /// Writes the announcements and commits.
    pub(super) async fn commit(self) -> Result<(Vec<Committed>, bool), Failure> {
        let written = self.announcements.write(self.connection.rows(), &self.clock).await;
        match (written, self.connection) {
            (Ok(written), Connection::Native(native)) => native.commit().map(|()| written),
            (Ok(written), Connection::Pooled(transaction)) => {
                transaction.commit().await.map_err(|error| Failure::Commit(error.to_string())).map(|()| written)
            }
            (Err(failure), connection) => {
                connection.rollback().await;
                Err(failure)
            }
        }
    }

    pub(super) async fn rollback(self) {
        self.connection.rollback().await;
    }
}

impl Connection<'_> {
    async fn rollback(self) {
        match self {
            Self::Native(native) => native.rollback(),
            Self::Pooled(transaction) => super::tx::roll_back(transaction).await,
        }
    }
}

impl Announce for FoldTx<'_> {
    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn announcements(&mut self) -> &mut Announcements {
        &mut self.announcements
    }
}
