//! A signed-in browser or script.

use console_model::UserId;
use sea_orm::entity::prelude::*;

/// A row of `session`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Lower-case hexadecimal SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The user.
    pub user_id: UserId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it ends by itself.
    pub expires_at: DateTime,
    /// When it was last used, to within what the caller chooses to write.
    pub last_used_at: DateTime,
    /// From where it was opened.
    pub address: Option<String>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
