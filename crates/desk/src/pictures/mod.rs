//! Pictures for show: logos, launchers' icons, faces. They come in one piece, are written anew from their pixels alone (D-046), lie in the
//! database beside what shows them, and are public under an address that nobody can guess.

mod http;
mod keep;
mod serve;
mod sweep;
mod table;

pub use http::router;
pub use keep::use_pictures;
pub use serve::pictures_router;
pub use sweep::sweep;
