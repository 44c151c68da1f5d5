//! The stream of the peer channel: one long-lived WebSocket over which a console sends the messages of all its runs with a
//! partner.
//!
//! Whoever opens it proves itself by the signed `GET /peer/stream?key=<its key of this stream>`, the other by signing
//! [the transcript](Transcript) with both keys of the stream. What follows are [records](Sealer): encrypted and counted, so
//! that nothing between the consoles reads, changes, repeats, drops or reorders one unnoticed. A record holds
//! [items](Item), which are described in `docs/PEER-PROTOCOL.md`.

mod items;
mod keys;

pub use items::{Item, ItemError, Position, RECORD_BYTES, items, write};
pub use keys::{
    EphemeralKey, HELLO_BYTES, KeyError, Keys, Opener, RECORD_OVERHEAD, Sealer, StreamKey, Transcript, answer,
};
