//! One change of the status of either half of an instance. Append-only.

use console_model::{HistorySide, InstanceId};
use sea_orm::entity::prelude::*;

/// A row of `instance_event`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instance_event")]
pub struct Model {
    /// Primary key, in order of happening.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The instance.
    pub instance_id: InstanceId,
    /// Its attempt after the change.
    pub attempt: i32,
    /// When.
    pub at: DateTime,
    /// `operator`, `partner`, `engine` or `console`.
    pub actor_kind: String,
    /// Id of the user or partner, name of the engine.
    pub actor: Option<String>,
    /// Before; NULL when it was created.
    pub from_status: Option<i16>,
    /// After; [`DELETED`] when the partner deleted its half.
    pub to_status: i16,
    /// Why.
    pub reason: Option<String>,
    /// The same as a word, see [`console_model::RunReasonCode`].
    pub reason_code: Option<String>,
    /// What goes with the word.
    pub reason_detail: Option<String>,
    /// The same in simplified Chinese.
    pub reason_detail_zh: Option<String>,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// Whose half.
    pub side: HistorySide,
}

/// Stands where a status does, when there is nothing any more that could have one.
pub const DELETED: i16 = -1;

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
