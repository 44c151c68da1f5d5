//! What engines warn of in runs that may end well, and progress in the second language.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, auto, col, create_index, create_table, opt, with_default};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "instance_warning";
        let columns = [
            auto("id"),
            col("instance_id", Type::Id),
            col("attempt", Type::Int),
            col("digest", Type::Text(64)),
            col("code", Type::Text(64)),
            col("en", Type::Text(1000)),
            opt("zh", Type::Text(1000)),
            col("at", Type::Time),
        ];
        create_table(manager, table, &columns, &[]).await?;
        let once = ["instance_id", "attempt", "digest"];
        create_index(manager, table, "ix_instance_warning_once", &once, true).await?;
        let columns = [
            with_default("warnings", Type::Int, 0),
            opt("progress_text_zh", Type::Text(512)),
        ];
        add_columns(manager, "task_instance", &columns).await
    }
}
