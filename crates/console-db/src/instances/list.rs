use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::{InstanceId, InstanceStatus, PairingId, ProjectId, TaskId};
use sea_orm::sea_query::{Alias, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
};

use crate::entity::task_instance::{Column, Entity, Model};
use crate::entity::{partner, project, task_intra, user};
use crate::error::DbResult;
use crate::page::{Page, cut};
use crate::time::naive;

/// Which instances a list shows. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstanceFilter {
    /// Of one project.
    pub project: Option<ProjectId>,
    /// Of one task version.
    pub task: Option<TaskId>,
    /// Of all versions of a task, named by the first.
    pub task_root: Option<TaskId>,
    /// Of one pairing.
    pub pairing: Option<PairingId>,
    /// In one of these states; empty for any.
    pub statuses: Vec<InstanceStatus>,
    /// Made at this moment or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Made before this moment.
    pub created_before: Option<DateTime<Utc>>,
    /// With warnings only.
    pub with_warnings: bool,
}

/// An instance with the names that go with it.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Listed {
    /// The row.
    #[sea_orm(nested)]
    pub row: Model,
    /// Name of the task; NULL when it is gone.
    pub task_name: Option<String>,
    /// Version of the task.
    pub task_version: Option<String>,
    /// [`console_model::TaskType`] as its number.
    pub task_type: Option<i16>,
    /// The version in short.
    pub task_version_number: Option<i32>,
    /// Name of the user who asked for it.
    pub started_by_name: Option<String>,
    /// Name of the project; NULL when nobody here took it.
    pub project_name: Option<String>,
    /// Name of the partner.
    pub partner_name: Option<String>,
}

/// Instances, newest first. Any page costs the same.
///
/// # Errors
/// Any error of the database.
pub async fn list(
    conn: &impl ConnectionTrait,
    filter: &InstanceFilter,
    page: &Page,
) -> DbResult<Vec<Listed>> {
    let select = select(filter, page, conn.get_database_backend());
    Ok(select.into_model().all(conn).await?)
}

/// How many instances there are in each state that any is in, by the state's number.
///
/// # Errors
/// Any error of the database.
pub async fn count_by_status(conn: &impl ConnectionTrait) -> DbResult<Vec<(i16, i64)>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Status)
        .column_as(Column::Status.count(), "instances")
        .group_by(Column::Status)
        .into_tuple()
        .all(conn)
        .await?)
}

/// One instance with the names that go with it.
///
/// # Errors
/// Any error of the database.
pub async fn find_listed(conn: &impl ConnectionTrait, id: &InstanceId) -> DbResult<Option<Listed>> {
    let select = named().filter(Column::Id.eq(id.as_str()));
    Ok(select.into_model().one(conn).await?)
}

fn select(filter: &InstanceFilter, page: &Page, backend: DbBackend) -> Select<Entity> {
    let mut statuses: Vec<i16> = filter.statuses.iter().map(|s| s.number()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let mut parts: Vec<Option<i16>> = statuses.into_iter().map(Some).collect();
    if parts.is_empty() {
        parts.push(None);
    }
    match parts.as_slice() {
        // MySQL follows the index from the cursor on only when it needs nothing but the index; for whole rows it
        // may walk there from the newest row of the project or task. So it gets the ids first.
        [one] if backend != DbBackend::MySql => {
            let select = of_status(scoped(named(), filter), *one);
            cut(select, Column::GmtCreate, Column::Id, page)
        }
        // An index on (state, time) is in order within one state only. So each state gives its own page, and the
        // page wanted is the first of what they give together.
        parts => named()
            .filter(Column::Id.in_subquery(first_of_each(filter, parts, page)))
            .order_by_desc(Column::GmtCreate)
            .order_by_desc(Column::Id)
            .limit(page.limit),
    }
}

fn of_status(select: Select<Entity>, status: Option<i16>) -> Select<Entity> {
    match status {
        Some(status) => select.filter(Column::Status.eq(status)),
        None => select,
    }
}

fn scoped(mut select: Select<Entity>, filter: &InstanceFilter) -> Select<Entity> {
    if let Some(project) = &filter.project {
        select = select.filter(Column::ProjectId.eq(project.as_str()));
    }
    if filter.with_warnings {
        select = select.filter(Column::Warnings.gt(0));
    }
    if let Some(task) = &filter.task {
        select = select.filter(Column::TaskIntraId.eq(task.as_str()));
    }
    if let Some(root) = &filter.task_root {
        select = select.filter(Column::TaskRootId.eq(root.as_str()));
    }
    if let Some(pairing) = &filter.pairing {
        select = select.filter(Column::TaskInterId.eq(pairing.as_str()));
    }
    if let Some(from) = filter.created_from {
        select = select.filter(Column::GmtCreate.gte(naive(from)));
    }
    if let Some(before) = filter.created_before {
        select = select.filter(Column::GmtCreate.lt(naive(before)));
    }
    select
}

/// A run in few words.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Brief {
    /// Its id.
    pub id: InstanceId,
    /// [`InstanceStatus`] as its number.
    pub status: InstanceStatus,
    /// When it was made.
    pub gmt_create: NaiveDateTime,
    /// When its present attempt ended.
    pub gmt_end: Option<NaiveDateTime>,
}

/// Some runs in few words.
///
/// # Errors
/// Any error of the database.
pub async fn briefs(conn: &impl ConnectionTrait, ids: &[&InstanceId]) -> DbResult<Vec<Brief>> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Status, Column::GmtCreate, Column::GmtEnd])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.as_str())));
    Ok(select.into_model().all(conn).await?)
}

/// The ids of one page of each state, or of any. MySQL wants a table around a limited query, and SQLite around each
/// part of a union that is ordered.
fn first_of_each(filter: &InstanceFilter, statuses: &[Option<i16>], page: &Page) -> SelectStatement {
    let part = |status: Option<i16>| {
        let ids = scoped(Entity::find().select_only().column(Column::Id), filter);
        let ids = cut(of_status(ids, status), Column::GmtCreate, Column::Id, page);
        let name = status.map_or("of_any".to_owned(), |status| format!("of_{status}"));
        Query::select()
            .column(Alias::new("id"))
            .from_subquery(ids.into_query(), Alias::new(name))
            .take()
    };
    let mut parts = statuses.iter().map(|status| part(*status));
    let mut union = parts.next().unwrap_or_default();
    for part in parts {
        union.union(UnionType::All, part);
    }
    Query::select()
        .column(Alias::new("id"))
        .from_subquery(union, Alias::new("of_each"))
        .take()
}

fn named() -> Select<Entity> {
    Entity::find()
        .column_as(task_intra::Column::Name, "task_name")
        .column_as(task_intra::Column::Version, "task_version")
        .column_as(task_intra::Column::VersionNumber, "task_version_number")
        .column_as(task_intra::Column::Type, "task_type")
        .column_as(user::Column::Name, "started_by_name")
        .column_as(project::Column::Name, "project_name")
        .column_as(partner::Column::Name, "partner_name")
        .join(JoinType::LeftJoin, to_task())
        .join(JoinType::LeftJoin, to_project())
        .join(JoinType::LeftJoin, to_partner())
        .join(JoinType::LeftJoin, to_user())
}

fn to_user() -> RelationDef {
    Entity::belongs_to(user::Entity)
        .from(Column::StartedBy)
        .to(user::Column::Id)
        .into()
}

fn to_task() -> RelationDef {
    Entity::belongs_to(task_intra::Entity)
        .from(Column::TaskIntraId)
        .to(task_intra::Column::Id)
        .into()
}

fn to_project() -> RelationDef {
    Entity::belongs_to(project::Entity)
        .from(Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

fn to_partner() -> RelationDef {
    Entity::belongs_to(partner::Entity)
        .from(Column::PartnerId)
        .to(partner::Column::Id)
        .into()
}
