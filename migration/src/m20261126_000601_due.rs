//! When a run's partner is asked next, and what holds a run up.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, create_index, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "task_instance";
        let columns = [
            opt("watch_at", Type::Time),
            opt("held_up_code", Type::Text(32)),
            opt("held_up_detail", Type::Text(512)),
            opt("held_up_since", Type::Time),
        ];
        add_columns(manager, table, &columns).await?;
        let due = ["status", "watch_at"];
        create_index(manager, table, "ix_task_instance_watch", &due, false).await
    }
}
