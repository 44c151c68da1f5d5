//! A key by which this console is known to partners.

use sea_orm::entity::prelude::*;

/// A row of `identity_key`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_key")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// The private key.
    pub secret: String,
    /// The public key, base64.
    pub public_key: String,
    /// Lower-case hexadecimal SHA-256 of the public key's bytes.
    pub fingerprint: String,
    /// When it was replaced.
    pub retired_at: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
