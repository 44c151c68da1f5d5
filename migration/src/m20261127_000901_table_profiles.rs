//! What is in the tables of operators' files.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, col, create_index, create_table, opt, with_default};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            col("id", Type::Id),
            col("gmt_create", Type::Time),
            col("content", Type::Text(128)),
            col("object_name", Type::Text(512)),
            col("settings", Type::Json),
            col("state", Type::Small),
            col("size", Type::Big),
            with_default("bytes_read", Type::Big, 0),
            with_default("rows_read", Type::Big, 0),
            with_default("attempts", Type::Int, 0),
            opt("found", Type::Json),
            opt("failure", Type::Text(1024)),
            opt("failure_zh", Type::Text(1024)),
            opt("lease_owner", Type::Id),
            opt("lease_until", Type::Time),
        ];
        let name = "table_profile";
        create_table(manager, name, &columns, &["id"]).await?;
        create_index(
            manager,
            name,
            "ix_table_profile_due",
            &["state", "gmt_create"],
            false,
        )
        .await?;
        create_index(manager, name, "ix_table_profile_content", &["content"], false).await?;
        create_index(manager, name, "ix_table_profile_object", &["object_name"], false).await
    }
}
