//! Runs are counted by the partner that asked for them and by state, each time it asks for another one.

use sea_orm_migration::prelude::*;

use crate::schema::create_index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["partner_id", "initiator", "status"];
        create_index(
            manager,
            "task_instance",
            "ix_task_instance_partner_runs",
            &columns,
            false,
        )
        .await
    }
}
