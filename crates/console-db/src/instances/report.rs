//! What engines and partners say about an instance besides its status.

use chrono::NaiveDateTime;
use console_model::{ChangeKind, ChangeType, InstanceId, InstanceStatus, RunReason, StopCause};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::{find, fitting, history};
use crate::entity::instance_event::DELETED;
use crate::entity::task_instance::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::time::{fit, now};
use crate::tx::{Tx, Writer};
use crate::write;

/// What an engine's call-back said; `None` leaves a column alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// What it says.
    pub message: Option<Json>,
    /// What went wrong.
    pub error: Option<Json>,
    /// When it started.
    pub gmt_start: Option<NaiveDateTime>,
    /// When it failed.
    pub gmt_error: Option<NaiveDateTime>,
    /// The figure that lists show, and its value.
    pub main_figure: Option<(String, f64)>,
}

/// What a partner says of the state of its half.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told<'a> {
    /// In words, in English or whatever language its operators write.
    pub detail: Option<&'a str>,
    /// The same in simplified Chinese.
    pub detail_zh: Option<&'a str>,
    /// Of a failure: why, as a word.
    pub failure_code: Option<&'a str>,
    /// Of a failure: whether another attempt may succeed.
    pub retryable: Option<bool>,
}

impl Told<'_> {
    fn set(&self, changes: &mut ActiveModel) {
        changes.partner_detail = Set(fitting(self.detail));
        changes.partner_detail_zh = Set(fitting(self.detail_zh));
        changes.partner_failure_code = Set(self.failure_code.map(|code| fit(code, 64)));
        changes.partner_retryable = Set(self.retryable);
    }
}

/// Whether an announcement was news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It is the newest, and was taken in.
    News,
    /// It, or a later one, was taken in before.
    Known,
}

async fn of_attempt(
    writer: &impl Writer,
    id: &InstanceId,
    attempt: i32,
    changes: ActiveModel,
) -> DbResult<()> {
    let same = Condition::all().add(Column::Attempt.eq(attempt));
    write::update(writer, id.as_str(), changes, same).await?;
    Ok(())
}

/// What hangs on an attempt has grown: metrics, results.
pub fn note_growth(tx: &Tx, id: &InstanceId) {
    tx.note(ChangeKind::Instance, ChangeType::Updated, id.as_str());
}

/// How far an attempt is, from 0 to 1, and what it is doing, in English and perhaps in simplified Chinese. Nothing happens
/// when the attempt is over.
///
/// # Errors
/// Any error of the database.
pub async fn set_progress(
    writer: &impl Writer,
    id: &InstanceId,
    attempt: i32,
    fraction: f64,
    text: (&str, Option<&str>),
) -> DbResult<()> {
    let (en, zh) = text;
    let changes = ActiveModel {
        progress: Set(fraction.is_finite().then(|| fraction.clamp(0.0, 1.0))),
        progress_text: Set(Some(fit(en, 512))),
        progress_text_zh: Set(zh.map(|zh| fit(zh, 512))),
        ..Default::default()
    };
    of_attempt(writer, id, attempt, changes).await
}

/// What the engine needs to take an attempt up again. Nothing happens, and the answer is no, when the attempt is over or
/// another process looks after it by now.
///
/// # Errors
/// Any error of the database.
#[expect(clippy::disallowed_methods, reason = "the engine's own matter")]
pub async fn set_handle(
    conn: &impl ConnectionTrait,
    id: &InstanceId,
    attempt: i32,
    owner: &str,
    handle: &Json,
) -> DbResult<bool> {
    let changes = ActiveModel {
        engine_handle: Set(Some(handle.clone())),
        engine_claims: Set(0),
        ..Default::default()
    };
    let done = Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::Attempt.eq(attempt))
        .filter(Column::EngineLeaseOwner.eq(owner))
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The partner was asked to stop its half although ours had ended.
///
/// # Errors
/// Any error of the database.
pub async fn note_partner_stop(writer: &impl Writer, id: &InstanceId, attempt: i32) -> DbResult<()> {
    let changes = ActiveModel {
        partner_stop_at: Set(Some(now())),
        ..<ActiveModel as Default>::default()
    };
    of_attempt(writer, id, attempt, changes).await
}

/// What an engine's call-back said. Nothing happens when the attempt is over.
///
/// # Errors
/// Any error of the database.
pub async fn set_facts(writer: &impl Writer, id: &InstanceId, attempt: i32, facts: Facts) -> DbResult<()> {
    let Facts {
        message,
        error,
        gmt_start,
        gmt_error,
        main_figure,
    } = facts;
    let mut changes = <ActiveModel as Default>::default();
    if message.is_some() {
        changes.message = Set(message);
    }
    if error.is_some() {
        changes.error = Set(error);
    }
    if gmt_start.is_some() {
        changes.gmt_start = Set(gmt_start);
    }
    if gmt_error.is_some() {
        changes.gmt_error = Set(gmt_error);
    }
    if let Some((name, value)) = main_figure {
        changes.main_figure = Set(Some(fit(&name, 64)));
        changes.main_value = Set(Some(value));
    }
    if changes.is_changed() {
        of_attempt(writer, id, attempt, changes).await
    } else {
        Ok(())
    }
}

/// The partner was heard: its status when it said one.
///
/// What a partner answers in passing is an entry of the history only as long as it has announced nothing by itself:
/// announcements say more, and in order.
///
/// # Errors
/// Any error of the database.
pub async fn note_partner(
    writer: &impl Writer,
    id: &InstanceId,
    status: Option<InstanceStatus>,
) -> DbResult<()> {
    let mut changes = ActiveModel {
        partner_seen_at: Set(Some(now())),
        ..Default::default()
    };
    let unit = writer.unit().await?;
    if let Some(status) = status {
        changes.partner_status = Set(Some(status.number()));
        Told::default().set(&mut changes);
        let before = find(&*unit, id).await?;
        let news = before.filter(|row| row.partner_seq == 0 && row.partner_status != Some(status.number()));
        if let Some(row) = news {
            history::append_theirs(&*unit, &row, row.attempt, status.number(), &Told::default()).await?;
        }
    }
    write::update(&*unit, id.as_str(), changes, Condition::all()).await?;
    unit.done().await
}

/// Takes in a numbered announcement of the partner, if it is newer than the last.
///
/// # Errors
/// Any error of the database.
pub async fn hear_partner(
    writer: &impl Writer,
    id: &InstanceId,
    seq: i64,
    attempt: i32,
    status: InstanceStatus,
    told: &Told<'_>,
) -> DbResult<Heard> {
    let mut changes = ActiveModel {
        partner_seq: Set(seq),
        partner_attempt: Set(attempt),
        partner_status: Set(Some(status.number())),
        partner_seen_at: Set(Some(now())),
        ..Default::default()
    };
    told.set(&mut changes);
    let newer = Condition::all().add(Column::PartnerSeq.lt(seq));
    let unit = writer.unit().await?;
    let before = find(&*unit, id).await?;
    let Some(row) = before else {
        return Ok(Heard::Known);
    };
    if !write::update(&*unit, id.as_str(), changes, newer).await? {
        return Ok(Heard::Known);
    }
    if row.partner_status != Some(status.number()) || row.partner_attempt != attempt {
        history::append_theirs(&*unit, &row, attempt, status.number(), told).await?;
    }
    unit.done().await?;
    Ok(Heard::News)
}

/// The partner's own reason for what ended our half of an attempt, when it comes after that.
///
/// # Errors
/// Any error of the database.
pub async fn set_partner_reason(
    writer: &impl Writer,
    id: &InstanceId,
    attempt: i32,
    reason: &RunReason,
) -> DbResult<()> {
    let mut changes = <ActiveModel as Default>::default();
    super::set_stop_reason(&mut changes, reason);
    let by_it = Condition::all()
        .add(Column::Attempt.eq(attempt))
        .add(Column::StopCause.eq(StopCause::PartnerFailed.number()));
    write::update(writer, id.as_str(), changes, by_it).await?;
    Ok(())
}

/// What holds an attempt up, as a word of at most 32 characters, and more about it. The moment stays as long as the word
/// does. Nothing happens when the attempt is over.
///
/// # Errors
/// Any error of the database.
pub async fn hold_up(
    writer: &impl Writer,
    id: &InstanceId,
    attempt: i32,
    code: &str,
    detail: Option<&str>,
) -> DbResult<()> {
    let changes = ActiveModel {
        held_up_code: Set(Some(fit(code, 32))),
        held_up_detail: Set(detail.map(|text| fit(text, 512))),
        held_up_since: Set(Some(now())),
        ..Default::default()
    };
    let ended = InstanceStatus::TERMINAL.iter().copied();
    let news = Condition::all()
        .add(Column::Attempt.eq(attempt))
        .add(Column::Status.is_not_in(ended))
        .add(
            Condition::any()
                .add(Column::HeldUpCode.is_null())
                .add(Column::HeldUpCode.ne(code)),
        );
    write::update(writer, id.as_str(), changes, news).await?;
    Ok(())
}

/// Nothing holds an attempt up any more; with a word, only if it was that.
///
/// # Errors
/// Any error of the database.
pub async fn let_go(writer: &impl Writer, id: &InstanceId, attempt: i32, code: Option<&str>) -> DbResult<()> {
    let changes = ActiveModel {
        held_up_code: Set(None),
        held_up_detail: Set(None),
        held_up_since: Set(None),
        ..Default::default()
    };
    let mut held = Condition::all()
        .add(Column::Attempt.eq(attempt))
        .add(Column::HeldUpCode.is_not_null());
    if let Some(code) = code {
        held = held.add(Column::HeldUpCode.eq(code));
    }
    write::update(writer, id.as_str(), changes, held).await?;
    Ok(())
}

/// The partner was found to have deleted its side. The first time counts.
///
/// # Errors
/// Any error of the database.
pub async fn note_gone(writer: &impl Writer, id: &InstanceId) -> DbResult<()> {
    let changes = ActiveModel {
        gone_at: Set(Some(now())),
        ..Default::default()
    };
    let first = Condition::all().add(Column::GoneAt.is_null());
    let unit = writer.unit().await?;
    let before = find(&*unit, id).await?;
    if write::update(&*unit, id.as_str(), changes, first).await?
        && let Some(row) = before
    {
        history::append_theirs(&*unit, &row, row.attempt, DELETED, &Told::default()).await?;
    }
    unit.done().await
}
