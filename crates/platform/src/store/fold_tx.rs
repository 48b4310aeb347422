//! The open transaction as folded works see it: few statements over many rows, and announcements.

use sea_orm::DbBackend;

use super::{
    Failure, StoreConfig,
    announcements::{Announce, Announcements},
    group::Written,
    postgres,
    rows::{Cell, Many, Row, Rows},
    sqlite,
};
use crate::Clock;

/// The connection on which a writer's folded works run.
pub(super) enum Native {
    Sqlite(sqlite::Native),
    Postgres(Box<postgres::Native>),
}

/// A transaction of folded works.
pub struct FoldTx<'a> {
    native: &'a mut Native,
    clock: Clock,
    announcements: Announcements,
    failed: Option<Failure>,
}

impl Native {
    /// Opens it; the database exists.
    pub fn open(config: &StoreConfig) -> Result<Self, Failure> {
        Ok(match config {
            StoreConfig::Sqlite(path) => Self::Sqlite(sqlite::Native::open(path)?),
            StoreConfig::Postgres(url) => Self::Postgres(Box::new(postgres::Native::new(url)?)),
        })
    }

    /// Whether nobody else writes to this database, so that commands need not mind in which order they lock.
    pub const fn has_one_writer(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    async fn begin(&mut self) -> Result<(), Failure> {
        match self {
            Self::Sqlite(native) => native.begin(),
            Self::Postgres(native) => native.begin().await,
        }
    }

    fn rows(&mut self) -> Result<Rows<'_>, Failure> {
        Ok(match self {
            Self::Sqlite(native) => Rows::Sqlite(native.connection()),
            Self::Postgres(native) => Rows::Postgres(native.connection()?),
        })
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        match self {
            Self::Sqlite(native) => native.commit(),
            Self::Postgres(native) => native.commit().await,
        }
    }

    async fn rollback(&mut self) {
        match self {
            Self::Sqlite(native) => native.rollback(),
            Self::Postgres(native) => native.rollback().await,
        }
    }
}

impl<'a> FoldTx<'a> {
    pub(super) async fn begin(native: &'a mut Native, clock: Clock) -> Result<Self, Failure> {
        native.begin().await?;
        Ok(Self { native, clock, announcements: Announcements::default(), failed: None })
    }

    /// The engine underneath.
    pub fn engine(&self) -> DbBackend {
        match self.native {
            Native::Sqlite(_) => DbBackend::Sqlite,
            Native::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// The first failed statement's error, after which nothing of the transaction may be kept.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failed.clone()
    }

    fn watch<T>(&mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &result {
            self.failed.get_or_insert_with(|| failure.clone());
        }
        result
    }

    /// Runs a statement for all rows: `cells` holds the parameters of one row after the other.
    ///
    /// # Errors
    /// When the database fails; then nothing of the transaction is kept.
    pub async fn execute(&mut self, many: &'static Many, cells: &[Cell<'_>]) -> Result<(), Failure> {
        let done = self.native.rows()?.execute(many, cells).await;
        self.watch(done)
    }

    /// Runs a statement for all rows and reads what it answers, in no particular order.
    ///
    /// # Errors
    /// As [`FoldTx::execute`].
    pub async fn query<T>(
        &mut self,
        many: &'static Many,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let found = self.native.rows()?.query(many, cells, read).await;
        self.watch(found)
    }

    /// Writes the announcements and commits.
    pub(super) async fn commit(self) -> Result<Written, Failure> {
        let written = self.announcements.write(self.native.rows()?, &self.clock).await;
        match written {
            Ok(written) => self.native.commit().await.map(|()| written),
            Err(failure) => {
                self.native.rollback().await;
                Err(failure)
            }
        }
    }

    pub(super) async fn rollback(self) -> Result<(), Failure> {
        self.native.rollback().await;
        Ok(())
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
