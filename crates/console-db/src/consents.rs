//! What operators answered when a partner asked for a run: `consent`.
#![expect(
    clippy::disallowed_methods,
    reason = "the change of the run, in the same transaction, is what operators see"
)]

use chrono::{DateTime, Utc};
use console_model::{ConsentDecision, ConsentScope, InstanceId, InstanceStatus, TaskId, UserId};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::consent::{ActiveModel, Column, Entity, Model};
use crate::entity::task_instance;
use crate::error::DbResult;
use crate::time::{naive, now};

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The run.
    pub instance: InstanceId,
    /// Its attempt.
    pub attempt: i32,
    /// The task version that it runs.
    pub task: TaskId,
    /// How far it holds.
    pub scope: ConsentScope,
    /// Yes or no.
    pub decision: ConsentDecision,
    /// Of what was agreed to.
    pub digest: Option<String>,
    /// Why not.
    pub reason: Option<String>,
    /// Who answered; the console itself, by an earlier answer, when none.
    pub user: Option<UserId>,
}

/// Keeps an answer.
///
/// # Errors
/// Any error of the database.
pub async fn insert(conn: &impl ConnectionTrait, answer: Answer) -> DbResult<()> {
    let Answer {
        instance,
        attempt,
        task,
        scope,
        decision,
        digest,
        reason,
        user,
    } = answer;
    let row = ActiveModel {
        id: NotSet,
        gmt_create: Set(now()),
        instance_id: Set(instance.clone()),
        attempt: Set(attempt),
        task_intra_id: Set(task.clone()),
        scope: Set(scope),
        decision: Set(decision),
        digest: Set(digest),
        reason: Set(reason),
        user_id: Set(user.map(|user| user.to_string())),
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// The newest answer about an attempt of a run.
///
/// # Errors
/// Any error of the database.
pub async fn of_attempt(
    conn: &impl ConnectionTrait,
    instance: &InstanceId,
    attempt: i32,
) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::InstanceId.eq(instance.as_str()))
        .filter(Column::Attempt.eq(attempt))
        .order_by_desc(Column::Id)
        .one(conn)
        .await?)
}

/// The newest answer that holds for every run of a task version.
///
/// # Errors
/// Any error of the database.
pub async fn standing(conn: &impl ConnectionTrait, task: &TaskId) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::TaskIntraId.eq(task.as_str()))
        .filter(Column::Scope.eq(ConsentScope::TaskVersion))
        .order_by_desc(Column::Id)
        .one(conn)
        .await?)
}

/// Runs that await consent and whose task version has an answer that holds for all of its runs, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn awaiting_with_standing(
    conn: &impl ConnectionTrait,
    limit: u64,
) -> DbResult<Vec<task_instance::Model>> {
    let answered = Query::select()
        .column(Column::TaskIntraId)
        .from(Entity)
        .and_where(Expr::col(Column::Scope).eq(ConsentScope::TaskVersion))
        .take();
    Ok(awaiting()
        .filter(task_instance::Column::TaskIntraId.in_subquery(answered))
        .limit(limit)
        .all(conn)
        .await?)
}

/// Runs that have awaited consent since before a moment, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn awaiting_since(
    conn: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> DbResult<Vec<task_instance::Model>> {
    Ok(awaiting()
        .filter(task_instance::Column::GmtModified.lt(naive(before)))
        .limit(limit)
        .all(conn)
        .await?)
}

fn awaiting() -> sea_orm::Select<task_instance::Entity> {
    task_instance::Entity::find()
        .filter(task_instance::Column::Status.eq(InstanceStatus::AwaitingConsent))
        .order_by_asc(task_instance::Column::GmtCreate)
        .order_by_asc(task_instance::Column::Id)
}
