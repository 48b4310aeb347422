//! Offline messages: what customers leave while nobody is online, answered by e-mail (T-150 to T-162), or as tickets.

mod answer;
mod convert;
mod entries_table;
mod erase;
mod http;
mod late;
mod leave;
mod list;
mod lock;
mod mails;
mod queries;
mod read;
mod readdress;
mod reply;
mod table;
mod visitor_http;

pub use answer::{Taken, take_answer, too_large_text};
pub use convert::{hold, move_to};
pub use erase::{erase, ids_of_contact, lock_outlived, of_contact, outlived};
pub use http::router;
pub use mails::mail_settled;
pub use queries::{OfflineMessageShown, files_of_mail, shown, shown_by};
pub use visitor_http::router as visitor_router;
