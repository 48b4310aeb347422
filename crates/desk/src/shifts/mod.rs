//! Hours: when the company, its departments and its people are there, and what the clock does by itself (T-100 to T-117). Whoever is online when
//! the own hours end is disconnected and comes back with the next ones; no conversation is closed by it.

mod apply;
mod extend;
mod http;
mod people;
mod plans;
mod save;
mod table;

pub use apply::{APPLY, apply, apply_job, look_again};
pub use http::router;
pub use people::{ShiftNow, TeamHours, shift_of, team_hours};
pub use plans::Plans;
pub use save::forget_hours;
