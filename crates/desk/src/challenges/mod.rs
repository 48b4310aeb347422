//! Against machines that begin conversations or leave messages: where many come, a browser solves a small challenge for each, unnoticed. A
//! challenge is signed, stands for ten minutes, is for one visitor, and is spent with what it was solved for. Whoever cannot solve one is let
//! through more slowly (T-162).

mod flood;
mod http;
mod proof;
mod spend;

pub use flood::Floods;
pub use http::router;
pub use proof::{Admitted, admit, again, begun, is_needed};
pub use spend::spend;
