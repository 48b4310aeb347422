//! The works of one transaction: all commands, or all folded.

use super::{
    Failure, FoldTx, Tx,
    events::Committed,
    item::{FoldItem, Outcome, WorkItem},
    writer::Writer,
};

/// What a committed transaction leaves to tell: its events, and whether jobs were queued.
pub type Written = (Vec<Committed>, bool);

/// Works that share a transaction.
pub trait Group: Sized {
    /// The open transaction.
    type Open<'a>;

    fn len(&self) -> usize;

    /// Each in a group of its own.
    fn apart(self) -> Vec<Self>;

    async fn begin<'a>(&self, writer: &'a Writer) -> Result<Self::Open<'a>, Failure>;

    /// Runs the works in order. An error asks for a rollback of the whole group.
    async fn run(&mut self, open: &mut Self::Open<'_>) -> Result<(), Failure>;

    async fn commit(open: Self::Open<'_>) -> Result<Written, Failure>;

    async fn roll_back(open: Self::Open<'_>);

    /// Sends the kept answers, or the failure that made them void.
    fn answer(self, failure: Option<&Failure>);
}

impl Group for Vec<Box<dyn WorkItem>> {
    type Open<'a> = Tx;

    fn len(&self) -> usize {
        self.len()
    }

    fn apart(self) -> Vec<Self> {
        self.into_iter().map(|item| vec![item]).collect()
    }

    async fn begin(&self, writer: &Writer) -> Result<Tx, Failure> {
        Ok(Tx::new(writer.begin_pooled().await?, writer.clock.clone()))
    }

    async fn run(&mut self, tx: &mut Self::Open<'_>) -> Result<(), Failure> {
        for item in self {
            let mark = tx.begin_work();
            let outcome = item.run(tx).await;
            if let Some(failure) = tx.failure() {
                return Err(failure);
            }
            if outcome == Outcome::Failed && tx.undo_announcements(&mark) {
                return Err(Failure::Refused);
            }
        }
        Ok(())
    }

    async fn commit(tx: Self::Open<'_>) -> Result<Written, Failure> {
        tx.commit().await
    }

    async fn roll_back(tx: Self::Open<'_>) {
        tx.rollback().await;
    }

    fn answer(self, failure: Option<&Failure>) {
        for item in self {
            item.answer(failure.cloned());
        }
    }
}

impl Group for Vec<Box<dyn FoldItem>> {
    type Open<'a> = FoldTx<'a>;

    fn len(&self) -> usize {
        self.len()
    }

    fn apart(self) -> Vec<Self> {
        self.into_iter().map(|item| vec![item]).collect()
    }

    async fn begin<'a>(&self, writer: &'a Writer) -> Result<FoldTx<'a>, Failure> {
        match &writer.native {
            Some(native) => FoldTx::begin_native(native, writer.clock.clone()),
            None => Ok(FoldTx::of_pool(writer.begin_pooled().await?, writer.clock.clone())),
        }
    }

    /// All of one kind are folded, in their order.
    async fn run(&mut self, tx: &mut Self::Open<'_>) -> Result<(), Failure> {
        self.sort_by_key(|item| item.kind());
        for same_kind in self.chunk_by_mut(|one, other| one.kind() == other.kind()) {
            let Some(run) = same_kind.first().map(|first| first.runner()) else { continue };
            if run(same_kind, tx).await == Outcome::Failed {
                return Err(tx.failure().unwrap_or(Failure::Refused));
            }
        }
        Ok(())
    }

    async fn commit(tx: Self::Open<'_>) -> Result<Written, Failure> {
        tx.commit().await
    }

    async fn roll_back(tx: Self::Open<'_>) {
        tx.rollback().await;
    }

    fn answer(self, failure: Option<&Failure>) {
        for item in self {
            item.answer(failure.cloned());
        }
    }
}
