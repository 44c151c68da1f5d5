//! A message to a partner. Written by [`crate::outbox`] alone.

use console_model::{MessageId, MessageState, PartnerId};
use sea_orm::entity::prelude::*;

/// A row of `outbox_message`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_message")]
pub struct Model {
    /// Order of writing.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// The command id; unique.
    pub id: MessageId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// To whom.
    pub partner_id: PartnerId,
    /// What it is, a word of the application.
    pub kind: String,
    /// Messages to one partner with one key are delivered in order.
    pub ordering_key: String,
    /// What is to be said.
    pub payload: Json,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// What became of it.
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: i32,
    /// Not before then.
    pub next_attempt_at: DateTime,
    /// The process that delivers it now.
    pub lease_owner: Option<String>,
    /// Until when.
    pub lease_until: Option<DateTime>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// The same as a word, where there is one.
    pub last_error_code: Option<String>,
    /// When it was delivered, refused or given up.
    pub done_at: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
