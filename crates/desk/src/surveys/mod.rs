//! The satisfaction survey at the end of a conversation (T-180 to T-186): asked when it is closed, once, while somebody had answered it.

mod ask;
mod erase;
mod http;
mod queries;
mod rate;
mod table;

pub use ask::{Asked, SurveyShown, ask};
pub use erase::erase_comments;
pub use http::router;
pub use queries::{Grade, Rating, grades_of, rating_of};
pub use rate::Rate;
