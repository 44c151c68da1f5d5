//! What is known of an operators' file besides its bytes. The row stays when the bytes are deleted.

use sea_orm::entity::prelude::*;

/// A row of `stored_file`. A name has a row for each content that it had; the newest one tells of the present.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stored_file")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When the file was written, UTC.
    pub gmt_create: DateTime,
    /// Its name in the object store.
    pub name: String,
    /// Lower-case hexadecimal SHA-256 of its content.
    pub sha256: Option<String>,
    /// Its size in bytes.
    pub size: i64,
    /// The user who uploaded it, or who owns the task that wrote it.
    pub owner_id: Option<String>,
    /// The file of which this is a new version.
    pub previous_name: Option<String>,
    /// When somebody asked for its content to be deleted, UTC.
    pub deleted_at: Option<DateTime>,
    /// Who asked.
    pub deleted_by: Option<String>,
    /// When the object store had deleted it, UTC.
    pub erased_at: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
