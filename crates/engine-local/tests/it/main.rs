//! The local engine, run by the conformance kit's hosts.
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where it finds something unexpected"
)]

mod conformance;
mod join;
mod join_ids;
mod lines;
mod odd;
mod reference;
mod rows;
mod same_model;
mod support;
mod tables;
mod told;
mod train;
mod variants;
