//! Tables about this console alone: sign-in, settings, idempotency, leases.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, col, create_index, create_table, opt, with_default};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    sign_in(manager).await?;
    let columns = [
        col("name", Type::Text(64)),
        col("value", Type::Json),
        col("gmt_modified", Type::Time),
    ];
    create_table(manager, "setting", &columns, &["name"]).await?;
    let columns = [
        col("id", Type::Text(128)),
        col("user_id", Type::Id),
        col("request_digest", Type::Text(128)),
        col("status", Type::Small),
        opt("response", Type::Json),
        col("gmt_create", Type::Time),
    ];
    let table = "idempotency_key";
    create_table(manager, table, &columns, &["id"]).await?;
    create_index(
        manager,
        table,
        "ix_idempotency_key_created",
        &["gmt_create"],
        false,
    )
    .await?;
    let columns = [
        col("name", Type::Text(128)),
        col("owner", Type::Text(64)),
        col("expires_at", Type::Time),
    ];
    create_table(manager, "lease", &columns, &["name"]).await
}

async fn sign_in(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        col("user_id", Type::Id),
        col("gmt_create", Type::Time),
        col("expires_at", Type::Time),
        col("last_used_at", Type::Time),
        opt("address", Type::Text(64)),
    ];
    create_table(manager, "session", &columns, &["id"]).await?;
    create_index(manager, "session", "ix_session_user", &["user_id"], false).await?;
    create_index(manager, "session", "ix_session_expires", &["expires_at"], false).await?;
    let columns = [
        col("id", Type::Text(192)),
        with_default("failures", Type::Int, 0),
        col("first_at", Type::Time),
        opt("locked_until", Type::Time),
    ];
    let table = "sign_in_failure";
    create_table(manager, table, &columns, &["id"]).await?;
    create_index(manager, table, "ix_sign_in_failure_first", &["first_at"], false).await
}
