//! A person who signs in.

use console_model::{Role, UserId};
use sea_orm::entity::prelude::*;

/// A row of `user`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// When the person last signed in.
    pub gmt_login: Option<DateTime>,
    /// Unique name.
    pub name: String,
    /// Argon2id in PHC form, or the original's `pbkdf2:sha256:…`.
    pub password: String,
    /// What the person may do.
    pub role: Role,
    /// The original's session; never used.
    pub token: Option<String>,
    /// The original's session; never used.
    pub token_valid: Option<bool>,
    /// Free text.
    pub comment: Option<String>,
    /// Rights and contact data, a JSON object.
    pub info: Option<Json>,
    /// When the account was disabled.
    pub disabled_at: Option<DateTime>,
    /// Counts the changes of the row; every change compares and sets it.
    pub generation: i64,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
