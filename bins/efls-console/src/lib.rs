//! The console as a program, for whoever builds one with engines of their own.
//!
//! ```no_run
//! # use task_interface::{Description, Engine, EngineError, TaskContext};
//! # struct MyEngine;
//! # impl Engine for MyEngine {
//! #     fn describe(&self) -> Description { Description::new("my-engine", "1", []) }
//! #     async fn task_run(&self, _: TaskContext) -> Result<(), EngineError> { Ok(()) }
//! # }
//! # #[derive(Default, serde::Serialize, serde::Deserialize)]
//! # struct MySettings;
//! # impl MyEngine {
//! #     fn from_settings(_: MySettings) -> Result<Self, EngineError> { Ok(Self) }
//! # }
//! fn main() -> std::process::ExitCode {
//!     efls_console::Program::new()
//!         .engine("my-engine", MyEngine::from_settings)
//!         .run()
//! }
//! ```
//!
//! `examples/own-console` is such a program, with its test. The crate holds sub-commands, configuration and wiring: no query,
//! no route and no business rule.

mod admin;
mod adopt;
mod cli;
mod config;
mod connections;
mod console;
mod demo;
mod diagnose;
mod engines;
mod failure;
mod health;
mod out;
mod program;
mod serve;
mod telemetry;

pub use program::Program;
