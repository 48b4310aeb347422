//! People from a table: a look at what would happen with each row, and then exactly that, whole or not at all.

mod http;
mod plan;
mod run;

pub use http::router;
