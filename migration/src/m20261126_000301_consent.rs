//! What operators said yes or no to when a partner asked for a run.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, auto, col, create_index, create_table, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "consent";
        let columns = [
            auto("id"),
            col("gmt_create", Type::Time),
            col("instance_id", Type::Id),
            col("attempt", Type::Int),
            col("task_intra_id", Type::Id),
            col("scope", Type::Small),
            col("decision", Type::Small),
            opt("digest", Type::Text(64)),
            opt("reason", Type::Text(512)),
            opt("user_id", Type::Id),
        ];
        create_table(manager, table, &columns, &[]).await?;
        let run = ["instance_id", "attempt"];
        create_index(manager, table, "ix_consent_run", &run, false).await?;
        let standing = ["task_intra_id", "scope"];
        create_index(manager, table, "ix_consent_standing", &standing, false).await
    }
}
