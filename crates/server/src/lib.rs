//! The program: wiring, embedded web parts, the HTTP server, and the commands of the command line.

pub mod admin;
pub mod assets;
pub mod demo;
pub mod docs;
mod headers;
pub mod listen;
pub mod router;
pub mod serve;
pub mod tls;
