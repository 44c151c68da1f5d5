//! The API, as partners and operators meet it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests make rows that no use-case would make"
)]

mod client;
mod cooperation;
mod database;
mod doors;
mod events;
mod operator;
mod peer;
mod profile;
mod runs;
mod sse;
mod tables;
