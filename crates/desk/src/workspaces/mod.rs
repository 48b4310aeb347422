//! The workspace: the company, and how an installation is claimed by its first administrator.

mod change;
mod http;
mod queries;
mod set_up;
mod table;

pub use http::router;
pub use queries::{Workspace, active_workspaces, by_id, calling_code, is_set_up, one_by_id};
pub use set_up::{SetUp, new_setup_link};
