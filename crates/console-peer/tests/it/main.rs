//! Tests of the federation protocol: against recorded exchanges, golden files, and real servers on loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as the tests do")]

mod address;
mod client;
mod diagnose;
mod ext;
mod golden;
mod identity;
mod invitation;
mod paired;
mod recorded;
mod recovery;
mod requests;
mod server;
mod signing;
mod tls;
