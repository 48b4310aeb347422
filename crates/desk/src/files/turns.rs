//! One piece of a file at a time on this node: who comes later ends the one who still waits for bytes, since that is the same sender again.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use balcao_types::FileId;
use parking_lot::Mutex;
use tokio::sync::{OwnedMutexGuard, watch};

/// Whose turn it is, file by file.
#[derive(Default)]
pub struct Turns {
    known: Mutex<HashMap<FileId, Weak<Queue>>>,
}

#[derive(Default)]
struct Queue {
    at_it: Arc<tokio::sync::Mutex<()>>,
    /// How many wait for the turn.
    waiting: watch::Sender<usize>,
}

/// Somebody who waits, until dropped.
struct Waiting<'a>(&'a Queue);

impl<'a> Waiting<'a> {
    fn at(queue: &'a Queue) -> Self {
        queue.waiting.send_modify(|waiting| *waiting += 1);
        Self(queue)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

/// A turn, over when dropped.
pub struct Turn {
    queue: Arc<Queue>,
    _at_it: OwnedMutexGuard<()>,
}

impl Turns {
    /// Waits for the turn at a file, and tells whoever has it that somebody is waiting.
    pub async fn take(&self, file: FileId) -> Turn {
        let queue = {
            let mut known = self.known.lock();
            known.retain(|_, queue| queue.strong_count() > 0);
            match known.get(&file).and_then(Weak::upgrade) {
                Some(queue) => queue,
                None => {
                    let queue = Arc::<Queue>::default();
                    known.insert(file, Arc::downgrade(&queue));
                    queue
                }
            }
        };
        let at_it = match Arc::clone(&queue.at_it).try_lock_owned() {
            Ok(at_it) => at_it,
            Err(_taken) => {
                let _waiting = Waiting::at(&queue);
                Arc::clone(&queue.at_it).lock_owned().await
            }
        };
        Turn { queue, _at_it: at_it }
    }
}

impl Turn {
    /// Resolves as soon as somebody else wants the turn, at once if somebody does already.
    pub async fn wanted(&self) {
        // The sender lives as long as the turn.
        let _ = self.queue.waiting.subscribe().wait_for(|waiting| *waiting > 0).await;
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::FileId;
    use futures_util::{FutureExt, future::join_all};
    use uuid::Uuid;

    use super::Turns;

    #[tokio::test]
    async fn of_many_who_came_together_each_makes_room_until_the_last_has_the_turn() {
        let turns = Turns::default();
        let file = FileId(Uuid::from_u128(1));
        let first = turns.take(file).await;
        assert!(first.wanted().now_or_never().is_none());
        let others = (0..5).map(|_| async {
            let turn = turns.take(file).await;
            // The last one would wait for ever.
            turn.wanted().now_or_never().is_some()
        });
        let (others, ()) = tokio::join!(join_all(others), async {
            first.wanted().await;
            drop(first);
        });
        assert_eq!(others, [true, true, true, true, false]);
        let alone = turns.take(file).await;
        assert!(alone.wanted().now_or_never().is_none());
        assert!(turns.take(FileId(Uuid::from_u128(2))).now_or_never().is_some());
    }
}
