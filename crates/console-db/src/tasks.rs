//! Task versions: `task_intra`.

mod list;

use console_model::{LinkStatus, PartnerId, ProjectId, TaskId, TaskVersion};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoCondition as _, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    Select,
};

use crate::entity::task_intra::{Column, Entity, Model};
use crate::entity::{consent, project, resource, task_inter};
use crate::error::DbResult;
use crate::tx::Writer;
use crate::write;

pub use list::{RootListed, Version, list_roots, versions};

/// Writes a new row.
///
/// # Errors
/// A conflict when a unique key is taken.
pub async fn insert(writer: &impl Writer, row: Model) -> DbResult<()> {
    write::insert(writer, row).await
}

/// Writes a row as it stands, if nobody changed it since it was read. Gives the row as it is now.
///
/// # Errors
/// [`DbError::Stale`](crate::DbError::Stale) when the row changed or is gone; a conflict when a unique key is taken.
pub async fn save(writer: &impl Writer, row: Model) -> DbResult<Model> {
    write::save(writer, row).await
}

/// Deletes versions with their pairings, attached objects and standing consents; the objects' bytes stay.
///
/// # Errors
/// Any error of the database.
#[expect(clippy::disallowed_methods, reason = "no operator is told of consents")]
pub async fn delete(writer: &impl Writer, ids: &[&TaskId]) -> DbResult<()> {
    let unit = writer.unit().await?;
    let ids = || ids.iter().map(|id| id.as_str());
    consent::Entity::delete_many()
        .filter(consent::Column::TaskIntraId.is_in(ids()))
        .exec(&*unit)
        .await?;
    let of_pairings = task_inter::Column::TaskIntraId.is_in(ids()).into_condition();
    write::delete::<task_inter::Entity>(&*unit, of_pairings).await?;
    let of_resources = resource::Column::TaskIntraId.is_in(ids()).into_condition();
    write::delete::<resource::Entity>(&*unit, of_resources).await?;
    write::delete::<Entity>(&*unit, Column::Id.is_in(ids()).into_condition()).await?;
    unit.done().await
}

/// One task version.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &TaskId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

fn of_task(project: &ProjectId, name: &str) -> Select<Entity> {
    Entity::find()
        .filter(Column::ProjectId.eq(project.as_str()))
        .filter(Column::Name.eq(name))
}

/// The first version of a project's task.
///
/// # Errors
/// Any error of the database.
pub async fn find_root(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    name: &str,
) -> DbResult<Option<Model>> {
    Ok(of_task(project, name)
        .filter(Column::TaskRoot.eq(true))
        .one(conn)
        .await?)
}

/// One version of a project's task.
///
/// # Errors
/// Any error of the database.
pub async fn find_version(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    name: &str,
    version: &TaskVersion,
) -> DbResult<Option<Model>> {
    Ok(of_task(project, name)
        .filter(Column::Version.eq(version.as_str()))
        .one(conn)
        .await?)
}

/// The number of a task's next version.
///
/// # Errors
/// Any error of the database.
pub async fn next_number(conn: &impl ConnectionTrait, project: &ProjectId, name: &str) -> DbResult<i32> {
    let highest: Option<Option<i32>> = of_task(project, name)
        .select_only()
        .column_as(Column::VersionNumber.max(), "number")
        .into_tuple()
        .one(conn)
        .await?;
    Ok(highest.flatten().unwrap_or(0).saturating_add(1))
}

/// The newest version of a project's task: the one that was made last.
///
/// # Errors
/// Any error of the database.
pub async fn newest(conn: &impl ConnectionTrait, project: &ProjectId, name: &str) -> DbResult<Option<Model>> {
    let newest = of_task(project, name)
        .order_by_desc(Column::GmtCreate)
        .order_by_desc(Column::Version);
    Ok(newest.limit(1).one(conn).await?)
}

/// The newest version of a project's task that is paired: the one that was made last.
///
/// # Errors
/// Any error of the database.
pub async fn newest_paired(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    name: &str,
) -> DbResult<Option<Model>> {
    let paired = Query::select()
        .column(task_inter::Column::TaskIntraId)
        .from(task_inter::Entity)
        .and_where(Expr::col(task_inter::Column::Status).eq(LinkStatus::Ready))
        .take();
    let newest = of_task(project, name)
        .filter(Column::Id.in_subquery(paired))
        .order_by_desc(Column::GmtCreate)
        .order_by_desc(Column::Version);
    Ok(newest.limit(1).one(conn).await?)
}

/// All versions of a project's task, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn all_versions(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    name: &str,
) -> DbResult<Vec<Model>> {
    Ok(of_task(project, name)
        .order_by_asc(Column::GmtCreate)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?)
}

/// Task versions of a project, at most `limit`.
///
/// # Errors
/// Any error of the database.
pub async fn of_project(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    limit: u64,
) -> DbResult<Vec<Model>> {
    let found = Entity::find().filter(Column::ProjectId.eq(project.as_str()));
    Ok(found.order_by_asc(Column::Id).limit(limit).all(conn).await?)
}

/// Roots whose token a base console could not tell from a folded one ([`console_model::fold`]).
///
/// # Errors
/// Any error of the database.
pub async fn roots_with_folded_token(conn: &impl ConnectionTrait, folded: &str) -> DbResult<Vec<Model>> {
    let found = Entity::find()
        .filter(Column::TokenFolded.eq(folded))
        .filter(Column::TaskRoot.eq(true));
    Ok(found.all(conn).await?)
}

fn with_token(token: &str) -> Select<Entity> {
    let to_project: RelationDef = Entity::belongs_to(project::Entity)
        .from(Column::ProjectId)
        .to(project::Column::Id)
        .into();
    Entity::find()
        .join(JoinType::InnerJoin, to_project)
        .filter(Column::Token.eq(token))
        .filter(Column::TaskRoot.eq(true))
}

/// Roots with a token, compared exactly, in the projects that are shared with a partner.
///
/// # Errors
/// Any error of the database.
pub async fn roots_with_token(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    token: &str,
) -> DbResult<Vec<(Model, project::Model)>> {
    let found = with_token(token)
        .select_also(project::Entity)
        .filter(project::Column::PartnerId.eq(partner.as_str()))
        .all(conn)
        .await?;
    let exact = found
        .into_iter()
        .filter(|(root, _)| root.token.as_deref() == Some(token));
    Ok(exact
        .filter_map(|(root, project)| project.map(|project| (root, project)))
        .collect())
}

/// The partners with whom a root with a token is shared.
///
/// # Errors
/// Any error of the database.
pub async fn partners_with_token(conn: &impl ConnectionTrait, token: &str) -> DbResult<Vec<PartnerId>> {
    let found = with_token(token).select_only().column(project::Column::PartnerId);
    Ok(found
        .filter(project::Column::PartnerId.is_not_null())
        .distinct()
        .into_tuple()
        .all(conn)
        .await?)
}
