//! New columns and indexes of the base tables.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

use crate::schema::{Type, add_columns, create_index, drop_index, opt, run, with_default};

const BASE_TABLES: [&str; 7] = [
    "project",
    "project_user_rel",
    "resource",
    "task_instance",
    "task_inter",
    "task_intra",
    "user",
];

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::MySql {
        for table in BASE_TABLES {
            align_adopted(manager, table).await?;
        }
    }
    project(manager).await?;
    task_intra(manager).await?;
    task_inter(manager).await?;
    task_instance(manager).await?;
    user_and_resource(manager).await?;
    for table in BASE_TABLES {
        fill_missing_times(manager, table).await?;
    }
    for table in ["project", "task_inter", "task_instance"] {
        run(
            manager,
            format!("UPDATE {table} SET status = 0 WHERE status IS NULL"),
        )
        .await?;
    }
    Ok(())
}

/// A table that the original made compares text without regard to case and keeps whole seconds; ours must compare
/// exactly and order what happens within a second. Both changes lose nothing.
async fn align_adopted(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let ask = |sql: &str| Statement::from_sql_and_values(DbBackend::MySql, sql, [table.into()]);
    let collation = "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = DATABASE() \
                     AND table_name = ? AND table_collation <> 'utf8mb4_bin'";
    let row = db.query_one_raw(ask(collation)).await?;
    let differs: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    if differs > 0 {
        run(
            manager,
            format!("ALTER TABLE `{table}` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
        )
        .await?;
    }
    let coarse = "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() \
                  AND table_name = ? AND data_type = 'datetime' AND datetime_precision = 0";
    let mut changes = Vec::new();
    for row in db.query_all_raw(ask(coarse)).await? {
        let column: String = row.try_get("", "name")?;
        changes.push(format!("MODIFY `{column}` datetime(6) NULL"));
    }
    if !changes.is_empty() {
        run(manager, format!("ALTER TABLE `{table}` {}", changes.join(", "))).await?;
    }
    Ok(())
}

/// Lists page by the time of creation, so each row must have one.
async fn fill_missing_times(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    let quoted = match manager.get_database_backend() {
        DbBackend::MySql => format!("`{table}`"),
        _ => format!("\"{table}\""),
    };
    run(
        manager,
        format!(
            "UPDATE {quoted} SET gmt_create = COALESCE(gmt_modified, '1970-01-01 00:00:00') WHERE gmt_create IS NULL"
        ),
    )
    .await?;
    run(
        manager,
        format!("UPDATE {quoted} SET gmt_modified = gmt_create WHERE gmt_modified IS NULL"),
    )
    .await
}

async fn project(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        opt("partner_id", Type::Id),
        with_default("generation", Type::Big, 1),
        opt("peer_config_at", Type::Time),
        opt("archived_at", Type::Time),
    ];
    add_columns(manager, "project", &columns).await?;
    // A partner must not be able to occupy another partner's ids: unique per partner, not over all of them.
    drop_index(manager, "project", "ix_project_peer_id").await?;
    let table = "project";
    create_index(
        manager,
        table,
        "uk_project_partner_peer",
        &["partner_id", "peer_id"],
        true,
    )
    .await?;
    create_index(manager, table, "ix_project_created", &["gmt_create", "id"], false).await
}

async fn task_intra(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "task_intra";
    let columns = [
        with_default("generation", Type::Big, 1),
        opt("engine", Type::Text(64)),
        opt("token_folded", Type::Text(256)),
    ];
    add_columns(manager, table, &columns).await?;
    // As `console_model::fold` does, as far as SQL can: SQLite lowers ASCII only.
    run(
        manager,
        "UPDATE task_intra SET token_folded = LOWER(RTRIM(token)) WHERE token_folded IS NULL AND token IS NOT NULL"
            .to_owned(),
    )
    .await?;
    create_index(
        manager,
        table,
        "ix_task_intra_token_folded",
        &["token_folded"],
        false,
    )
    .await?;
    let by_project = ["project_id", "gmt_create", "id"];
    create_index(
        manager,
        table,
        "ix_task_intra_project_created",
        &by_project,
        false,
    )
    .await
}

async fn task_inter(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        with_default("generation", Type::Big, 1),
        opt("peer_meta", Type::Json),
        opt("peer_meta_at", Type::Time),
        opt("error", Type::Text(1024)),
        with_default("initiated_here", Type::Bool, 1),
    ];
    add_columns(manager, "task_inter", &columns).await
}

async fn task_instance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "task_instance";
    let columns = [
        with_default("generation", Type::Big, 1),
        with_default("attempt", Type::Int, 1),
        with_default("initiator", Type::Bool, 1),
        opt("engine", Type::Text(64)),
        opt("engine_handle", Type::Json),
        opt("progress", Type::Double),
        opt("progress_text", Type::Text(512)),
        opt("stop_cause", Type::Small),
        opt("stop_reason", Type::Text(1024)),
        opt("gmt_end", Type::Time),
        opt("project_id", Type::Id),
        opt("partner_id", Type::Id),
        opt("partner_status", Type::Small),
        opt("partner_detail", Type::Text(1024)),
        with_default("partner_attempt", Type::Int, 0),
        with_default("partner_seq", Type::Big, 0),
        with_default("status_seq", Type::Big, 0),
        opt("partner_seen_at", Type::Time),
        opt("engine_lease_owner", Type::Text(64)),
        opt("engine_lease_until", Type::Time),
        opt("gone_at", Type::Time),
    ];
    add_columns(manager, table, &columns).await?;
    // An adopted row learns its project from its task, so that lists by project find it.
    run(
        manager,
        "UPDATE task_instance SET project_id = (SELECT t.project_id FROM task_intra t \
         WHERE t.id = task_instance.task_intra_id) WHERE project_id IS NULL"
            .to_owned(),
    )
    .await?;
    let peer = ["partner_id", "instance_peer_id"];
    create_index(manager, table, "uk_task_instance_partner_peer", &peer, true).await?;
    // One index for each filter of the list, ending in its order, so that any page costs the same. Filters by state
    // have their own: the few failed runs among a million must not be searched for.
    let lists: [(&'static str, &[&'static str]); 6] = [
        ("ix_task_instance_created", &["gmt_create", "id"]),
        (
            "ix_task_instance_task_created",
            &["task_intra_id", "gmt_create", "id"],
        ),
        (
            "ix_task_instance_project_created",
            &["project_id", "gmt_create", "id"],
        ),
        ("ix_task_instance_status_created", &["status", "gmt_create", "id"]),
        (
            "ix_task_instance_task_status",
            &["task_intra_id", "status", "gmt_create", "id"],
        ),
        (
            "ix_task_instance_project_status",
            &["project_id", "status", "gmt_create", "id"],
        ),
    ];
    for (name, columns) in lists {
        create_index(manager, table, name, columns, false).await?;
    }
    Ok(())
}

async fn user_and_resource(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        opt("disabled_at", Type::Time),
        with_default("generation", Type::Big, 1),
    ];
    add_columns(manager, "user", &columns).await?;
    create_index(manager, "user", "ix_user_created", &["gmt_create", "id"], false).await?;
    let by_task = ["task_intra_id", "gmt_create", "id"];
    create_index(manager, "resource", "ix_resource_task_created", &by_task, false).await?;
    // "Is this object still used?" is asked by URI.
    create_index(manager, "resource", "ix_resource_uri", &["uri"], false).await
}
