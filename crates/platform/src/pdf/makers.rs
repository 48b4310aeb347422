//! Who makes a document now: making one holds a core, so a few are made at a time, and one person has one of the places at most.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// How many documents are made at the same time.
const PLACES: usize = 2;
/// How many one person may have asked for and not have yet.
const ASKED_MAX: usize = 3;

/// The places, and who asks for them. Cheap to clone.
#[derive(Clone)]
pub struct Makers {
    places: Arc<Semaphore>,
    people: Arc<Mutex<HashMap<Uuid, Person>>>,
}

/// What one person has asked for.
struct Person {
    own: Arc<Semaphore>,
    asked: usize,
}

/// A place, free again when dropped. It belongs to the making, not to whoever waits for it.
pub struct Place {
    _asking: Asking,
    _own: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

/// Somebody who asks, until dropped.
struct Asking {
    people: Arc<Mutex<HashMap<Uuid, Person>>>,
    person: Uuid,
}

impl Default for Makers {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(PLACES)), people: Arc::default() }
    }
}

impl Makers {
    /// Waits for a place: behind what the same person has asked for, then behind everybody else's next. None when the person has asked for
    /// as many as may wait.
    pub async fn place(&self, person: Uuid) -> Option<Place> {
        let (asking, own) = self.ask(person)?;
        // Neither is ever closed.
        let own = own.acquire_owned().await.ok()?;
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        Some(Place { _asking: asking, _own: own, _place: place })
    }

    fn ask(&self, person: Uuid) -> Option<(Asking, Arc<Semaphore>)> {
        let mut people = self.people.lock();
        let found = people.entry(person).or_insert_with(|| Person { own: Arc::new(Semaphore::new(1)), asked: 0 });
        if found.asked >= ASKED_MAX {
            return None;
        }
        found.asked += 1;
        Some((Asking { people: Arc::clone(&self.people), person }, Arc::clone(&found.own)))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let mut people = self.people.lock();
        if let Some(person) = people.get_mut(&self.person) {
            person.asked -= 1;
            if person.asked == 0 {
                people.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::{ASKED_MAX, Makers};

    #[tokio::test]
    async fn one_person_holds_one_place_and_the_next_is_somebody_elses() {
        let makers = Makers::default();
        let [ana, bruno, carla] = [1, 2, 3].map(Uuid::from_u128);
        let first = makers.place(ana).now_or_never().unwrap().unwrap();
        let mut second = Box::pin(makers.place(ana));
        assert!(second.as_mut().now_or_never().is_none(), "the other place is not Ana's");
        let other = makers.place(bruno).now_or_never().unwrap().unwrap();
        let mut third = Box::pin(makers.place(carla));
        assert!(third.as_mut().now_or_never().is_none(), "both are taken");
        drop(first);
        let carlas = third.await.unwrap();
        assert!(second.as_mut().now_or_never().is_none(), "Carla came before Ana's next");
        drop(other);
        let anas = second.await.unwrap();
        drop((carlas, anas));
        assert!(makers.people.lock().is_empty(), "nobody is remembered");
    }

    #[tokio::test]
    async fn who_asks_for_too_many_is_refused_and_who_goes_away_makes_room() {
        let makers = Makers::default();
        let ana = Uuid::from_u128(1);
        let held = makers.place(ana).await.unwrap();
        let mut waiting: Vec<_> = (1..ASKED_MAX).map(|_| Box::pin(makers.place(ana))).collect();
        assert!(waiting.iter_mut().all(|next| next.as_mut().now_or_never().is_none()));
        assert!(makers.place(ana).now_or_never().unwrap().is_none());
        waiting.pop();
        assert!(makers.place(ana).now_or_never().is_none(), "it waits again");
        drop((held, waiting));
        assert!(makers.people.lock().is_empty());
    }
}
