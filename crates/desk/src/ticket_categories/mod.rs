//! Categories of tickets: by what a company sorts what its customers want. A ticket has one, or none (T-170).

mod change;
mod http;
mod queries;
mod table;

pub use http::router;
pub use queries::{TicketCategory, lock_choosable};
