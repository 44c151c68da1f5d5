//! The peer API, between real consoles over HTTP.

mod base_console;
mod base_runs;
pub(crate) mod console;
mod fault;
mod golden;
mod moved;
pub(crate) mod pairing;
pub(crate) mod proxy;
mod refused;
mod shared_settings;
mod unpair;
