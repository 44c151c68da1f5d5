//! What is in the table of an operators' file, read in one way.

use sea_orm::entity::prelude::*;

/// A row of `table_profile`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "table_profile")]
pub struct Model {
    /// Primary key: a digest of content and settings.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When it was asked for, UTC.
    pub gmt_create: DateTime,
    /// Which content: its SHA-256, or where that is not known, the object store's tag of it.
    pub content: String,
    /// The file that had this content then.
    pub object_name: String,
    /// How the table is read.
    pub settings: Json,
    /// How far it is.
    pub state: ProfileState,
    /// The file's size in bytes.
    pub size: i64,
    /// How much of it has been read.
    pub bytes_read: i64,
    /// Rows so far.
    pub rows_read: i64,
    /// How often it was begun.
    pub attempts: i32,
    /// What is in the table.
    pub found: Option<Json>,
    /// Why it cannot be told.
    pub failure: Option<String>,
    /// The same in simplified Chinese.
    pub failure_zh: Option<String>,
    /// The process that reads it.
    pub lease_owner: Option<String>,
    /// Until when it may do so unless it renews that.
    pub lease_until: Option<DateTime>,
}

/// How far a profile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
pub enum ProfileState {
    /// It waits, or is being made.
    #[sea_orm(num_value = 0)]
    Waiting,
    /// It is there.
    #[sea_orm(num_value = 1)]
    Made,
    /// The file is no table that can be read.
    #[sea_orm(num_value = 2)]
    Failed,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
