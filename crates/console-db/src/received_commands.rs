//! Partners' commands and our answers, so that a repetition gets the same: `received_command`.
#![expect(clippy::disallowed_methods, reason = "operators do not see commands")]

use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::PartnerId;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::received_command::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::page;
use crate::time::{naive, now};
use crate::write::key;

/// What is known of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// It was never answered.
    New,
    /// The same command was answered so.
    Same(Json),
    /// A command of this id, but of other content, was answered.
    Different,
}

/// Looks a command up.
///
/// # Errors
/// Any error of the database.
pub async fn lookup(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    command_id: &str,
    digest: &str,
) -> DbResult<Received> {
    let id = (partner.clone(), command_id.to_owned());
    Ok(match Entity::find_by_id(id).one(conn).await? {
        None => Received::New,
        Some(known) if known.digest == digest => Received::Same(known.answer),
        Some(_) => Received::Different,
    })
}

/// Remembers the answer, in the transaction that did what was commanded.
///
/// # Errors
/// [`crate::DbError::Conflict`] when the command was answered meanwhile: roll back and look it up.
pub async fn insert(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    command_id: &str,
    digest: &str,
    answer: Json,
) -> DbResult<()> {
    let row = ActiveModel {
        partner_id: Set(partner.clone()),
        command_id: Set(key(command_id, 64)?.to_owned()),
        digest: Set(key(digest, 64)?.to_owned()),
        answer: Set(answer),
        gmt_create: Set(now()),
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Forgets about `batch` commands that were answered before a moment. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn purge(conn: &impl ConnectionTrait, before: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    page::purge::<Entity>(conn, Column::GmtCreate, naive(before), batch).await
}

/// Forgets about `batch` commands of each partner that has more than `keep`, its oldest ones. Tells how many, by
/// the partner's id.
///
/// # Errors
/// Any error of the database.
pub async fn keep_newest(
    conn: &impl ConnectionTrait,
    keep: u64,
    batch: u64,
) -> DbResult<Vec<(PartnerId, u64)>> {
    let busy: Vec<PartnerId> = Entity::find()
        .select_only()
        .column(Column::PartnerId)
        .group_by(Column::PartnerId)
        .having(
            Column::CommandId
                .count()
                .gt(i64::try_from(keep).unwrap_or(i64::MAX)),
        )
        .into_tuple()
        .all(conn)
        .await?;
    let mut gone = Vec::new();
    for partner in busy {
        let of_partner = Column::PartnerId.eq(partner.as_str());
        let at = |newest_first: bool, offset: u64| {
            let rows = Entity::find()
                .select_only()
                .column(Column::GmtCreate)
                .filter(of_partner.clone());
            let rows = if newest_first {
                rows.order_by_desc(Column::GmtCreate)
            } else {
                rows.order_by_asc(Column::GmtCreate)
            };
            rows.offset(offset)
                .limit(1)
                .into_tuple::<NaiveDateTime>()
                .one(conn)
        };
        // Whatever is as old as the first one that is too many goes, but not more than a batch.
        let (Some(surplus), last) = (at(true, keep).await?, at(false, batch.saturating_sub(1)).await?) else {
            continue;
        };
        let limit = last.map_or(surplus, |last| Ord::min(last, surplus));
        let rows = Entity::delete_many()
            .filter(of_partner)
            .filter(Column::GmtCreate.lte(limit));
        gone.push((partner, rows.exec(conn).await?.rows_affected));
    }
    Ok(gone)
}
