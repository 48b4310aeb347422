//! The vocabulary of Balcão: ids, states, events, error codes, permissions, settings, and the pure rules on them.
//! Nothing here does I/O or waits; every other crate may depend on this one, and this one on none of ours.

pub mod error_code;
pub mod event;
pub mod ids;
pub mod language;
pub mod permission;
pub mod rules;
pub mod settings;
pub mod states;
mod text_enum;
pub mod time;

pub use error_code::ErrorCode;
pub use event::{Actor, Audience, Event, Place};
pub use ids::*;
pub use language::Language;
pub use permission::{Permission, Role};
pub use states::*;
pub use time::Timestamp;
