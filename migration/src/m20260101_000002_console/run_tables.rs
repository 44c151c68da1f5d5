//! Tables about what a run leaves behind: history, log, metrics, results, channel position.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, auto, col, create_index, create_table, opt};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    instance_event(manager).await?;
    log_chunk(manager).await?;
    metric_point(manager).await?;
    instance_result(manager).await?;
    let columns = [
        col("instance_id", Type::Id),
        col("attempt", Type::Int),
        col("acknowledged", Type::Big),
    ];
    create_table(manager, "channel_position", &columns, &["instance_id", "attempt"]).await
}

async fn instance_event(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "instance_event";
    let columns = [
        auto("id"),
        col("instance_id", Type::Id),
        col("attempt", Type::Int),
        col("at", Type::Time),
        col("actor_kind", Type::Text(16)),
        opt("actor", Type::Text(64)),
        opt("from_status", Type::Small),
        col("to_status", Type::Small),
        opt("reason", Type::Text(1024)),
        opt("request_id", Type::Text(64)),
    ];
    create_table(manager, table, &columns, &[]).await?;
    create_index(
        manager,
        table,
        "ix_instance_event_instance",
        &["instance_id", "id"],
        false,
    )
    .await
}

async fn log_chunk(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "log_chunk";
    let columns = [
        auto("id"),
        col("instance_id", Type::Id),
        col("attempt", Type::Int),
        col("chunk_no", Type::Int),
        col("first_line", Type::Big),
        col("line_count", Type::Int),
        col("byte_count", Type::Int),
        col("object_key", Type::Text(256)),
        col("first_at", Type::Time),
        col("last_at", Type::Time),
    ];
    create_table(manager, table, &columns, &[]).await?;
    let unique = ["instance_id", "attempt", "chunk_no"];
    create_index(manager, table, "uk_log_chunk", &unique, true).await
}

async fn metric_point(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "metric_point";
    let columns = [
        auto("id"),
        col("instance_id", Type::Id),
        col("attempt", Type::Int),
        col("name", Type::Text(128)),
        col("step", Type::Big),
        // NULL stands for what is no finite number: a loss that diverged is worth a point, and no database but one
        // can store it.
        opt("value", Type::Double),
        col("at", Type::Time),
    ];
    create_table(manager, table, &columns, &[]).await?;
    let unique = ["instance_id", "attempt", "name", "step"];
    create_index(manager, table, "uk_metric_point", &unique, true).await
}

async fn instance_result(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "instance_result";
    let columns = [
        auto("id"),
        col("instance_id", Type::Id),
        col("attempt", Type::Int),
        col("name", Type::Text(128)),
        col("value", Type::Json),
        col("at", Type::Time),
    ];
    create_table(manager, table, &columns, &[]).await?;
    let unique = ["instance_id", "attempt", "name"];
    create_index(manager, table, "uk_instance_result", &unique, true).await
}
