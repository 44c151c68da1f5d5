//! What this console adds: columns of the base tables, and its own tables.

mod base_columns;
mod federation_tables;
mod local_tables;
mod run_tables;

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        base_columns::up(manager).await?;
        federation_tables::up(manager).await?;
        local_tables::up(manager).await?;
        run_tables::up(manager).await
    }
}
