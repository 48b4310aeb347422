//! Pure rules: no clock, no database, no waiting.

pub mod domains;
pub mod phone;
pub mod text;
