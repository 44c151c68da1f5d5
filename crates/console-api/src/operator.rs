//! Handlers of the operator API, one file per noun, with their wire types.

pub(crate) mod engines;
pub(crate) mod events;
pub(crate) mod instances;
pub(crate) mod invitations;
pub(crate) mod limits;
pub(crate) mod objects;
pub(crate) mod overview;
pub(crate) mod pairings;
pub(crate) mod partners;
pub(crate) mod projects;
pub(crate) mod resources;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod system;
pub(crate) mod tasks;
pub(crate) mod users;
