//! Rows as a console that has worked for long would have them.

use std::str::FromStr;

use chrono::{NaiveDateTime, TimeDelta, Utc};
use console_db::entity::{partner, project, task_instance, task_inter, task_intra};
use console_db::sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable};
use console_db::{ConnectionTrait, Db, DbBackend, Tx, naive};
use console_model::{IdError, InstanceId, InstanceStatus, LinkStatus, MessageId, PartnerTrust, TaskType};
use serde_json::json;

pub(crate) const PROJECTS: u64 = 100;
/// All of them belong to one project.
pub(crate) const TASKS: u64 = 1000;
/// So many values are bound to one statement; every database takes this many.
const VALUES: usize = 16_000;

/// The project that has the tasks.
pub(crate) fn project_with_tasks() -> String {
    numbered("project", 0)
}

/// Fills a database.
pub(crate) async fn fill(db: &Db, instances: u64) -> anyhow::Result<()> {
    let tx = db.begin().await?;
    insert::<partner::Entity, _>(&tx, [partner()].into_iter()).await?;
    insert::<project::Entity, _>(&tx, (0..PROJECTS).map(project)).await?;
    insert::<task_intra::Entity, _>(&tx, (0..TASKS).map(task)).await?;
    insert::<task_inter::Entity, _>(&tx, (0..TASKS).map(pairing)).await?;
    insert::<task_instance::Entity, _>(&tx, (0..instances).map(instance)).await?;
    tx.commit().await?;
    // A server does this by itself, but only some time after so many rows came in at once.
    if db.backend() == DbBackend::Postgres {
        db.writer().execute_unprepared("ANALYZE").await?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "nobody listens yet")]
async fn insert<E, A>(tx: &Tx, mut rows: impl Iterator<Item = E::Model>) -> anyhow::Result<()>
where
    E: EntityTrait<ActiveModel = A>,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let at_once = VALUES / E::Column::iter().count();
    loop {
        let chunk: Vec<A> = rows
            .by_ref()
            .take(at_once)
            .map(IntoActiveModel::into_active_model)
            .collect();
        if chunk.is_empty() {
            return Ok(());
        }
        E::insert_many(chunk).exec_without_returning(tx).await?;
    }
}

/// An id that can be told again.
fn numbered(what: &str, number: u64) -> String {
    format!("{what}-{number}")
}

/// [`numbered`], typed.
fn id<T: FromStr<Err = IdError>>(what: &str, number: u64) -> T {
    numbered(what, number).parse().expect("letters and digits")
}

/// An id as consoles make them, so that indexes fill as they do.
fn random() -> String {
    MessageId::generate().into()
}

/// A row of this number was made so many minutes after the first.
fn made(number: u64) -> NaiveDateTime {
    let minutes = i64::try_from(number).unwrap_or(i64::MAX);
    naive(Utc::now()) - TimeDelta::days(1000) + TimeDelta::minutes(minutes)
}

fn partner() -> partner::Model {
    partner::Model {
        id: id("partner", 0),
        gmt_create: made(0),
        gmt_modified: made(0),
        name: "The other side".to_owned(),
        address: "https://console.example.org".to_owned(),
        public_key: None,
        fingerprint: None,
        protocol_level: Some(1),
        capabilities: None,
        trust: PartnerTrust::Suspended,
        fingerprint_confirmed_at: None,
        last_seen_at: Some(made(1)),
        last_error: None,
        last_error_code: None,
        clock_offset_ms: Some(3),
        comment: None,
        generation: 1,
        invitation_id: None,
        announced_address: None,
        announced_at: None,
    }
}

fn project(number: u64) -> project::Model {
    project::Model {
        id: id("project", number),
        gmt_create: made(number),
        gmt_modified: made(number),
        owner_id: numbered("user", 0),
        name: Some(format!("Project {number}")),
        comment: Some("for the benchmark".to_owned()),
        config: Some(json!({ "k8s": { "namespace": "default" } })),
        status: LinkStatus::Ready,
        peer_url: "https://console.example.org".to_owned(),
        peer_id: Some(random()),
        peer_config: Some(json!({ "k8s": { "namespace": "theirs" } })),
        partner_id: Some(id("partner", 0)),
        generation: 1,
        peer_config_at: Some(made(number)),
        archived_at: None,
    }
}

fn task(number: u64) -> task_intra::Model {
    task_intra::Model {
        id: id("task", number),
        gmt_create: made(number),
        gmt_modified: made(number),
        project_id: id("project", 0),
        name: format!("Task {number}"),
        version: "20260101000000".to_owned(),
        version_number: 1,
        owner_id: numbered("user", 0),
        r#type: TaskType::Sample,
        token: Some(numbered("token", number)),
        task_root: true,
        comment: None,
        config: Some(json!({ "input": "table", "id_columns": ["id"] })),
        meta: Some(json!({ "what": "private intersection by id" })),
        generation: 1,
        engine: None,
        token_folded: Some(numbered("token", number)),
        archived_at: None,
    }
}

fn pairing(number: u64) -> task_inter::Model {
    task_inter::Model {
        id: id("pairing", number),
        gmt_create: made(number),
        gmt_modified: made(number),
        task_intra_id: id("task", number),
        task_peer_id: Some(random()),
        status: LinkStatus::Ready,
        comment: None,
        generation: 1,
        peer_meta: Some(json!({ "what": "private intersection by id" })),
        peer_meta_at: Some(made(number)),
        error: None,
        initiated_here: true,
        error_code: None,
        peer_settings: None,
    }
}

fn instance(number: u64) -> task_instance::Model {
    let task = number % TASKS;
    let status = if number.is_multiple_of(10) {
        InstanceStatus::Failed
    } else {
        InstanceStatus::Succeeded
    };
    let failed = status == InstanceStatus::Failed;
    let at = made(number);
    task_instance::Model {
        id: InstanceId::generate(),
        gmt_create: at,
        gmt_modified: at,
        task_intra_id: id("task", task),
        task_root_id: Some(id("task", task)),
        task_inter_id: id("pairing", task),
        task_peer_id: numbered("peer-pairing", task),
        instance_peer_id: Some(random()),
        gmt_start: Some(at),
        gmt_error: failed.then_some(at),
        status,
        comment: Some("nightly".to_owned()),
        message: Some(json!({ "rows": 123_456 })),
        error: failed.then(|| json!({ "message": "the partner's engine gave up" })),
        generation: 5,
        attempt: 1,
        initiator: true,
        engine: Some("local".to_owned()),
        engine_handle: None,
        engine_claims: 0,
        progress: Some(1.0),
        progress_text: Some("done".to_owned()),
        progress_text_zh: None,
        warnings: 0,
        stop_cause: None,
        stop_reason: None,
        stop_reason_code: None,
        stop_reason_detail: None,
        gmt_end: Some(at),
        project_id: Some(id("project", 0)),
        partner_id: Some(id("partner", 0)),
        partner_status: Some(status.number()),
        partner_detail: None,
        partner_attempt: 1,
        partner_seq: 3,
        status_seq: 3,
        partner_seen_at: Some(at),
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
        run_number: 1,
        started_by: None,
        main_figure: Some("intersection".to_owned()),
        main_value: Some(123_456.0),
    }
}
