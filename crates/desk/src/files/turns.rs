//! One piece of a file at a time on this node: who comes later ends the one who still waits for bytes, since that is the same sender again.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use balcao_types::FileId;
use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedMutexGuard};

/// Whose turn it is, file by file.
#[derive(Default)]
pub struct Turns {
    known: Mutex<HashMap<FileId, Weak<Queue>>>,
}

#[derive(Default)]
struct Queue {
    at_it: Arc<tokio::sync::Mutex<()>>,
    next: Notify,
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
                // A permit is kept for one who does not listen just now.
                queue.next.notify_one();
                Arc::clone(&queue.at_it).lock_owned().await
            }
        };
        // A call that was meant for the one before is over with that one's turn.
        let _ = queue.next.notified().now_or_never();
        Turn { queue, _at_it: at_it }
    }
}

impl Turn {
    /// Resolves when somebody else wants the turn.
    pub async fn wanted(&self) {
        self.queue.next.notified().await;
    }
}
