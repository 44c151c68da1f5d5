//! Why a partner was not heard, as a word.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, add_columns, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "partner", &[opt("last_error_code", Type::Text(64))]).await
    }
}
