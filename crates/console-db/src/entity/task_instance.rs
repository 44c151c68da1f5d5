//! One run on our side. `status` is written by [`crate::instances`] alone.

use console_model::{InstanceId, InstanceStatus, PairingId, PartnerId, ProjectId, TaskId};
use sea_orm::entity::prelude::*;

/// A row of `task_instance`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task_instance")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstanceId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// Our task version.
    pub task_intra_id: TaskId,
    /// The first version of the task (`task_intra.id`); NULL when it was gone already.
    pub task_root_id: Option<TaskId>,
    /// The pairing.
    pub task_inter_id: PairingId,
    /// The partner's id of its pairing, or our own on rows that a base partner's call made.
    pub task_peer_id: String,
    /// The partner's id of its instance; unique per partner.
    pub instance_peer_id: Option<String>,
    /// When the engine of the present attempt started.
    pub gmt_start: Option<DateTime>,
    /// When it failed.
    pub gmt_error: Option<DateTime>,
    /// The state of our half.
    pub status: InstanceStatus,
    /// Free text.
    pub comment: Option<String>,
    /// What the engine last said.
    pub message: Option<Json>,
    /// Why it failed.
    pub error: Option<Json>,
    /// Counts the changes of the row; every change compares and sets it.
    pub generation: i64,
    /// Counts the starts, from 1.
    pub attempt: i32,
    /// Whether the run was asked for here.
    pub initiator: bool,
    /// The engine that runs it.
    pub engine: Option<String>,
    /// What the engine needs to take the job up again.
    pub engine_handle: Option<Json>,
    /// From 0 to 1.
    pub progress: Option<f64>,
    /// What the engine is doing.
    pub progress_text: Option<String>,
    /// The same in simplified Chinese.
    pub progress_text_zh: Option<String>,
    /// How many warnings the present attempt has.
    pub warnings: i32,
    /// [`console_model::StopCause`] as its number.
    pub stop_cause: Option<i16>,
    /// Why it was stopped, in words.
    pub stop_reason: Option<String>,
    /// The same as a word, see [`console_model::RunReasonCode`].
    pub stop_reason_code: Option<String>,
    /// What goes with the word.
    pub stop_reason_detail: Option<String>,
    /// The same in simplified Chinese.
    pub stop_reason_detail_zh: Option<String>,
    /// When the present attempt ended.
    pub gmt_end: Option<DateTime>,
    /// The project; NULL only in adopted rows whose task is gone.
    pub project_id: Option<ProjectId>,
    /// The partner; NULL only in adopted rows.
    pub partner_id: Option<PartnerId>,
    /// The partner's status as it last said, as a number of ours.
    pub partner_status: Option<i16>,
    /// What the partner said about it.
    pub partner_detail: Option<String>,
    /// The same in simplified Chinese.
    pub partner_detail_zh: Option<String>,
    /// Why the partner's half failed, as a word of its engine or console.
    pub partner_failure_code: Option<String>,
    /// Whether the partner says that its half may succeed when it is started again; NULL when it does not say.
    pub partner_retryable: Option<bool>,
    /// The partner's attempt.
    pub partner_attempt: i32,
    /// The number of the last status announcement of the partner that was taken in.
    pub partner_seq: i64,
    /// The number of our last status change, for our announcements.
    pub status_seq: i64,
    /// When the partner last spoke about it.
    pub partner_seen_at: Option<DateTime>,
    /// The process that looks after the engine.
    pub engine_lease_owner: Option<String>,
    /// Until when.
    pub engine_lease_until: Option<DateTime>,
    /// How often the engine of this attempt was begun or taken up since it last reported a handle.
    pub engine_claims: i32,
    /// When the partner was asked to stop its half of this attempt although ours had ended.
    pub partner_stop_at: Option<DateTime>,
    /// When the partner was found to have deleted its side.
    pub gone_at: Option<DateTime>,
    /// When the partner is asked next about it; NULL when it was never asked.
    pub watch_at: Option<DateTime>,
    /// What holds it up now, as a word; NULL when nothing does.
    pub held_up_code: Option<String>,
    /// More about that, for our operators.
    pub held_up_detail: Option<String>,
    /// Since when.
    pub held_up_since: Option<DateTime>,
    /// Counts the runs of the task, from 1; 0 when it is not known.
    pub run_number: i32,
    /// The user who asked for it here; NULL for a run that the partner asked for.
    pub started_by: Option<String>,
    /// What lists show of the results of the present attempt: the name of a figure.
    pub main_figure: Option<String>,
    /// Its value.
    pub main_value: Option<f64>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
