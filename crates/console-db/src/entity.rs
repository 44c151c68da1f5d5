//! The tables, one module each: plain rows with ids as text, times in UTC without zone, enums as their numbers.
//!
//! Rows are not domain types: whoever reads one parses what it needs with `console-model`.

pub mod change_entry;
pub mod channel_position;
pub mod consent;
pub mod content_mark;
pub mod idempotency_key;
pub mod identity_key;
pub mod instance_event;
pub mod instance_result;
pub mod instance_warning;
pub mod invitation;
pub mod lease;
pub mod log_chunk;
pub mod log_expired;
pub mod metric_point;
pub mod nonce;
pub mod outbox_attempt;
pub mod outbox_message;
pub mod partner;
pub mod pending_output;
pub mod project;
pub mod project_user_rel;
pub mod reached_limit;
pub mod received_command;
pub mod resource;
pub mod session;
pub mod setting;
pub mod sign_in_failure;
pub mod stored_file;
pub mod table_profile;
pub mod task_instance;
pub mod task_inter;
pub mod task_intra;
pub mod user;
