//! When a run's partner is asked next.
#![expect(
    clippy::disallowed_methods,
    reason = "operators do not see when a partner is asked"
)]

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use console_model::{InstanceId, InstanceStatus, PartnerId};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::task_instance::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::naive;

/// A stop of a base partner is looked at again for so long.
const SETTLES: TimeDelta = TimeDelta::seconds(60);

fn is_due(now: NaiveDateTime) -> Condition {
    Condition::any()
        .add(Column::WatchAt.is_null())
        .add(Column::WatchAt.lte(now))
}

/// The instances in some states whose partner is to be asked by a moment, those that were never asked first. Rows of the
/// original console name no engine and are left alone.
///
/// # Errors
/// Any error of the database.
pub async fn due(
    conn: &impl ConnectionTrait,
    statuses: &[InstanceStatus],
    now: DateTime<Utc>,
    limit: u64,
) -> DbResult<Vec<Model>> {
    let of = |when: Condition| {
        Entity::find()
            .filter(Column::Status.is_in(statuses.iter().copied()))
            .filter(when)
            .filter(Column::Engine.is_not_null())
            .order_by_asc(Column::WatchAt)
    };
    // Two questions, so that an index answers each.
    let never = Condition::all().add(Column::WatchAt.is_null());
    let mut found = of(never).limit(limit).all(conn).await?;
    let room = limit.saturating_sub(found.len() as u64);
    if room > 0 {
        let now = Condition::all().add(Column::WatchAt.lte(naive(now)));
        found.extend(of(now).limit(room).all(conn).await?);
    }
    Ok(found)
}

/// Instances that ended here since a moment while the partner's half, as it last said, had not or has only just, and whose
/// partner is to be asked by now; the last to end first.
///
/// # Errors
/// Any error of the database.
pub async fn outlived(
    conn: &impl ConnectionTrait,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: u64,
) -> DbResult<Vec<Model>> {
    let going_on = [
        InstanceStatus::Draft,
        InstanceStatus::Ready,
        InstanceStatus::Running,
    ];
    // A base partner says that it has stopped before its engine has, and may say otherwise a moment later.
    let settled = naive(now - SETTLES);
    let goes_on = Condition::any()
        .add(Column::PartnerStatus.is_in(going_on.map(InstanceStatus::number)))
        .add(
            Condition::all()
                .add(Column::PartnerStatus.eq(InstanceStatus::Stopped))
                .add(Column::GmtEnd.gte(settled)),
        );
    Ok(Entity::find()
        .filter(goes_on)
        .filter(Column::GmtEnd.gte(naive(since)))
        .filter(Column::GoneAt.is_null())
        .filter(is_due(naive(now)))
        .order_by_desc(Column::GmtEnd)
        .limit(limit)
        .all(conn)
        .await?)
}

/// How many instances are in some states.
///
/// # Errors
/// Any error of the database.
pub async fn count_with_status(conn: &impl ConnectionTrait, statuses: &[InstanceStatus]) -> DbResult<u64> {
    let found = Entity::find().filter(Column::Status.is_in(statuses.iter().copied()));
    Ok(found.count(conn).await?)
}

/// The partners of some instances are asked again at a moment. One statement.
///
/// # Errors
/// Any error of the database.
pub async fn watch_at(conn: &impl ConnectionTrait, ids: &[InstanceId], at: DateTime<Utc>) -> DbResult<()> {
    let change = ActiveModel {
        watch_at: Set(Some(naive(at))),
        ..Default::default()
    };
    let these = Entity::update_many().set(change);
    these
        .filter(Column::Id.is_in(ids.iter().map(InstanceId::as_str)))
        .exec(conn)
        .await?;
    Ok(())
}

/// The instances in some states of one partner are looked at by a moment at the latest. One statement.
///
/// # Errors
/// Any error of the database.
pub async fn watch_by(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    statuses: &[InstanceStatus],
    at: DateTime<Utc>,
) -> DbResult<()> {
    let at = naive(at);
    let change = ActiveModel {
        watch_at: Set(Some(at)),
        ..Default::default()
    };
    let later = Entity::update_many().set(change).filter(Column::WatchAt.gt(at));
    later
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::Status.is_in(statuses.iter().copied()))
        .exec(conn)
        .await?;
    Ok(())
}

/// The instances in a state whose engines a process looks after. Few are in a state that passes, and an index finds them.
///
/// # Errors
/// Any error of the database.
pub async fn claimed_by(
    conn: &impl ConnectionTrait,
    owner: &str,
    status: InstanceStatus,
) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::Status.eq(status))
        .filter(Column::EngineLeaseOwner.eq(owner))
        .all(conn)
        .await?)
}
