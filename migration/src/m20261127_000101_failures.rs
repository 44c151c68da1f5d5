//! Words of engines in simplified Chinese, and what a partner tells programs of its failure.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_event = [opt("reason_detail_zh", Type::Text(1024))];
        add_columns(manager, "instance_event", &of_event).await?;
        let of_run = [
            opt("stop_reason_detail_zh", Type::Text(1024)),
            opt("partner_detail_zh", Type::Text(1024)),
            opt("partner_failure_code", Type::Text(64)),
            opt("partner_retryable", Type::Bool),
        ];
        add_columns(manager, "task_instance", &of_run).await
    }
}
