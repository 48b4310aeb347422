//! Labels: words that agents and rules put on conversations, to classify and find them.

mod apply;
mod change;
mod http;
mod jobs;
mod queries;
mod table;

pub use apply::{TakeLabelOff, apply_rules, put_on};
pub use change::{NewLabel, insert_defaults, insert_label};
pub use http::router;
pub use jobs::{SWEEP_LABEL, sweep_label, sweep_label_job};
pub use queries::{AppliedLabel, Label, are_few, having, label_by_id, names_of, of_conversations, put_on_condition};
