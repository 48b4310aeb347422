//! Tickets: a customer's matter with a number, a state and somebody who sees to it. They begin as offline messages, and what is written about them
//! by e-mail stays with those (T-157 to T-161, T-170 to T-173).

mod change;
mod changes_table;
mod erase;
mod follow;
mod http;
mod list;
mod open;
mod queries;
mod readdress;
mod release;
mod table;

pub use erase::erase;
pub use follow::{Written, follow};
pub use http::router;
pub use list::of_contact;
pub use open::{NewTicket, open};
pub use queries::{TicketShown, shown};
pub use readdress::{Readdressed, readdress};
pub use release::release;
