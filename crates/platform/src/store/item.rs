//! What waits for the writer: a work with the place its answer goes to.

use std::{
    any::{Any, TypeId},
    future::Future,
};

use futures_util::future::LocalBoxFuture;
use tokio::sync::oneshot;

use super::{Failure, FoldTx, Tx};

/// A change: it owns its input and can be run again from the start. Its only effects are rows.
pub trait Work: Send + 'static {
    type Answer: Send + 'static;
    type Error: From<Failure> + Send + 'static;

    /// Runs inside the transaction. An error means that nothing of it is kept.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Answer, Self::Error>>;
}

/// A frequent change that is run together with its neighbours: few statements for all of them.
pub trait Folded: Send + Sync + 'static {
    type Answer: Send + 'static;
    type Error: From<Failure> + Send + 'static;

    /// Kinds of a lower rank run first in a transaction, so that rows are always locked in the same order.
    const RANK: u8;

    /// Runs all of them inside the transaction, in order, with one answer for each. A refusal of one (`Err` inside the list) must have written
    /// nothing for it; a failed statement is the outer error.
    fn run_all(all: &[&Self], tx: &mut FoldTx<'_>) -> impl Future<Output = Result<Answers<Self>, Self::Error>>
    where
        Self: Sized;
}

/// One answer for each work of a fold.
pub type Answers<F> = Vec<Result<<F as Folded>::Answer, <F as Folded>::Error>>;

/// Where a work's answer arrives.
pub type Awaited<Answer, Error> = oneshot::Receiver<Result<Answer, Error>>;

/// How a work ended inside the transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Its rows are in the transaction.
    Kept,
    /// It refused or failed; whether it wrote is for the transaction to say.
    Failed,
}

/// Runs neighbours of one kind. A failure asks for a rollback; it has been kept as the first one's answer.
pub type FoldFn = for<'a, 'b> fn(&'a mut [Box<dyn FoldItem>], &'a mut FoldTx<'b>) -> LocalBoxFuture<'a, Outcome>;

/// What is queued, with its type forgotten.
pub enum Item {
    Work(Box<dyn WorkItem>),
    Fold(Box<dyn FoldItem>),
}

/// A queued work.
pub trait WorkItem: Send {
    /// Runs it, keeping the result inside.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Outcome>;
    /// Sends the kept result, or the failure that made it void. Nobody waiting is no error.
    fn answer(self: Box<Self>, failure: Option<Failure>);
}

/// A queued work that is folded with its neighbours.
pub trait FoldItem: Send {
    /// The rank and kind under which they are folded.
    fn kind(&self) -> (u8, TypeId);
    /// How all of a kind are run.
    fn runner(&self) -> FoldFn;
    /// As [`WorkItem::answer`].
    fn answer(self: Box<Self>, failure: Option<Failure>);
    fn as_any(&mut self) -> &mut dyn Any;
}

struct Reply<Answer, Error> {
    result: Option<Result<Answer, Error>>,
    to: oneshot::Sender<Result<Answer, Error>>,
}

impl<Answer, Error: From<Failure>> Reply<Answer, Error> {
    fn send(self, failure: Option<Failure>) {
        let result = match (failure, self.result) {
            (Some(failure), _) => Err(failure.into()),
            (None, Some(result)) => result,
            (None, None) => Err(Failure::Stopped.into()),
        };
        // The caller may have gone away; what is written stays written.
        drop(self.to.send(result));
    }

    fn keep(&mut self, result: Result<Answer, Error>) -> Outcome {
        let outcome = if result.is_ok() { Outcome::Kept } else { Outcome::Failed };
        self.result = Some(result);
        outcome
    }
}

/// A work that is run by itself.
pub struct SingleItem<W: Work> {
    work: W,
    reply: Reply<W::Answer, W::Error>,
}

impl<W: Work> SingleItem<W> {
    pub fn new(work: W) -> (Self, Awaited<W::Answer, W::Error>) {
        let (to, answer) = oneshot::channel();
        (Self { work, reply: Reply { result: None, to } }, answer)
    }
}

impl<W: Work> WorkItem for SingleItem<W> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Outcome> {
        Box::pin(async move {
            let result = self.work.run(tx).await;
            self.reply.keep(result)
        })
    }

    fn answer(self: Box<Self>, failure: Option<Failure>) {
        self.reply.send(failure);
    }
}

/// A work that is folded with its neighbours.
pub struct FoldedItem<F: Folded> {
    work: F,
    reply: Reply<F::Answer, F::Error>,
}

impl<F: Folded> FoldedItem<F> {
    pub fn new(work: F) -> (Self, Awaited<F::Answer, F::Error>) {
        let (to, answer) = oneshot::channel();
        (Self { work, reply: Reply { result: None, to } }, answer)
    }

    fn run_group<'a>(items: &'a mut [Box<dyn FoldItem>], tx: &'a mut FoldTx<'_>) -> LocalBoxFuture<'a, Outcome> {
        Box::pin(async move {
            let mut group: Vec<&mut Self> =
                items.iter_mut().filter_map(|item| item.as_any().downcast_mut::<Self>()).collect();
            let works: Vec<&F> = group.iter().map(|item| &item.work).collect();
            match F::run_all(&works, tx).await {
                Ok(results) => {
                    for (item, result) in group.iter_mut().zip(results) {
                        item.reply.result = Some(result);
                    }
                    Outcome::Kept
                }
                Err(error) => match group.first_mut() {
                    Some(first) => first.reply.keep(Err(error)),
                    None => Outcome::Failed,
                },
            }
        })
    }
}

impl<F: Folded> FoldItem for FoldedItem<F> {
    fn kind(&self) -> (u8, TypeId) {
        (F::RANK, TypeId::of::<F>())
    }

    fn runner(&self) -> FoldFn {
        Self::run_group
    }

    fn answer(self: Box<Self>, failure: Option<Failure>) {
        self.reply.send(failure);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A work that does nothing: its answer says that everything queued before it is done.
pub struct Nothing;

impl Work for Nothing {
    type Answer = ();
    type Error = Failure;

    async fn run(&self, _tx: &mut Tx) -> Result<(), Failure> {
        Ok(())
    }
}
