//! The history of a run tells of both halves.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, with_default};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "instance_event", &[with_default("side", Type::Small, 0)]).await
    }
}
