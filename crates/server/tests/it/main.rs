//! Tests through HTTP and the sockets, one file a feature. They run on SQLite with nothing installed; `BALCAO_TEST_DATABASE_URL` repeats the same on
//! PostgreSQL, `BALCAO_TEST_NATS_URL` adds the two-node tests.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

mod access;
mod agents;
mod architecture;
mod attack;
mod bad_input;
mod challenges;
mod connections;
mod conversations;
mod copies;
mod customers;
mod department_looks;
mod departments;
mod files;
mod https;
mod idle;
mod imports;
mod invitations;
mod labels;
mod live;
mod mail;
mod mail_oauth;
mod maintenance;
mod offline_messages;
mod on_site;
mod openapi;
mod overflow;
mod permissions;
mod pictures;
mod previews;
mod privacy;
mod projects;
mod proxy;
mod quick_replies;
mod ratings;
mod replay;
mod routing;
mod shifts;
mod store;
mod support;
mod surveys;
mod team;
mod tickets;
mod transcript;
mod transfer;
mod two_nodes;
mod visitors;
mod workspaces;
