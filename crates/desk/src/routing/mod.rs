//! Routing: whom a waiting conversation is given to, and how much everybody has to do. It has no table of its own: people belong to `agents`,
//! conversations to `conversations`, which carry its decisions out.

mod assign;
mod candidates;
mod drain;
mod http;
mod rule;
mod team;

pub use assign::{Assigned, assign};
pub use candidates::is_anybody_online;
pub use drain::{DRAIN, drain, drain_job, look_again};
pub use http::router;
pub use rule::{Rule, distributes};
pub use team::{Load, loads};
