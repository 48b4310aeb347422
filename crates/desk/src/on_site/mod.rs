//! Who is on the site now: visitors whose chat is loaded, and where a connection says so everybody whose browser shows a page with it. In
//! memory, by lease, told between nodes; nothing of it is stored but the pages that stand beside a conversation. Nobody can be written to from
//! here: conversations are always begun by the visitor (T-004).

mod board;
mod here;
mod http;
mod list;
mod tell;

pub use board::{Arrival, Board, Guest};
pub use here::here;
pub use http::router;
pub use tell::{hear, renew, tell, tell_forever};
