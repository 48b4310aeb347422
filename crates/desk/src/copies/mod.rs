//! Copies by e-mail: the visitor of a conversation that has ended asks for what they saw of it, where the company allows that.
//!
//! The address may be a stranger's, and half of the words are the visitor's own. So that nobody floods others in the company's name: plain text
//! only, of conversations in which somebody of the company has written, one for each end and address, a few a conversation and a few a day.

mod ask;
mod by_mail;
mod erase;
mod http;
mod queries;
mod table;
mod text;

pub use by_mail::{MAIL_COPY, mail_copy};
pub use erase::erase;
pub use http::router;
pub use queries::{are_offered, of_contact};
