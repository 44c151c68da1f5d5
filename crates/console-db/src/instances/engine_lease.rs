//! Which process looks after the engine of an instance. A claim that is not renewed runs out, and another process
//! takes the job up.
#![expect(clippy::disallowed_methods, reason = "operators do not see who holds a claim")]

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::{InstanceId, InstanceStatus, PartnerId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::db::Db;
use crate::entity::task_instance::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::{after, naive};

fn free(now: NaiveDateTime) -> Condition {
    Condition::any()
        .add(Column::EngineLeaseUntil.is_null())
        .add(Column::EngineLeaseUntil.lte(now))
}

/// Runs that partners asked for and that are not claimed now, so that some places stay for others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Those of all partners.
    pub all: bool,
    /// Those of some partners, by id.
    pub partners: Vec<PartnerId>,
}

impl LeftOut {
    fn condition(&self) -> Condition {
        let ours = Condition::any().add(Column::Initiator.eq(true));
        if self.all {
            return ours;
        }
        ours.add(Column::PartnerId.is_not_in(self.partners.iter().map(PartnerId::as_str)))
    }
}

/// The partners, by id, that asked for runs in some states which nobody looks after.
///
/// # Errors
/// Any error of the database.
pub async fn waiting_for_a_place(
    conn: &impl ConnectionTrait,
    statuses: &[InstanceStatus],
    now: DateTime<Utc>,
) -> DbResult<Vec<PartnerId>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::PartnerId)
        .distinct()
        .filter(Column::Status.is_in(statuses.iter().map(|s| s.number())))
        .filter(Column::Initiator.eq(false))
        .filter(Column::Engine.is_not_null())
        .filter(Column::PartnerId.is_not_null())
        .filter(free(naive(now)))
        .into_tuple()
        .all(conn)
        .await?)
}

/// Claims instances in some states that nobody looks after, oldest first, at most `limit`.
///
/// Only runs of an engine and a partner of ours: a database of the original holds rows whose jobs run elsewhere.
///
/// # Errors
/// Any error of the database.
pub async fn claim_engines(
    db: &Db,
    owner: &str,
    statuses: &[InstanceStatus],
    now: DateTime<Utc>,
    lease: Duration,
    limit: usize,
    left_out: &LeftOut,
) -> DbResult<Vec<Model>> {
    let (at, until) = (naive(now), after(now, lease));
    let of_state = Column::Status.is_in(statuses.iter().copied());
    let mut claimed = Entity::find()
        .filter(of_state)
        .filter(Column::Engine.is_not_null())
        .filter(Column::PartnerId.is_not_null())
        .filter(free(at))
        .filter(left_out.condition())
        .order_by_asc(Column::GmtCreate)
        .order_by_asc(Column::Id)
        .limit(limit as u64)
        .all(db.reader())
        .await?;
    if claimed.is_empty() {
        return Ok(claimed);
    }
    // One order in every process, so that two cannot wait for each other.
    claimed.sort_by(|a, b| a.id.cmp(&b.id));
    let tx = db.begin().await?;
    let mut won = Vec::with_capacity(claimed.len());
    for mut row in claimed {
        let done = Entity::update_many()
            .set(lease_of(Some(owner), Some(until)))
            .col_expr(Column::EngineClaims, Expr::col(Column::EngineClaims).add(1))
            .filter(Column::Id.eq(row.id.as_str()))
            .filter(Column::Generation.eq(row.generation))
            .filter(free(at))
            .exec(&tx)
            .await?;
        if done.rows_affected == 1 {
            row.engine_claims += 1;
            row.engine_lease_owner = Some(owner.to_owned());
            row.engine_lease_until = Some(until);
            won.push(row);
        }
    }
    tx.commit().await?;
    won.sort_by(|a, b| (a.gmt_create, &a.id).cmp(&(b.gmt_create, &b.id)));
    Ok(won)
}

fn lease_of(owner: Option<&str>, until: Option<NaiveDateTime>) -> ActiveModel {
    ActiveModel {
        engine_lease_owner: Set(owner.map(str::to_owned)),
        engine_lease_until: Set(until),
        ..Default::default()
    }
}

/// Prolongs claims, in one statement. Gives the ids of those that are still held.
///
/// # Errors
/// Any error of the database.
pub async fn renew_engines(
    conn: &impl ConnectionTrait,
    ids: &[InstanceId],
    owner: &str,
    now: DateTime<Utc>,
    lease: Duration,
) -> DbResult<Vec<InstanceId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let until = after(now, lease);
    let these = Condition::all()
        .add(Column::Id.is_in(ids.iter().map(InstanceId::as_str)))
        .add(Column::EngineLeaseOwner.eq(owner));
    Entity::update_many()
        .set(lease_of(Some(owner), Some(until)))
        .filter(these.clone())
        .exec(conn)
        .await?;
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(these)
        .filter(Column::EngineLeaseUntil.gte(until))
        .into_tuple()
        .all(conn)
        .await?)
}

/// Gives a claim back, if it is still held. It does not count: what the console could not begin says nothing of the engine.
///
/// # Errors
/// Any error of the database.
pub async fn release_engine(conn: &impl ConnectionTrait, id: &InstanceId, owner: &str) -> DbResult<()> {
    Entity::update_many()
        .set(lease_of(None, None))
        .col_expr(Column::EngineClaims, Expr::col(Column::EngineClaims).sub(1))
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::EngineLeaseOwner.eq(owner))
        .exec(conn)
        .await?;
    Ok(())
}

/// Gives back every claim of an owner: at its start, when it holds those of its predecessor. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn release_engines_of(conn: &impl ConnectionTrait, owner: &str) -> DbResult<u64> {
    let done = Entity::update_many()
        .set(lease_of(None, None))
        // Only those in a state with an engine hold a claim, and an index finds them.
        .filter(Column::Status.is_in(InstanceStatus::WITH_ENGINE.iter().copied()))
        .filter(Column::EngineLeaseOwner.eq(owner))
        .exec(conn)
        .await?;
    Ok(done.rows_affected)
}
