//! Projects: what departments are part of; each with its chat switch, and who serves it at which level of care. A company of one
//! never sees the word ([decision 15](../../../../docs/decisions/0015-projects.md)).

mod change;
mod http;
mod levels;
mod queries;
mod specialists;
mod table;

pub use change::{insert_first, insert_project};
pub use http::router;
pub use levels::{LEVEL_COLUMNS, level_in, level_of_row, refuse_level};
pub use queries::{Project, is_open_for, is_there, offered_department, project_by_id, takes_new};
pub use specialists::{forget_group, forget_person};
