//! The person who asks.

use console_model::{Role, UserId};

/// A signed-in person and what came with the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Who.
    pub id: UserId,
    /// The user name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Rights besides the role.
    pub permissions: Permissions,
    /// The id of the request, for logs and for the partner's logs.
    pub request_id: String,
}

/// Rights besides the role (`user.info.permission` in the database).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions {
    /// May create and change tasks (`addTaskPermission`).
    pub add_task: bool,
    /// May start and stop runs (`runPermission`).
    pub run: bool,
}
