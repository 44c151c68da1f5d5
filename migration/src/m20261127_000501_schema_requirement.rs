//! Which program a schema needs, for programs that are older than it.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, col, create_table};
use crate::standing::REQUIREMENT_TABLE;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            col("migration", Type::Text(255)),
            col("least_version", Type::Text(32)),
        ];
        create_table(manager, REQUIREMENT_TABLE, &columns, &["migration"]).await
    }
}
