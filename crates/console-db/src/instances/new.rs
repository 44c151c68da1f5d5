use chrono::{DateTime, Utc};
use console_model::{InstanceId, InstanceStatus, PairingId, PartnerId, ProjectId, TaskId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::history;
use crate::entity::task_instance::{Column, Entity, Model};
use crate::error::DbResult;
use crate::time::naive;
use crate::tx::Writer;
use crate::write;

/// A run that is about to exist.
#[derive(Debug, Clone)]
pub struct NewInstance {
    /// Our id of it.
    pub id: InstanceId,
    /// Our task version.
    pub task_id: TaskId,
    /// The first version of the task; none when it is gone.
    pub task_root_id: Option<TaskId>,
    /// The pairing.
    pub pairing_id: PairingId,
    /// What is kept as the partner's pairing id, see [`Model::task_peer_id`].
    pub task_peer_id: String,
    /// The partner's id of its instance, when the partner asked for the run.
    pub instance_peer_id: Option<String>,
    /// The project.
    pub project_id: ProjectId,
    /// The partner.
    pub partner_id: Option<PartnerId>,
    /// How it begins.
    pub status: InstanceStatus,
    /// Its first attempt.
    pub attempt: i32,
    /// Whether it was asked for here.
    pub initiator: bool,
    /// The engine that will run it.
    pub engine: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// `operator`, `partner`, `engine` or `console`.
    pub actor_kind: &'static str,
    /// Id of the user or partner.
    pub actor: Option<String>,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a new instance and the first entry of its history.
///
/// # Errors
/// [`crate::DbError::Conflict`] with [`crate::Constraint::InstancePeer`] when the partner's instance is known already.
pub async fn insert(writer: &impl Writer, new: NewInstance) -> DbResult<Model> {
    let unit = writer.unit().await?;
    let number = match &new.task_root_id {
        Some(root) => next_number(&*unit, root).await?,
        None => 0,
    };
    let row = row_of(&new, number);
    write::insert(&*unit, row.clone()).await?;
    let at = row.gmt_create;
    history::append(
        &*unit,
        &row,
        history::Entry {
            from: None,
            to: new.status,
            reason: None,
            actor_kind: new.actor_kind,
            actor: new.actor,
            request_id: new.request_id,
            at,
        },
    )
    .await?;
    unit.done().await?;
    Ok(row)
}

/// The number of a task's next run. Two that are made at the same moment may get the same one: it is for people, who tell
/// such runs apart by their time.
async fn next_number(conn: &impl ConnectionTrait, root: &TaskId) -> DbResult<i32> {
    let highest: Option<Option<i32>> = Entity::find()
        .select_only()
        .column_as(Column::RunNumber.max(), "number")
        .filter(Column::TaskRootId.eq(root.as_str()))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(highest.flatten().unwrap_or(0).saturating_add(1))
}

fn row_of(new: &NewInstance, number: i32) -> Model {
    let at = naive(new.at);
    Model {
        id: new.id.clone(),
        gmt_create: at,
        gmt_modified: at,
        task_intra_id: new.task_id.clone(),
        task_root_id: new.task_root_id.clone(),
        task_inter_id: new.pairing_id.clone(),
        task_peer_id: new.task_peer_id.clone(),
        instance_peer_id: new.instance_peer_id.clone(),
        gmt_start: None,
        gmt_error: None,
        status: new.status,
        comment: new.comment.clone(),
        message: None,
        error: None,
        generation: 1,
        attempt: new.attempt,
        initiator: new.initiator,
        engine: new.engine.clone(),
        engine_handle: None,
        engine_claims: 0,
        progress: None,
        progress_text: None,
        progress_text_zh: None,
        warnings: 0,
        stop_cause: None,
        stop_reason: None,
        stop_reason_code: None,
        stop_reason_detail: None,
        gmt_end: None,
        project_id: Some(new.project_id.clone()),
        partner_id: new.partner_id.clone(),
        partner_status: None,
        partner_detail: None,
        partner_attempt: 0,
        partner_seq: 0,
        status_seq: 0,
        partner_seen_at: None,
        engine_lease_owner: None,
        engine_lease_until: None,
        partner_stop_at: None,
        stop_reason_detail_zh: None,
        partner_detail_zh: None,
        partner_failure_code: None,
        partner_retryable: None,
        gone_at: None,
        watch_at: None,
        held_up_code: None,
        held_up_detail: None,
        held_up_since: None,
        run_number: number,
        started_by: new.actor.clone().filter(|_| new.initiator),
        main_figure: None,
        main_value: None,
    }
}
