//! Which limits are reached now, by whom.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, col, create_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            col("code", Type::Text(64)),
            col("subject", Type::Id),
            col("figure", Type::Big),
            col("most", Type::Big),
            col("since", Type::Time),
            col("last_at", Type::Time),
        ];
        create_table(manager, "reached_limit", &columns, &["code", "subject"]).await
    }
}
