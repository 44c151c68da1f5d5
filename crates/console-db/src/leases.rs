//! Rights to do one kind of background work, for a while: `lease`.
#![expect(clippy::disallowed_methods, reason = "operators do not see leases")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::lease::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::time::{after, naive};
use crate::write::{insert_if_absent, key};

/// Takes a lease that is free, ran out, or is one's own already. Tells whether it is held now.
///
/// # Errors
/// Any error of the database.
pub async fn acquire(
    conn: &impl ConnectionTrait,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    lease: Duration,
) -> DbResult<bool> {
    let (name, owner) = (key(name, 128)?, key(owner, 64)?);
    let until = after(now, lease);
    let done = Entity::update_many()
        .set(ActiveModel {
            owner: Set(owner.to_owned()),
            expires_at: Set(until),
            ..Default::default()
        })
        .filter(Column::Name.eq(name))
        .filter(
            Condition::any()
                .add(Column::Owner.eq(owner))
                .add(Column::ExpiresAt.lte(naive(now))),
        )
        .exec(conn)
        .await?;
    if done.rows_affected > 0 {
        return Ok(true);
    }
    let new = ActiveModel {
        name: Set(name.to_owned()),
        owner: Set(owner.to_owned()),
        expires_at: Set(until),
    };
    insert_if_absent(conn, new).await
}

/// Prolongs a lease. Tells whether it was still held.
///
/// # Errors
/// Any error of the database.
pub async fn renew(
    conn: &impl ConnectionTrait,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    lease: Duration,
) -> DbResult<bool> {
    let done = Entity::update_many()
        .set(ActiveModel {
            expires_at: Set(after(now, lease)),
            ..Default::default()
        })
        .filter(Column::Name.eq(name))
        .filter(Column::Owner.eq(owner))
        .filter(Column::ExpiresAt.gt(naive(now)))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a lease back, if it is still held.
///
/// # Errors
/// Any error of the database.
pub async fn release(conn: &impl ConnectionTrait, name: &str, owner: &str) -> DbResult<()> {
    Entity::delete_many()
        .filter(Column::Name.eq(name))
        .filter(Column::Owner.eq(owner))
        .exec(conn)
        .await?;
    Ok(())
}
