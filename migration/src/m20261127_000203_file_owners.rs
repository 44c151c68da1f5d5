//! How many bytes the files of a user have is asked at every upload.

use sea_orm_migration::prelude::*;

use crate::schema::create_index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["owner_id", "erased_at", "size"];
        create_index(manager, "stored_file", "ix_stored_file_owner", &columns, false).await
    }
}
