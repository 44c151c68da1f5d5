//! The tables of the original console, as it creates them.
//!
//! What exists is left alone. Of the original's indexes, each of which exists twice there under two names, those are
//! made that state a constraint or serve a query of ours.

use sea_orm_migration::prelude::*;

use crate::schema::{Col, Type, auto, col, create_index, create_table, opt};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const CREATED: Col = opt("gmt_create", Type::Time);
const MODIFIED: Col = opt("gmt_modified", Type::Time);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        project(manager).await?;
        project_user_rel(manager).await?;
        resource(manager).await?;
        task_instance(manager).await?;
        task_inter(manager).await?;
        task_intra(manager).await?;
        user(manager).await
    }
}

async fn project(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        CREATED,
        MODIFIED,
        col("owner_id", Type::Id),
        opt("name", Type::Text(256)),
        opt("comment", Type::Text(256)),
        opt("config", Type::Json),
        opt("status", Type::Small),
        col("peer_url", Type::Text(256)),
        opt("peer_id", Type::Id),
        opt("peer_config", Type::Json),
    ];
    create_table(manager, "project", &columns, &["id"]).await?;
    create_index(manager, "project", "ix_project_name", &["name"], true).await?;
    create_index(manager, "project", "idx_peer_id", &["peer_id"], false).await
}

async fn project_user_rel(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        auto("id"),
        CREATED,
        MODIFIED,
        col("project_id", Type::Id),
        col("user_id", Type::Id),
    ];
    create_table(manager, "project_user_rel", &columns, &[]).await?;
    create_index(
        manager,
        "project_user_rel",
        "idx_project_id",
        &["project_id"],
        true,
    )
    .await
}

async fn resource(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        CREATED,
        MODIFIED,
        col("owner_id", Type::Id),
        col("task_intra_id", Type::Id),
        opt("name", Type::Text(256)),
        opt("uri", Type::Text(512)),
        opt("comment", Type::Text(256)),
        opt("config", Type::Json),
    ];
    create_table(manager, "resource", &columns, &["id"]).await
}

async fn task_instance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "task_instance";
    let columns = [
        col("id", Type::Id),
        CREATED,
        MODIFIED,
        col("task_intra_id", Type::Id),
        col("task_inter_id", Type::Id),
        col("task_peer_id", Type::Id),
        opt("instance_peer_id", Type::Id),
        opt("gmt_start", Type::Time),
        opt("gmt_error", Type::Time),
        opt("status", Type::Small),
        opt("comment", Type::Text(256)),
        opt("message", Type::Json),
        opt("error", Type::Json),
    ];
    create_table(manager, table, &columns, &["id"]).await?;
    create_index(
        manager,
        table,
        "ix_task_instance_task_inter_id",
        &["task_inter_id"],
        false,
    )
    .await?;
    create_index(
        manager,
        table,
        "ix_task_instance_instance_peer_id",
        &["instance_peer_id"],
        false,
    )
    .await
}

async fn task_inter(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "task_inter";
    let columns = [
        col("id", Type::Id),
        CREATED,
        MODIFIED,
        col("task_intra_id", Type::Id),
        opt("task_peer_id", Type::Id),
        opt("status", Type::Small),
        opt("comment", Type::Text(256)),
    ];
    create_table(manager, table, &columns, &["id"]).await?;
    create_index(
        manager,
        table,
        "ix_task_inter_task_intra_id",
        &["task_intra_id"],
        true,
    )
    .await?;
    create_index(
        manager,
        table,
        "ix_task_inter_task_peer_id",
        &["task_peer_id"],
        true,
    )
    .await
}

async fn task_intra(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        CREATED,
        MODIFIED,
        col("project_id", Type::Id),
        col("name", Type::Text(256)),
        col("version", Type::Text(32)),
        col("owner_id", Type::Id),
        col("type", Type::Small),
        opt("token", Type::Text(256)),
        col("task_root", Type::Bool),
        opt("comment", Type::Text(256)),
        opt("config", Type::Json),
        opt("meta", Type::Json),
    ];
    create_table(manager, "task_intra", &columns, &["id"]).await?;
    let unique = ["project_id", "name", "version"];
    create_index(manager, "task_intra", "uk_project_id_name_version", &unique, true).await?;
    create_index(manager, "task_intra", "ix_task_intra_token", &["token"], false).await
}

async fn user(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        CREATED,
        MODIFIED,
        opt("gmt_login", Type::Time),
        col("name", Type::Text(128)),
        col("password", Type::Text(128)),
        col("role", Type::Small),
        opt("token", Type::Text(256)),
        opt("token_valid", Type::Bool),
        opt("comment", Type::Text(256)),
        opt("info", Type::Json),
    ];
    create_table(manager, "user", &columns, &["id"]).await?;
    create_index(manager, "user", "ix_user_name", &["name"], true).await?;
    create_index(manager, "user", "idx_role", &["role"], false).await
}
