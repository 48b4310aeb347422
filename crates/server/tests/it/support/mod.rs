//! What every test starts from: a real program on a free port, people and visitors to drive it.

mod app;
pub mod certificates;
mod client;
mod files;
pub mod mail;
mod queue;
mod socket;
mod visitor;

pub use app::{App, PASSWORD};
pub use client::{Answer, Client};
pub use files::{Sender, fetch, fetch_as, noise, picture, recording};
pub use queue::{QueueDesk, ask};
pub use socket::Socket;
pub use visitor::Visitor;

use std::{future::Future, time::Duration};

/// Waits until a question is answered with something; fails after ten seconds. Tests wait for states, never for durations.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let patience = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(tokio::time::Instant::now() < patience, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A new client id.
pub fn client_id() -> String {
    uuid::Uuid::new_v4().to_string()
}
