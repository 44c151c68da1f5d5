//! How far our engine took the messages of a run's channel: `channel_position`.
#![expect(clippy::disallowed_methods, reason = "operators do not see the positions")]

use console_model::InstanceId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::channel_position::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::write::insert_if_absent;

fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn attempt_number(attempt: u32) -> i32 {
    i32::try_from(attempt).unwrap_or(i32::MAX)
}

/// The number below which every message was taken; 0 at the beginning.
///
/// # Errors
/// Any error of the database.
pub async fn acknowledged(conn: &impl ConnectionTrait, instance: &InstanceId, attempt: u32) -> DbResult<u64> {
    let id = (instance.clone(), attempt_number(attempt));
    let row = Entity::find_by_id(id).one(conn).await?;
    Ok(row.map_or(0, |row| row.acknowledged.unsigned_abs()))
}

/// Every message below `number` was taken. It never goes back.
///
/// # Errors
/// Any error of the database.
pub async fn acknowledge(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: u32,
    number: u64,
) -> DbResult<()> {
    let forward = async || {
        Entity::update_many()
            .set(ActiveModel {
                acknowledged: Set(stored(number)),
                ..Default::default()
            })
            .filter(Column::InstanceId.eq(instance.as_str()))
            .filter(Column::Attempt.eq(attempt_number(attempt)))
            .filter(Column::Acknowledged.lt(stored(number)))
            .exec(conn)
            .await
    };
    if forward().await?.rows_affected > 0 {
        return Ok(());
    }
    let first = ActiveModel {
        instance_id: Set(instance.clone()),
        attempt: Set(attempt_number(attempt)),
        acknowledged: Set(stored(number)),
    };
    if !insert_if_absent(conn, first).await? {
        forward().await?;
    }
    Ok(())
}
