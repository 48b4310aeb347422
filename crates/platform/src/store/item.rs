//! What waits for the writer: a work with the place its answer goes to.

use std::{
    any::{Any, TypeId},
    future::Future,
};

use futures_util::future::LocalBoxFuture;
use tokio::sync::{mpsc, oneshot};

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

    /// Whether nobody waits for it: it runs behind the others of a transaction, and on a lane of its own where there are several.
    const IS_BEHIND: bool;

    /// Runs all of them inside the transaction, in order, with one answer for each. A refusal of one (`Err` inside the list) must have written
    /// nothing for it; a failed statement is the outer error.
    fn run_all(all: &[&Self], tx: &mut FoldTx<'_>) -> impl Future<Output = Result<Answers<Self>, Self::Error>>
    where
        Self: Sized;
}

/// An answer beside what it belongs to.
pub type TaggedAnswer<F, Tag> = (Tag, Result<<F as Folded>::Answer, <F as Folded>::Error>);

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
    /// Whether it runs behind the others, and the kind under which it is folded.
    fn kind(&self) -> (bool, TypeId);
    /// How all of a kind are run.
    fn runner(&self) -> FoldFn;
    /// As [`WorkItem::answer`].
    fn answer(self: Box<Self>, failure: Option<Failure>);
    /// The part that [`FoldItem::runner`] works on.
    fn inside(&mut self) -> &mut dyn Any;
}

/// Where a work's answer goes.
pub trait Return<Answer, Error>: Send + 'static {
    /// Gives it there. The caller may have gone away; what is written stays written.
    fn give(self, result: Result<Answer, Error>);
}

impl<Answer: Send + 'static, Error: Send + 'static> Return<Answer, Error> for oneshot::Sender<Result<Answer, Error>> {
    fn give(self, result: Result<Answer, Error>) {
        drop(self.send(result));
    }
}

/// A place on a channel on which a caller waits for many answers, each beside what it belongs to.
pub struct Tagged<Tag, Answer, Error> {
    pub tag: Tag,
    pub to: mpsc::UnboundedSender<(Tag, Result<Answer, Error>)>,
}

impl<Tag, Answer, Error> Return<Answer, Error> for Tagged<Tag, Answer, Error>
where
    Tag: Send + 'static,
    Answer: Send + 'static,
    Error: Send + 'static,
{
    fn give(self, result: Result<Answer, Error>) {
        drop(self.to.send((self.tag, result)));
    }
}

/// A work that is run by itself.
pub struct SingleItem<W: Work> {
    work: W,
    result: Option<Result<W::Answer, W::Error>>,
    to: oneshot::Sender<Result<W::Answer, W::Error>>,
}

impl<W: Work> SingleItem<W> {
    pub fn new(work: W) -> (Self, Awaited<W::Answer, W::Error>) {
        let (to, answer) = oneshot::channel();
        (Self { work, result: None, to }, answer)
    }
}

impl<W: Work> WorkItem for SingleItem<W> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Outcome> {
        Box::pin(async move {
            let result = self.work.run(tx).await;
            let outcome = if result.is_ok() { Outcome::Kept } else { Outcome::Failed };
            self.result = Some(result);
            outcome
        })
    }

    fn answer(self: Box<Self>, failure: Option<Failure>) {
        self.to.give(outcome(failure, self.result));
    }
}

/// A work that is folded with its neighbours, and where its answer goes.
pub struct FoldedItem<F: Folded, To> {
    inside: Folding<F>,
    to: To,
}

/// The part that is alike wherever the answer goes, so that all of a kind are run together.
struct Folding<F: Folded> {
    work: F,
    result: Option<Result<F::Answer, F::Error>>,
}

impl<F: Folded, To: Return<F::Answer, F::Error>> FoldedItem<F, To> {
    pub fn new(work: F, to: To) -> Self {
        Self { inside: Folding { work, result: None }, to }
    }
}

impl<F: Folded> Folding<F> {
    fn run_group<'a>(items: &'a mut [Box<dyn FoldItem>], tx: &'a mut FoldTx<'_>) -> LocalBoxFuture<'a, Outcome> {
        Box::pin(async move {
            let mut group: Vec<&mut Self> =
                items.iter_mut().filter_map(|item| item.inside().downcast_mut::<Self>()).collect();
            let works: Vec<&F> = group.iter().map(|item| &item.work).collect();
            match F::run_all(&works, tx).await {
                Ok(results) => {
                    for (item, result) in group.iter_mut().zip(results) {
                        item.result = Some(result);
                    }
                    Outcome::Kept
                }
                Err(error) => {
                    if let Some(first) = group.first_mut() {
                        first.result = Some(Err(error));
                    }
                    Outcome::Failed
                }
            }
        })
    }
}

impl<F: Folded, To: Return<F::Answer, F::Error>> FoldItem for FoldedItem<F, To> {
    fn kind(&self) -> (bool, TypeId) {
        (F::IS_BEHIND, TypeId::of::<F>())
    }

    fn runner(&self) -> FoldFn {
        Folding::<F>::run_group
    }

    fn answer(self: Box<Self>, failure: Option<Failure>) {
        self.to.give(outcome(failure, self.inside.result));
    }

    fn inside(&mut self) -> &mut dyn Any {
        &mut self.inside
    }
}

/// What a caller is told: the failure that made its result void, or the result.
fn outcome<Answer, Error: From<Failure>>(
    failure: Option<Failure>,
    result: Option<Result<Answer, Error>>,
) -> Result<Answer, Error> {
    match (failure, result) {
        (Some(failure), _) => Err(failure.into()),
        (None, Some(result)) => result,
        (None, None) => Err(Failure::Stopped.into()),
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
