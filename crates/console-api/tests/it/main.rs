//! The API, as partners and operators meet it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod cooperation;
mod doors;
mod operator;
mod peer;
mod runs;
