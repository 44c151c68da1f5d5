//! One attempt to deliver a message.

use console_model::MessageId;
use sea_orm::entity::prelude::*;

/// A row of `outbox_attempt`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_attempt")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The message's id.
    pub message_id: MessageId,
    /// When it began.
    pub at: DateTime,
    /// How long it took.
    pub duration_ms: i64,
    /// What came of it, a word.
    pub outcome: String,
    /// Why it failed.
    pub error: Option<String>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
