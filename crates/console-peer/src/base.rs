//! The base protocol: messages of both directions, byte-compatible with the consoles in the field.
//!
//! | call | request | answer |
//! | --- | --- | --- |
//! | `POST /project/peer` | [`ProjectCreate`] | [`ProjectAnswer`] |
//! | `PUT /project/peer/<id>` | [`ProjectUpdate`] | [`ProjectAnswer`] |
//! | `GET /project/peer/<id>` | | [`ProjectAnswer`] |
//! | `POST /task/peer/<id>` | [`TaskPair`] | [`TaskPairAnswer`] |
//! | `GET /task/peer/<id>` | | [`TaskMetaAnswer`] |
//! | `POST /task_instance/peer/<id>` | [`InstanceCreate`] | [`InstanceCreateAnswer`] |
//! | `PUT /task_instance/peer/<id>` | [`InstanceUpdate`] | [`InstanceStatusAnswer`] |
//! | `GET /task_instance/peer/<id>` | | [`InstanceRow`] |
//!
//! `<id>` is always the **sender's** id of the object. A request type has `parse(&[u8])` for a server, which answers the
//! [`BaseError`] of a wrong body, and serialises for a client. Members that are extensions are optional fields; they are
//! left out when they are `None`, and [`client`](crate::client) removes them for a base partner.

mod answers;
mod config_text;
mod envelope;
mod members;
mod requests;
mod status;

pub use answers::{
    EpochSeconds, InstanceCreateAnswer, InstanceRow, InstanceStatusAnswer, ProjectAnswer, TaskMetaAnswer,
    TaskPairAnswer,
};
pub use config_text::ConfigText;
pub use envelope::{BaseError, Envelope, ErrorBody, RspCode};
pub use requests::{InstanceCreate, InstanceUpdate, ProjectCreate, ProjectUpdate, StatusCommand, TaskPair};
pub use status::BaseStatus;
