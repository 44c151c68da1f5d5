//! Tables about partners and what is exchanged with them.

use sea_orm_migration::prelude::*;

use crate::schema::{Type, auto, col, create_index, create_table, opt, with_default};

pub(super) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    partner(manager).await?;
    invitation_and_identity(manager).await?;
    outbox(manager).await?;
    received(manager).await
}

async fn partner(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        col("gmt_create", Type::Time),
        col("gmt_modified", Type::Time),
        col("name", Type::Text(256)),
        col("address", Type::Text(256)),
        opt("public_key", Type::Text(128)),
        opt("fingerprint", Type::Text(128)),
        opt("protocol_level", Type::Int),
        opt("capabilities", Type::Json),
        col("trust", Type::Small),
        opt("fingerprint_confirmed_at", Type::Time),
        opt("last_seen_at", Type::Time),
        opt("last_error", Type::Text(1024)),
        opt("clock_offset_ms", Type::Big),
        opt("comment", Type::Text(256)),
        with_default("generation", Type::Big, 1),
        opt("invitation_id", Type::Id),
    ];
    create_table(manager, "partner", &columns, &["id"]).await?;
    create_index(
        manager,
        "partner",
        "uk_partner_fingerprint",
        &["fingerprint"],
        true,
    )
    .await?;
    create_index(manager, "partner", "ix_partner_address", &["address"], false).await?;
    create_index(
        manager,
        "partner",
        "ix_partner_created",
        &["gmt_create", "id"],
        false,
    )
    .await
}

async fn invitation_and_identity(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("id", Type::Id),
        col("gmt_create", Type::Time),
        col("created_by", Type::Id),
        col("secret_hash", Type::Text(128)),
        col("expires_at", Type::Time),
        opt("used_at", Type::Time),
        opt("partner_id", Type::Id),
        opt("revoked_at", Type::Time),
        opt("comment", Type::Text(256)),
    ];
    create_table(manager, "invitation", &columns, &["id"]).await?;
    create_index(
        manager,
        "invitation",
        "ix_invitation_created",
        &["gmt_create", "id"],
        false,
    )
    .await?;
    let columns = [
        col("id", Type::Id),
        col("gmt_create", Type::Time),
        col("secret", Type::Text(256)),
        col("public_key", Type::Text(128)),
        col("fingerprint", Type::Text(128)),
        opt("retired_at", Type::Time),
    ];
    create_table(manager, "identity_key", &columns, &["id"]).await?;
    create_index(
        manager,
        "identity_key",
        "uk_identity_key_fingerprint",
        &["fingerprint"],
        true,
    )
    .await
}

async fn outbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "outbox_message";
    let columns = [
        auto("seq"),
        col("id", Type::Id),
        col("gmt_create", Type::Time),
        col("partner_id", Type::Id),
        col("kind", Type::Text(32)),
        col("ordering_key", Type::Text(64)),
        col("payload", Type::Json),
        opt("request_id", Type::Text(64)),
        with_default("state", Type::Small, 0),
        with_default("attempts", Type::Int, 0),
        col("next_attempt_at", Type::Time),
        opt("lease_owner", Type::Text(64)),
        opt("lease_until", Type::Time),
        opt("last_error", Type::Text(1024)),
        opt("done_at", Type::Time),
    ];
    create_table(manager, table, &columns, &[]).await?;
    create_index(manager, table, "uk_outbox_message_id", &["id"], true).await?;
    // What is due, then: is it the first of its queue? The state comes before the number, so that a long history of
    // delivered messages is never walked.
    let due = ["state", "next_attempt_at"];
    create_index(manager, table, "ix_outbox_message_due", &due, false).await?;
    let queue = ["partner_id", "ordering_key", "state", "seq"];
    create_index(manager, table, "ix_outbox_message_queue", &queue, false).await?;
    // The operators' lists, of one state or one partner.
    create_index(
        manager,
        table,
        "ix_outbox_message_state",
        &["state", "seq"],
        false,
    )
    .await?;
    let of_partner = ["partner_id", "seq"];
    create_index(manager, table, "ix_outbox_message_partner", &of_partner, false).await?;
    let of_both = ["partner_id", "state", "seq"];
    create_index(manager, table, "ix_outbox_message_partner_state", &of_both, false).await?;

    let columns = [
        auto("id"),
        col("message_id", Type::Id),
        col("at", Type::Time),
        col("duration_ms", Type::Big),
        col("outcome", Type::Text(32)),
        opt("error", Type::Text(1024)),
    ];
    create_table(manager, "outbox_attempt", &columns, &[]).await?;
    let by_message = ["message_id", "id"];
    create_index(
        manager,
        "outbox_attempt",
        "ix_outbox_attempt_message",
        &by_message,
        false,
    )
    .await
}

async fn received(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        col("partner_id", Type::Id),
        col("command_id", Type::Id),
        col("digest", Type::Text(64)),
        col("answer", Type::Json),
        col("gmt_create", Type::Time),
    ];
    create_table(
        manager,
        "received_command",
        &columns,
        &["partner_id", "command_id"],
    )
    .await?;
    create_index(
        manager,
        "received_command",
        "ix_received_command_created",
        &["gmt_create"],
        false,
    )
    .await?;
    let columns = [
        col("key_id", Type::Text(128)),
        col("nonce", Type::Text(128)),
        col("expires_at", Type::Time),
    ];
    create_table(manager, "nonce", &columns, &["key_id", "nonce"]).await?;
    create_index(manager, "nonce", "ix_nonce_expires", &["expires_at"], false).await
}
