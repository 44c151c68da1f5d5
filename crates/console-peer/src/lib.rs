//! The federation protocol: how two consoles talk, in both directions.
//!
//! - [`base`] holds the messages of the base protocol, which every console speaks: what we send, and a lenient reading
//!   of what we receive.
//! - [`ext`] holds the messages of the announced extensions, which a base partner never sees.
//! - [`identity`], [`signing`] and [`invitation`] prove who is talking.
//! - [`stream`] is the way of the channel's messages that costs the least.
//! - [`address`] decides which addresses may be called, and connects only to what was checked.
//! - [`client`] makes the calls and sorts their outcomes; [`recovery`] says what to do when an answer was lost.
//!
//! The crate knows no database and no server framework: a server hands it bytes and header values. The protocol is
//! described for outsiders in `docs/PEER-PROTOCOL.md`.

pub mod address;
pub mod base;
pub mod client;
pub mod ext;
pub mod identity;
pub mod invitation;
pub mod json;
pub mod recovery;
pub mod refusal;
pub mod signing;
pub mod stream;
mod word;

pub use word::{Vocabulary, Word};
