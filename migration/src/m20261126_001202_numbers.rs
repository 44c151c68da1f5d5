//! Short numbers for versions and runs, who started a run, and the figure that a list shows of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};

use crate::schema::{Type, add_columns, create_index, opt, with_default};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = with_default("version_number", Type::Int, 0);
        add_columns(manager, "task_intra", &[number]).await?;
        let columns = [
            with_default("run_number", Type::Int, 0),
            opt("started_by", Type::Id),
            opt("main_figure", Type::Text(64)),
            opt("main_value", Type::Double),
        ];
        add_columns(manager, "task_instance", &columns).await?;
        let of_task = ["task_root_id", "run_number"];
        create_index(
            manager,
            "task_instance",
            "ix_task_instance_number",
            &of_task,
            false,
        )
        .await?;
        number_rows(manager, "task_intra", "version_number", &["project_id", "name"]).await?;
        number_rows(manager, "task_instance", "run_number", &["task_root_id"]).await
    }
}

/// Numbers the rows of each group in the order in which they were made. The window is in a derived table, without which
/// MySQL does not update the table that it reads.
async fn number_rows(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    group: &[&str],
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let group = group.join(", ");
    let numbered = format!(
        "SELECT id, ROW_NUMBER() OVER (PARTITION BY {group} ORDER BY gmt_create, id) AS place FROM {table}"
    );
    let update = match backend {
        sea_orm_migration::sea_orm::DbBackend::MySql => format!(
            "UPDATE {table} JOIN ({numbered}) AS numbered ON numbered.id = {table}.id \
             SET {table}.{column} = numbered.place WHERE {table}.{column} = 0"
        ),
        _ => format!(
            "UPDATE {table} SET {column} = numbered.place FROM ({numbered}) AS numbered \
             WHERE numbered.id = {table}.id AND {table}.{column} = 0"
        ),
    };
    let connection = manager.get_connection();
    connection
        .execute_raw(Statement::from_string(backend, update))
        .await?;
    Ok(())
}
