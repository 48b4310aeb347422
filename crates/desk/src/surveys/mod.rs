//! The satisfaction survey at the end of a conversation (T-180 to T-186): asked when it is closed, once, where somebody had answered it; in the chat,
//! and by a link.

mod ask;
mod by_mail;
mod erase;
mod http;
mod link;
mod queries;
mod rate;
mod table;

pub use ask::{Asked, SurveyShown, ask};
pub use by_mail::{ASK_BY_MAIL, ask_by_mail};
pub use erase::erase_comments;
pub use http::router;
pub use link::link_for;
pub use queries::{Grade, Rating, grades_of, rating_of};
pub use rate::Rate;
