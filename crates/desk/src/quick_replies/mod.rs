//! Quick replies: texts written beforehand that an agent calls by a shortcut, changes and sends.

mod change;
mod http;
mod queries;
mod table;

pub use change::{NewQuickReply, forget_department, insert_defaults, insert_quick_reply};
pub use http::router;
pub use queries::QuickReply;
