//! Adapters to other channels: each verifies and translates what came in and builds what goes out, without I/O.
//! Empty so far: the webchat speaks our own protocol and needs none.
