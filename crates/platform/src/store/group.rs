//! The works of one transaction: all commands, or all folded.

use super::{
    Failure, FoldTx, Tx,
    events::Committed,
    item::{FoldItem, Outcome, WorkItem},
    writer::Writer,
};

/// What a committed transaction leaves to tell: its events, and whether jobs were queued.
pub type Written = (Vec<Committed>, bool);

/// What shares a transaction with its neighbours.
pub trait Grouped {
    /// The open transaction.
    type Open<'a>;

    async fn begin(writer: &mut Writer) -> Result<Self::Open<'_>, Failure>;

    /// Runs the works in order. An error asks for a rollback of the whole group.
    async fn run(group: &mut [Box<Self>], open: &mut Self::Open<'_>) -> Result<(), Failure>;

    async fn commit(open: Self::Open<'_>) -> Result<Written, Failure>;

    /// Undoes what was written. On an error the connection cannot be used again.
    async fn roll_back(open: Self::Open<'_>) -> Result<(), Failure>;

    /// Sends the kept answer, or the failure that made it void.
    fn give_answer(self: Box<Self>, failure: Option<Failure>);
}

impl Grouped for dyn WorkItem {
    type Open<'a> = Tx;

    async fn begin(writer: &mut Writer) -> Result<Tx, Failure> {
        Ok(Tx::new(writer.pooled.begin().await?, writer.clock.clone()))
    }

    async fn run(group: &mut [Box<Self>], tx: &mut Self::Open<'_>) -> Result<(), Failure> {
        for item in group {
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

    async fn roll_back(tx: Self::Open<'_>) -> Result<(), Failure> {
        tx.rollback().await
    }

    fn give_answer(self: Box<Self>, failure: Option<Failure>) {
        self.answer(failure);
    }
}

impl Grouped for dyn FoldItem {
    type Open<'a> = FoldTx<'a>;

    async fn begin(writer: &mut Writer) -> Result<FoldTx<'_>, Failure> {
        FoldTx::begin(&mut writer.native, writer.clock.clone()).await
    }

    /// All of one kind are folded, in their order.
    async fn run(group: &mut [Box<Self>], tx: &mut Self::Open<'_>) -> Result<(), Failure> {
        group.sort_by_key(|item| item.kind());
        for same_kind in group.chunk_by_mut(|one, other| one.kind() == other.kind()) {
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

    async fn roll_back(tx: Self::Open<'_>) -> Result<(), Failure> {
        tx.rollback().await
    }

    fn give_answer(self: Box<Self>, failure: Option<Failure>) {
        self.answer(failure);
    }
}
