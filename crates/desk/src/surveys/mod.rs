//! The satisfaction survey at the end of a conversation (T-180 to T-186): asked when it is closed, once, where somebody had answered it; in the chat,
//! and by a link. And what was answered, in figures and one by one, for whoever manages, and each their own (T-184).

mod ask;
mod by_mail;
mod conditions;
mod erase;
mod figures;
mod figures_http;
mod http;
mod link;
mod list;
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
