//! An engine that runs both task types on one machine, inside the console's process, over the consoles' peer channel:
//! private set intersection ([`SampleConfig`]) and vertical logistic regression ([`TrainConfig`]).
//!
//! It lets a newcomer see a real join and a real training within minutes, and a small organisation work without a
//! cluster. It uses `task-interface` and nothing else of the console, so it is also the worked example for people who
//! write engines. The cryptography comes from maintained crates (the Ristretto group of `curve25519-dalek`, `sha2`, the
//! ChaCha generator of `rand_chacha`); only the protocol around it is written here.
//!
#![doc = include_str!("../../../docs/LOCAL-ENGINE.md")]

mod config;
mod engine;
pub mod group;
mod handshake;
mod input;
mod join;
mod mark;
mod output;
mod preview;
mod progress;
mod records;
mod seed;
mod train;
mod words;
mod work;

pub use config::{ResultMode, SampleConfig, TrainConfig};
pub use engine::{LocalEngine, LocalEngineConfig, LocalEngineError};
