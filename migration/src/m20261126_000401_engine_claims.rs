//! How often an engine was begun or taken up again since it last got on.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, with_default};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(
            manager,
            "task_instance",
            &[with_default("engine_claims", Type::Int, 0)],
        )
        .await
    }
}
