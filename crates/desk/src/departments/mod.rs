//! Departments: what conversations are sorted by, and who serves them.

mod change;
mod clean;
mod http;
mod import;
mod queries;
mod remove;
mod spoken;
mod table;

pub use change::{insert_department, lock_names, set_distribution};
pub use clean::drafted;
pub use http::router;
pub use queries::{
    Department, active_department, active_ids, all_departments, all_settings, default_department, department_by_id,
    hold_active_department, hold_department, names,
};
pub use spoken::{Spoken, spoken_in};
pub use table::Model;
