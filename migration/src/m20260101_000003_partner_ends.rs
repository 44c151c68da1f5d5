//! Runs that have ended here and not at the partner yet are found by an index.

use sea_orm_migration::prelude::*;

use crate::schema::create_index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["partner_status", "gmt_end"];
        create_index(
            manager,
            "task_instance",
            "ix_task_instance_partner_end",
            &columns,
            false,
        )
        .await
    }
}
