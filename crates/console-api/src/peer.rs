//! Handlers of the peer API. Answers and errors have the form of the base protocol.

pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod extensions;
pub(crate) mod instances;
pub(crate) mod projects;
pub(crate) mod stream;
pub(crate) mod tasks;
