//! What runs write before both sides have ended well, and the marks of contents.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, auto, col, create_index, create_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        pending_outputs(manager).await?;
        content_marks(manager).await
    }
}

async fn pending_outputs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "pending_output";
    let columns = [
        auto("id"),
        col("gmt_create", Type::Time),
        col("name", Type::Text(256)),
        col("instance_id", Type::Id),
        col("attempt", Type::Int),
    ];
    create_table(manager, table, &columns, &[]).await?;
    create_index(manager, table, "ix_pending_output_name", &["name"], true).await
}

async fn content_marks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "content_mark";
    let columns = [
        auto("id"),
        col("gmt_create", Type::Time),
        col("sha256", Type::Text(64)),
        col("mark", Type::Text(64)),
    ];
    create_table(manager, table, &columns, &[]).await?;
    let once = ["sha256", "mark"];
    create_index(manager, table, "ix_content_mark_content", &once, true).await
}
