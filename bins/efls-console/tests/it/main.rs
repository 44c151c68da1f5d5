//! The built program, driven as people and scripts drive it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod adopt;
mod command_line;
mod connections;
mod demo;
mod diagnose;
mod monitoring;
mod program;
mod rolling;
mod serve;
