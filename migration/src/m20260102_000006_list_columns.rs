//! What lists ask for, in columns of their own: the task of a run, whatever its version, and the file of a resource.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::schema::{Type, add_columns, create_index, opt, run};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        runs(manager).await?;
        resources(manager).await?;
        // How many tasks a project has is counted for each row of a list.
        let roots = ["project_id", "task_root"];
        create_index(manager, "task_intra", "ix_task_intra_project_root", &roots, false).await
    }
}

/// The first version of the task that a run belongs to.
async fn runs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "task_instance";
    add_columns(manager, table, &[opt("task_root_id", Type::Id)]).await?;
    run(
        manager,
        "UPDATE task_instance SET task_root_id = (SELECT MIN(root.id) FROM task_intra version, task_intra root \
         WHERE version.id = task_instance.task_intra_id AND root.project_id = version.project_id \
         AND root.name = version.name AND root.task_root = TRUE) WHERE task_root_id IS NULL"
            .to_owned(),
    )
    .await?;
    let created = ["task_root_id", "gmt_create", "id"];
    create_index(manager, table, "ix_task_instance_root_created", &created, false).await?;
    let status = ["task_root_id", "status", "gmt_create", "id"];
    create_index(manager, table, "ix_task_instance_root_status", &status, false).await
}

/// What stands behind the last slash of a URI: the name of a file of the operators, if it is one.
async fn resources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "resource";
    add_columns(manager, table, &[opt("uri_tail", Type::Text(512))]).await?;
    let tail = match manager.get_database_backend() {
        DbBackend::MySql => "SUBSTRING_INDEX(uri, '/', -1)",
        DbBackend::Sqlite => "REPLACE(uri, RTRIM(uri, REPLACE(uri, '/', '')), '')",
        _ => "REVERSE(SPLIT_PART(REVERSE(uri), '/', 1))",
    };
    let sql = format!("UPDATE resource SET uri_tail = {tail} WHERE uri_tail IS NULL AND uri IS NOT NULL");
    run(manager, sql).await?;
    create_index(manager, table, "ix_resource_uri_tail", &["uri_tail"], false).await
}
