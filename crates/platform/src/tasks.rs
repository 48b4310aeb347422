//! Tasks that nobody waits for and that keep nothing in mind: one that ends or panics is begun again, with a line in the log.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;

/// How long it takes until a task that has ended is begun again.
const PAUSE: Duration = Duration::from_secs(5);

/// Runs a task, which is to run as long as the program, and runs it again whenever it has ended or panicked. Never ends.
pub async fn keep_running<T: Future<Output = ()>>(name: &'static str, task: impl FnMut() -> T) {
    run_again(name, PAUSE, task).await;
}

async fn run_again<T: Future<Output = ()>>(name: &'static str, pause: Duration, mut task: impl FnMut() -> T) {
    loop {
        let how = match AssertUnwindSafe(task()).catch_unwind().await {
            Ok(()) => "has ended",
            Err(_panic) => "has panicked",
        };
        tracing::error!(name, how, "a task beside the requests is begun again");
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::run_again;

    #[tokio::test]
    async fn a_task_that_ends_or_panics_is_begun_again() {
        let begun = AtomicUsize::new(0);
        let (reached, is_reached) = tokio::sync::oneshot::channel();
        let mut reached = Some(reached);
        let kept = run_again("test", Duration::ZERO, || {
            let count = begun.fetch_add(1, Ordering::Relaxed);
            let told = if count == 2 { reached.take() } else { None };
            async move {
                match count {
                    0 => {}
                    1 => panic!("on purpose"),
                    _ => {
                        told.unwrap().send(()).unwrap();
                        std::future::pending().await
                    }
                }
            }
        });
        tokio::select! {
            () = kept => unreachable!(),
            reached = is_reached => reached.unwrap(),
        }
        assert_eq!(begun.load(Ordering::Relaxed), 3);
    }
}
