//! Failed sign-ins, counted per account and per address: `sign_in_failure`.
#![expect(
    clippy::disallowed_methods,
    reason = "operators do not see failures to sign in"
)]

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::sign_in_failure::{ActiveModel, Column, Entity, Model};
use crate::error::{DbError, DbResult};
use crate::page;
use crate::time::{after, fit, naive};
use crate::write::insert_if_absent;

/// When too many failures lock out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockOut {
    /// So many failures.
    pub failures: i32,
    /// Within so long.
    pub window: Duration,
    /// Lock out for so long.
    pub lock: Duration,
}

/// The key of an account. Its name need not exist; a long one is cut.
#[must_use]
pub fn account(name: &str) -> String {
    fit(&format!("account:{name}"), 192)
}

/// The key of an address.
#[must_use]
pub fn address(address: &str) -> String {
    fit(&format!("address:{address}"), 192)
}

/// Until when sign-in is refused for any of some keys, if it is.
///
/// # Errors
/// Any error of the database.
pub async fn locked_until(
    conn: &impl ConnectionTrait,
    keys: &[String],
    now: DateTime<Utc>,
) -> DbResult<Option<DateTime<Utc>>> {
    let locked = Entity::find()
        .filter(Column::Id.is_in(keys))
        .filter(Column::LockedUntil.gt(naive(now)))
        .all(conn)
        .await?;
    Ok(locked
        .into_iter()
        .filter_map(|row| row.locked_until)
        .max()
        .map(|until| until.and_utc()))
}

/// Counts a failure and locks out when there are too many. Gives the row as it is now. `conn` must be a transaction.
///
/// # Errors
/// Any error of the database.
pub async fn record(
    conn: &impl ConnectionTrait,
    id: &str,
    now: DateTime<Utc>,
    limits: LockOut,
) -> DbResult<Model> {
    let at = naive(now);
    let new = ActiveModel {
        id: Set(id.to_owned()),
        failures: Set(0),
        first_at: Set(at),
        locked_until: Set(None),
    };
    insert_if_absent(conn, new).await?;
    let window = TimeDelta::from_std(limits.window).unwrap_or(TimeDelta::MAX);
    if let Some(begin) = now.checked_sub_signed(window) {
        Entity::update_many()
            .set(ActiveModel {
                failures: Set(0),
                first_at: Set(at),
                locked_until: Set(None),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .filter(Column::FirstAt.lt(naive(begin)))
            .exec(conn)
            .await?;
    }
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    // The row is ours until the transaction ends, so what is read is what was written.
    let mut row = Entity::find_by_id(id)
        .one(conn)
        .await?
        .ok_or(DbError::NotFound("counter"))?;
    if row.failures >= limits.failures && row.locked_until.is_none_or(|until| until <= at) {
        let until = after(now, limits.lock);
        Entity::update_many()
            .set(ActiveModel {
                locked_until: Set(Some(until)),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .exec(conn)
            .await?;
        row.locked_until = Some(until);
    }
    Ok(row)
}

/// Forgets the failures of some keys, after a good sign-in.
///
/// # Errors
/// Any error of the database.
pub async fn clear(conn: &impl ConnectionTrait, keys: &[String]) -> DbResult<()> {
    Entity::delete_many()
        .filter(Column::Id.is_in(keys))
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets about `batch` counters that began before a moment. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn purge(conn: &impl ConnectionTrait, before: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    page::purge::<Entity>(conn, Column::FirstAt, naive(before), batch).await
}
