//! The open transaction as a work sees it: statements, events to number, jobs to queue.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use balcao_types::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::{
    Failure,
    announcements::{Announce, Announcements, Mark},
    events::Committed,
    rows::{Cell, Many, Row, Rows},
};
use crate::Clock;

/// A transaction. Implements SeaORM's `ConnectionTrait`, so every query works on it; it watches what passes.
pub struct Tx {
    inner: DatabaseTransaction,
    clock: Clock,
    wrote: AtomicBool,
    failed: Mutex<Option<String>>,
    announcements: Announcements,
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, clock: Clock) -> Self {
        Self {
            inner,
            clock,
            wrote: AtomicBool::new(false),
            failed: Mutex::new(None),
            announcements: Announcements::default(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs a statement for all rows: `cells` holds the parameters of one row after the other.
    ///
    /// # Errors
    /// When the database fails; then nothing of the transaction is kept.
    pub async fn execute_many(&self, many: &'static Many, cells: &[Cell<'_>]) -> Result<(), Failure> {
        self.note_write(many.text());
        let done = Rows::Pooled(&self.inner).execute(many, cells).await;
        self.watch(done)
    }

    /// Runs a statement for all rows and reads what it answers, in no particular order.
    ///
    /// # Errors
    /// When the database fails; then nothing of the transaction is kept.
    pub async fn query_many<T>(
        &self,
        many: &'static Many,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        self.note_write(many.text());
        let found = Rows::Pooled(&self.inner).query(many, cells, read).await;
        self.watch(found)
    }

    /// Marks where a work begins, so that it can be told what it did.
    pub(super) fn begin_work(&mut self) -> Mark {
        self.wrote.store(false, Ordering::Relaxed);
        self.announcements.mark()
    }

    /// Forgets what a refusing work had announced, and says whether it left rows behind.
    pub(super) fn undo_announcements(&mut self, mark: &Mark) -> bool {
        self.announcements.back_to(mark);
        self.wrote.load(Ordering::Relaxed)
    }

    /// The first failed statement's error, after which nothing of the transaction may be kept.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failed.lock().clone().map(Failure::Statement)
    }

    /// Queues the jobs, numbers the events (the workspace's row last) and commits.
    pub(super) async fn commit(self) -> Result<(Vec<Committed>, bool), Failure> {
        let written = self.announcements.write(Rows::Pooled(&self.inner), &self.clock).await;
        match written {
            Ok(written) => {
                self.inner.commit().await.map_err(|error| Failure::Commit(error.to_string())).map(|()| written)
            }
            Err(failure) => {
                self.inner.rollback().await?;
                Err(failure)
            }
        }
    }

    pub(super) async fn rollback(self) -> Result<(), Failure> {
        Ok(self.inner.rollback().await?)
    }

    fn watch<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Result<T, E> {
        if let Err(error) = &result {
            self.failed.lock().get_or_insert_with(|| error.to_string());
        }
        result
    }

    fn note_write(&self, sql: &str) {
        if !sql.trim_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("select")) {
            self.wrote.store(true, Ordering::Relaxed);
        }
    }
}

impl Announce for Tx {
    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn announcements(&mut self) -> &mut Announcements {
        &mut self.announcements
    }
}

#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note_write(&statement.sql);
        self.watch(self.inner.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.note_write(sql);
        self.watch(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note_write(&statement.sql);
        self.watch(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note_write(&statement.sql);
        self.watch(self.inner.query_all_raw(statement).await)
    }
}
