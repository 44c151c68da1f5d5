//! The object store, driven over a real folder and over a real S3 server that checks signatures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod behaviour;
mod interruption;
mod local;
mod names;
mod s3;
mod streaming;
mod support;
