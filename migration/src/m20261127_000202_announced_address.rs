//! The address that a partner says it has now.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            opt("announced_address", Type::Text(256)),
            opt("announced_at", Type::Time),
        ];
        add_columns(manager, "partner", &columns).await
    }
}
