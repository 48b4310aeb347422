//! The machine room: store, bus, jobs, clock, configuration, telemetry. It knows no word of the trade.

pub mod blobs;
pub mod bus;
pub mod clock;
pub mod config;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod media;
pub mod networks;
pub mod pdf;
pub mod secrets;
pub mod store;
pub mod tasks;
pub mod telemetry;

pub use clock::Clock;
pub use config::Config;
pub use networks::Network;
pub use store::Store;
