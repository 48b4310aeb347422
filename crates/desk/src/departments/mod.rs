//! Departments: what conversations are sorted by, and who serves them.

mod change;
mod http;
mod import;
mod queries;
mod table;

pub use change::{insert_department, lock_names, set_distribution};
pub use http::router;
pub use queries::{
    Department, active_department, active_ids, all_departments, default_department, department_by_id, names,
};
pub use table::Model;
