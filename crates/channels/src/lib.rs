//! Adapters to other channels: each verifies and translates what came in and builds what goes out, without I/O. The webchat speaks our own
//! protocol and needs none.

pub mod email;
