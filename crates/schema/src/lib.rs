//! Migrations: one Rust source for SQLite and PostgreSQL, and the small runner that applies them.
//!
//! Migrations only add (expand, backfill, contract in a later release), so that the previous release still runs on the new schema.
//! Each runs in its own transaction; a killed process leaves the last whole one, and running again goes on from there.

mod columns;
mod m0001_foundation;
mod m0002_desk;
mod m0003_lists;
mod m0004_waiting;
mod m0005_labels;
mod m0006_shifts;
mod m0007_surveys;
mod m0008_pictures;
mod m0009_customers;
mod m0010_projects;
mod m0011_offline_messages;
mod m0012_mail;
mod m0013_tickets;
mod m0014_privacy;
mod m0015_departments;
mod m0016_spent_challenges;
mod m0017_quick_replies;
mod m0018_mail_consents;
mod m0019_pauses;
mod m0020_ticket_categories;
mod m0021_erasure;
mod m0022_ratings;
mod m0023_sent_by_mail;
mod m0024_placeholders;
mod runner;
mod statistics;

pub use runner::{Error, VERSION, migrate};
