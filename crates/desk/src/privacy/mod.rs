//! Personal data: what the company tells of it, what it has of a person given out, erased on request or when its time has run out, and what the
//! law makes the company keep, kept apart.

mod consent;
mod consents_table;
mod erase;
mod export;
mod found;
mod http;
mod keep;
mod requests;
mod retention;
mod table;

pub use consent::{Begins, note_consent, require_consent};
pub use http::router;
pub use retention::sweep;
