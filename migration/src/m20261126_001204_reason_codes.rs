//! Why a run changed, as a word and what goes with it.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_event = [
            opt("reason_code", Type::Text(64)),
            opt("reason_detail", Type::Text(1024)),
        ];
        add_columns(manager, "instance_event", &of_event).await?;
        let of_run = [
            opt("stop_reason_code", Type::Text(64)),
            opt("stop_reason_detail", Type::Text(1024)),
        ];
        add_columns(manager, "task_instance", &of_run).await
    }
}
