//! Failed sign-ins of one account or one address.

use sea_orm::entity::prelude::*;

/// A row of `sign_in_failure`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_failure")]
pub struct Model {
    /// `account:<name>` or `address:<ip>`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// How many since `first_at`.
    pub failures: i32,
    /// When the window began.
    pub first_at: DateTime,
    /// Until when sign-in is refused.
    pub locked_until: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
