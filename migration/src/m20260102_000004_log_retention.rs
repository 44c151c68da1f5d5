//! Logs are kept for a while: what is older is found, and what is gone is known to be.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, col, create_index, create_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_index(manager, "log_chunk", "ix_log_chunk_last_at", &["last_at"], false).await?;
        let columns = [
            col("instance_id", Type::Id),
            col("attempt", Type::Int),
            col("chunk_no", Type::Int),
            col("lines", Type::Big),
            col("at", Type::Time),
        ];
        create_table(manager, "log_expired", &columns, &["instance_id", "attempt"]).await
    }
}
