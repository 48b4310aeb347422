//! The company's mail: how it is sent and fetched, and what goes out. What the mails are about belongs to other features.

mod account;
mod bounces;
mod consent;
mod consent_table;
mod erase;
mod fetch;
mod http;
mod login;
mod mailbox;
mod outgoing;
mod save;
mod send;
mod table;
mod threads;

pub use account::{Account, Way, account, sends};
pub use bounces::bounced;
pub use erase::erase;
pub use fetch::{FETCH_MAIL, StuckMails, fetch_job, fetch_mail};
pub use http::router;
pub use outgoing::{MailShown, NewMail, Retry, mails_of, queue, readdress, retry};
pub use send::{Notice, SEND_MAIL, send_mail, send_notice};
pub use threads::{mark_of, message_of};
