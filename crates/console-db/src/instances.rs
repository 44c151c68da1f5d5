//! Runs: `task_instance` and its history.
//!
//! [`transition`] is the only function that changes `status`, `attempt` and `status_seq` of a row; it and [`insert`]
//! write `instance_event`. What an engine or a partner reports besides (progress, handle, facts, the partner's state)
//! is written without counting the generation: it disturbs nobody who is changing the row, and such columns have no
//! other writer.

mod due;
mod engine_lease;
mod history;
mod list;
mod new;
mod report;

use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::{
    InstanceId, InstanceStatus, PairingId, PartnerId, ProjectId, RunReason, StopCause, TaskId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::task_instance::{ActiveModel, Column, Entity, Model};
use crate::entity::{
    channel_position, consent, instance_event, instance_result, instance_warning, log_chunk, log_expired,
    metric_point,
};
use crate::error::{DbError, DbResult};
use crate::time::{fit, naive, now};
use crate::tx::Writer;
use crate::write;

pub use due::{claimed_by, count_with_status, due, outlived, watch_at, watch_by};
pub use engine_lease::{
    LeftOut, claim_engines, release_engine, release_engines_of, renew_engines, waiting_for_a_place,
};
pub use history::{EventPage, Listed as ListedEvent, attempt_began, events};
pub use list::{Brief, InstanceFilter, Listed, briefs, count_by_status, find_listed, list};
pub use new::{NewInstance, insert};
pub use report::{
    Facts, Heard, Told, hear_partner, hold_up, let_go, note_gone, note_growth, note_partner,
    note_partner_stop, set_facts, set_handle, set_partner_reason, set_progress,
};

/// A change of an instance's status that the state machine allowed.
#[derive(Debug, Clone)]
pub struct StateChange {
    /// The state before, for the history.
    pub from: Option<InstanceStatus>,
    /// The state after.
    pub to: InstanceStatus,
    /// The attempt after. A new one clears what the last one left in the row: times of its end, error, stop, progress,
    /// handle and lease.
    pub attempt: i32,
    /// Why its engine is stopped; kept when `None`.
    pub stop_cause: Option<StopCause>,
    /// Why.
    pub reason: Option<RunReason>,
    /// Facts about an error; kept when `None`.
    pub error: Option<Json>,
    /// `operator`, `partner`, `engine` or `console`.
    pub actor_kind: &'static str,
    /// Id of the user or partner, name of the engine.
    pub actor: Option<String>,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// One instance.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &InstanceId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// The instance that a partner knows by its own id.
///
/// # Errors
/// Any error of the database.
pub async fn find_of_partner(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    instance_peer_id: &str,
) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::InstancePeerId.eq(instance_peer_id))
        .one(conn)
        .await?)
}

/// The instances of any partner that are known there by an id: whose call it is, is not said in the base protocol.
///
/// # Errors
/// Any error of the database.
pub async fn find_by_peer_id(conn: &impl ConnectionTrait, instance_peer_id: &str) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::InstancePeerId.eq(instance_peer_id))
        .all(conn)
        .await?)
}

/// How many runs that a partner asked for are in some states.
///
/// # Errors
/// Any error of the database.
pub async fn count_asked_by(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    statuses: &[InstanceStatus],
) -> DbResult<u64> {
    Ok(Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::Initiator.eq(false))
        .filter(Column::Status.is_in(statuses.iter().copied()))
        .count(conn)
        .await?)
}

/// The instances that are shared with a partner and are in some states, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn of_partner(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    statuses: &[InstanceStatus],
) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::Status.is_in(statuses.iter().copied()))
        .order_by_asc(Column::GmtCreate)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?)
}

/// The runs of some task versions in some states, at most `limit`.
///
/// # Errors
/// Any error of the database.
pub async fn of_tasks(
    conn: &impl ConnectionTrait,
    tasks: &[&TaskId],
    statuses: &[InstanceStatus],
    limit: u64,
) -> DbResult<Vec<Model>> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .filter(Column::TaskIntraId.is_in(tasks.iter().map(|id| id.as_str())))
        .filter(Column::Status.is_in(statuses.iter().copied()))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?)
}

/// Whether any run of a project is in some states.
///
/// # Errors
/// Any error of the database.
pub async fn any_of_project(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    statuses: &[InstanceStatus],
) -> DbResult<bool> {
    let found = Entity::find()
        .filter(Column::ProjectId.eq(project.as_str()))
        .filter(Column::Status.is_in(statuses.iter().copied()));
    Ok(found.limit(1).one(conn).await?.is_some())
}

/// Gives all runs of a project to a partner.
///
/// # Errors
/// [`DbError::Conflict`] when the partner has a run of the same id already.
pub async fn assign_partner(writer: &impl Writer, project: &ProjectId, partner: &PartnerId) -> DbResult<()> {
    let changes = ActiveModel {
        partner_id: Set(Some(partner.clone())),
        ..Default::default()
    };
    write::update_all(
        writer,
        changes,
        Condition::all().add(Column::ProjectId.eq(project.as_str())),
    )
    .await
}

/// Whether any instance of a pairing exists.
///
/// # Errors
/// Any error of the database.
pub async fn any_of_pairing(conn: &impl ConnectionTrait, pairing: &PairingId) -> DbResult<bool> {
    let found: Option<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::TaskInterId.eq(pairing.as_str()))
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// Persists a change of status: the row by compare-and-set on its generation, and the entry of its history. Gives the
/// row as it is now.
///
/// # Errors
/// [`DbError::Stale`] when the row changed since it was read.
pub async fn transition(writer: &impl Writer, mut row: Model, change: StateChange) -> DbResult<Model> {
    let unit = writer.unit().await?;
    let at = naive(change.at);
    let changes = changes(&row, &change, at);
    let generation =
        write::set_where_generation(&*unit, row.id.as_str(), row.generation, changes.clone(), at).await?;
    apply(&mut row, changes);
    row.generation = generation;
    row.gmt_modified = at;
    let entry = history::Entry {
        from: change.from,
        to: change.to,
        reason: change.reason,
        actor_kind: change.actor_kind,
        actor: change.actor,
        request_id: change.request_id,
        at,
    };
    history::append(&*unit, &row, entry).await?;
    unit.done().await?;
    Ok(row)
}

fn changes(row: &Model, change: &StateChange, at: NaiveDateTime) -> ActiveModel {
    let mut set = ActiveModel {
        status: Set(change.to),
        status_seq: Set(row.status_seq + 1),
        ..Default::default()
    };
    if change.attempt != row.attempt {
        set.attempt = Set(change.attempt);
        set.gmt_start = Set(None);
        set.gmt_error = Set(None);
        set.gmt_end = Set(None);
        set.message = Set(None);
        set.error = Set(None);
        set.stop_cause = Set(None);
        set.stop_reason = Set(None);
        set.stop_reason_code = Set(None);
        set.stop_reason_detail = Set(None);
        set.stop_reason_detail_zh = Set(None);
        set.progress = Set(None);
        set.progress_text = Set(None);
        set.progress_text_zh = Set(None);
        set.warnings = Set(0);
        set.main_figure = Set(None);
        set.main_value = Set(None);
        set.partner_stop_at = Set(None);
        set.engine_handle = Set(None);
        set.engine_claims = Set(0);
        set.engine_lease_owner = Set(None);
        set.engine_lease_until = Set(None);
        set.watch_at = Set(None);
    }
    if change.attempt != row.attempt || change.to.is_terminal() {
        set.held_up_code = Set(None);
        set.held_up_detail = Set(None);
        set.held_up_since = Set(None);
    }
    if let Some(cause) = change.stop_cause {
        set.stop_cause = Set(Some(cause.number()));
        if let Some(reason) = &change.reason {
            set_stop_reason(&mut set, reason);
        }
    }
    if let Some(error) = &change.error {
        set.error = Set(Some(error.clone()));
    }
    if matches!(change.to, InstanceStatus::Failed | InstanceStatus::Lost) {
        set.gmt_error = Set(Some(at));
    }
    if change.to == InstanceStatus::Running && row.gmt_start.is_none() {
        set.gmt_start = Set(Some(at));
    }
    if change.to.is_terminal() {
        set.gmt_end = Set(Some(at));
        set.engine_lease_owner = Set(None);
        set.engine_lease_until = Set(None);
    }
    set
}

/// Writes why an engine is stopped.
fn set_stop_reason(set: &mut ActiveModel, reason: &RunReason) {
    set.stop_reason = Set(Some(fit(&reason.to_string(), 1024)));
    set.stop_reason_code = Set(Some(reason.code.word().to_owned()));
    set.stop_reason_detail = Set(fitting(reason.detail.as_deref()));
    set.stop_reason_detail_zh = Set(fitting(reason.detail_zh.as_deref()));
}

/// Words that may be long, as far as their column takes them.
fn fitting(words: Option<&str>) -> Option<String> {
    words.map(|words| fit(words, 1024))
}

/// Lays what was written over the row that was read.
fn apply(row: &mut Model, changes: ActiveModel) {
    macro_rules! lay {
        ($($column:ident)+) => {$(
            if let Set(value) = changes.$column {
                row.$column = value;
            }
        )+};
    }
    lay!(status status_seq attempt gmt_start gmt_error gmt_end message error stop_cause stop_reason stop_reason_code
        stop_reason_detail stop_reason_detail_zh progress progress_text progress_text_zh warnings main_figure main_value partner_stop_at engine_handle engine_claims engine_lease_owner engine_lease_until instance_peer_id partner_seen_at
        watch_at held_up_code held_up_detail held_up_since);
}

/// Takes over the partner's id of its instance, which it has just told. Gives the row as it is now.
///
/// # Errors
/// [`DbError::Stale`] when the row changed since it was read; [`DbError::Conflict`] when another instance has the id.
pub async fn link(writer: &impl Writer, mut row: Model, theirs: &InstanceId) -> DbResult<Model> {
    let at = now();
    let changes = ActiveModel {
        instance_peer_id: Set(Some(theirs.to_string())),
        partner_seen_at: Set(Some(at)),
        ..Default::default()
    };
    row.generation =
        write::set_where_generation(writer, row.id.as_str(), row.generation, changes.clone(), at).await?;
    row.gmt_modified = at;
    apply(&mut row, changes);
    Ok(row)
}

/// Deletes an instance and everything that hangs on it, if nobody changed it since it was read. Objects in the store are
/// the caller's.
///
/// # Errors
/// [`DbError::Stale`] when the row changed since it was read or is gone.
#[expect(clippy::disallowed_methods, reason = "what hangs on it goes with it")]
pub async fn delete(writer: &impl Writer, id: &InstanceId, generation: i64) -> DbResult<()> {
    let unit = writer.unit().await?;
    let unchanged = Condition::all()
        .add(Column::Id.eq(id.as_str()))
        .add(Column::Generation.eq(generation));
    if write::delete::<Entity>(&*unit, unchanged).await? == 0 {
        return Err(DbError::Stale);
    }
    macro_rules! delete_from {
        ($($table:ident)+) => {$(
            $table::Entity::delete_many()
                .filter($table::Column::InstanceId.eq(id.as_str()))
                .exec(&*unit)
                .await?;
        )+};
    }
    delete_from!(consent instance_event log_chunk log_expired metric_point instance_result instance_warning
        channel_position);
    unit.done().await
}

/// The partners that share an instance which they know by an id.
///
/// # Errors
/// Any error of the database.
pub async fn partners_knowing(conn: &impl ConnectionTrait, theirs: &InstanceId) -> DbResult<Vec<PartnerId>> {
    let found = Entity::find().select_only().column(Column::PartnerId);
    let found = found
        .filter(Column::InstancePeerId.eq(theirs.as_str()))
        .filter(Column::PartnerId.is_not_null());
    Ok(found.distinct().into_tuple().all(conn).await?)
}

/// Changes the comment, if nobody changed the row since it was read.
///
/// # Errors
/// [`DbError::Stale`] when somebody did.
pub async fn set_comment(writer: &impl Writer, row: &Model, comment: Option<&str>) -> DbResult<()> {
    let changes = ActiveModel {
        comment: Set(comment.map(str::to_owned)),
        ..Default::default()
    };
    write::update_where_generation(writer, row.id.as_str(), row.generation, changes).await?;
    Ok(())
}
