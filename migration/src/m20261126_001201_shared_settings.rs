//! The partner's shared settings of a pairing, and why it could not be paired as a word.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            opt("error_code", Type::Text(64)),
            opt("peer_settings", Type::Json),
        ];
        add_columns(manager, "task_inter", &columns).await
    }
}
