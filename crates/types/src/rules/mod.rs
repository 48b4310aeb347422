//! Pure rules: no clock, no database, no waiting.

pub mod care;
pub mod colours;
pub mod domains;
pub mod google_tag;
pub mod grades;
pub mod holidays;
pub mod hours;
pub mod idle;
pub mod labels;
pub mod overflow;
pub mod period;
pub mod phone;
pub mod placeholders;
pub mod routing;
pub mod text;
