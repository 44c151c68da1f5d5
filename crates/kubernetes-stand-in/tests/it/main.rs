//! The stand-in, held against what was recorded from a real server, and by itself.
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where it finds something unexpected"
)]

mod access;
mod apply;
mod faults;
mod jobs;
mod jobsets;
mod logs;
mod replay;
mod schemas;
mod support;
mod watches;
