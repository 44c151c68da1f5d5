//! What changed, for a short while: browsers that look at it are told.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, auto, col, create_table, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            auto("id"),
            col("at", Type::Time),
            col("kind", Type::Small),
            col("what", Type::Small),
            // An id, or the name of an object.
            col("subject", Type::Text(256)),
            opt("project_id", Type::Id),
            opt("task_id", Type::Id),
        ];
        // Read and deleted by number alone.
        create_table(manager, "change_entry", &columns, &[]).await
    }
}
