//! Passwords: argon2id with a salt each, off the request threads, a few at a time: each takes 19 MiB of memory.

use std::{num::NonZero, sync::LazyLock};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// The hash of a password that nobody has, so that an unknown address costs a login as much time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$2vh1kUrJtzGCeFpm4VRLGoEUo0K8UYKTmvI1KwH1pdA";

/// How many passwords may be at it or wait for it. Who comes later is told to come back.
const PLACES: usize = 64;
/// The most that are at it together; never more than there are cores.
const AT_ONCE: usize = 4;

static HASHING: LazyLock<Hashing> =
    LazyLock::new(|| Hashing::new(PLACES, std::thread::available_parallelism().map_or(1, NonZero::get).min(AT_ONCE)));

/// Bounds the memory and the cores that passwords take, however many arrive.
struct Hashing {
    places: Semaphore,
    turns: Semaphore,
}

impl Hashing {
    fn new(places: usize, turns: usize) -> Self {
        Self { places: Semaphore::new(places), turns: Semaphore::new(turns) }
    }

    /// Does the work in its turn.
    async fn run<T: Send + 'static>(&'static self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.places.try_acquire().map_err(|_full| Error::too_many(1))?;
        let failed = |error: &dyn std::fmt::Display| Error::Failed(format!("password hashing: {error}"));
        let turn = self.turns.acquire().await.map_err(|closed| failed(&closed))?;
        let task = tokio::task::spawn_blocking(move || {
            // With the work, not with the request: who goes away does not make room for another one.
            let _held = (place, turn);
            work()
        });
        task.await.map_err(|ended| failed(&ended))
    }
}

/// The hash to keep.
///
/// # Errors
/// 429 when too many wait; when hashing fails, which it does only for want of memory.
pub async fn hash(password: String) -> Result<String> {
    let hashed = HASHING.run(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    hashed.await?.map_err(|error| Error::Failed(format!("password hashing: {error}")))
}

/// Whether a password fits a hash; takes as long for a missing hash.
///
/// # Errors
/// 429 when too many wait.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    let verified = HASHING.run(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && fits
    });
    verified.await
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use futures_util::future::{join, join_all};
    use tokio::{runtime::Handle, sync::watch};

    use super::{Hashing, NOBODY, hash, verify};

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let kept = hash("uma senha boa".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("uma senha boa".to_owned(), Some(kept.clone())).await.unwrap());
        assert!(!verify("outra senha".to_owned(), Some(kept)).await.unwrap());
        assert!(!verify("uma senha boa".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_is_worked_off_a_few_at_a_time_and_the_rest_is_sent_away() {
        let hashing: &'static Hashing = Box::leak(Box::new(Hashing::new(20, 3)));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (begin, begun) = watch::channel(false);
        let works = (0..50).map(|_| {
            let (now, most, mut begun) = (Arc::clone(&now), Arc::clone(&most), begun.clone());
            hashing.run(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // None is done before everybody has asked.
                drop(Handle::current().block_on(begun.wait_for(|begun| *begun)).unwrap());
                now.fetch_sub(1, Ordering::SeqCst);
            })
        });
        let (answers, _) = join(join_all(works), async { begin.send(true) }).await;
        assert_eq!(answers.into_iter().filter(Result::is_ok).count(), 20);
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
        assert!(hashing.run(|| ()).await.is_ok());
    }

    #[test]
    fn the_hash_of_nobody_is_one() {
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODY).is_ok());
    }
}
