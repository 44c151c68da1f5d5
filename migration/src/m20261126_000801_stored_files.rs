//! What is known of operators' files besides their bytes, also after these were deleted.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, auto, col, create_index, create_table, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "stored_file";
        let columns = [
            auto("id"),
            col("gmt_create", Type::Time),
            col("name", Type::Text(512)),
            opt("sha256", Type::Text(64)),
            col("size", Type::Big),
            opt("owner_id", Type::Id),
            opt("previous_name", Type::Text(512)),
            opt("deleted_at", Type::Time),
            opt("deleted_by", Type::Id),
            opt("erased_at", Type::Time),
        ];
        create_table(manager, table, &columns, &[]).await?;
        create_index(manager, table, "ix_stored_file_name", &["name"], false).await?;
        let to_erase = ["erased_at", "deleted_at"];
        create_index(manager, table, "ix_stored_file_erased", &to_erase, false).await
    }
}
