//! Use-cases and background work: what an operator or a partner may ask for, and what happens later.
//!
//! Knows no HTTP framework: `console-api` turns requests into calls of these functions, and their results and
//! [`AppError`]s into answers.

mod app;
pub mod background;
mod blocker;
pub mod changes;
mod delivery;
pub mod diagnosis;
pub mod engines;
mod error;
mod fault;
pub mod federation;
pub mod idempotency;
pub mod identity;
mod input;
pub mod instances;
#[cfg(test)]
mod layers;
pub mod monitoring;
pub mod objects;
pub mod operator;
pub mod organization;
pub mod outbox;
pub mod overview;
pub mod pairings;
pub mod partners;
pub mod projects;
pub mod reached_limits;
pub mod reconcile;
pub mod refused_calls;
pub mod refused_requests;
pub mod resources;
pub mod rights;
pub mod session;
pub mod settings;
pub mod setup;
mod sweep;
pub mod system;
pub mod tasks;
pub mod told;
pub mod users;

pub use app::{App, Parts, Wake};
pub use blocker::Blocker;
pub use console_storage::{ObjectKey, ObjectName};
pub use error::AppError;
pub use fault::{Fault, FieldProblem};
pub use operator::Operator;
// Lists are cut by the place of a row, which callers hand back.
pub use console_db::outbox::SeqPage;
pub use console_db::{Cursor, Page, naive};
pub use settings::Settings;
