//! Links between our task versions and a partner's: `task_inter`.

use console_model::{PairingId, PartnerId, TaskId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
    RelationDef, Select,
};

use crate::entity::task_inter::{Column, Entity, Model};
use crate::entity::{project, task_intra};
use crate::error::DbResult;
use crate::tx::Writer;
use crate::write;

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

/// One pairing.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &PairingId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// The pairing of a task version.
///
/// # Errors
/// Any error of the database.
pub async fn find_of_task(conn: &impl ConnectionTrait, task: &TaskId) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::TaskIntraId.eq(task.as_str()))
        .one(conn)
        .await?)
}

/// A pairing by our id with its task and project, if they are shared with a partner.
///
/// # Errors
/// Any error of the database.
pub async fn find_shared(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    id: &PairingId,
) -> DbResult<Option<(Model, task_intra::Model, project::Model)>> {
    shared(conn, partner, Entity::find_by_id(id.clone())).await
}

/// A pairing by the partner's id with its task.
///
/// # Errors
/// Any error of the database.
pub async fn find_of_partner(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    theirs: &PairingId,
) -> DbResult<Option<(Model, task_intra::Model)>> {
    let found = shared(
        conn,
        partner,
        Entity::find().filter(Column::TaskPeerId.eq(theirs.as_str())),
    )
    .await?;
    Ok(found.map(|(row, task, _)| (row, task)))
}

async fn shared(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    select: Select<Entity>,
) -> DbResult<Option<(Model, task_intra::Model, project::Model)>> {
    let Some(row) = select.one(conn).await? else {
        return Ok(None);
    };
    let Some(task) = task_intra::Entity::find_by_id(row.task_intra_id.clone())
        .one(conn)
        .await?
    else {
        return Ok(None);
    };
    let project = project::Entity::find_by_id(task.project_id.clone())
        .filter(project::Column::PartnerId.eq(partner.as_str()))
        .one(conn)
        .await?;
    Ok(project.map(|project| (row, task, project)))
}

/// How many task versions, the first ones not counted, a partner had made here.
///
/// # Errors
/// Any error of the database.
pub async fn count_versions_made_by(conn: &impl ConnectionTrait, partner: &PartnerId) -> DbResult<u64> {
    let to_project: RelationDef = task_intra::Entity::belongs_to(project::Entity)
        .from(task_intra::Column::ProjectId)
        .to(project::Column::Id)
        .into();
    let to_pairing: RelationDef = task_intra::Entity::belongs_to(Entity)
        .from(task_intra::Column::Id)
        .to(Column::TaskIntraId)
        .into();
    Ok(task_intra::Entity::find()
        .join(JoinType::InnerJoin, to_project)
        .join(JoinType::InnerJoin, to_pairing)
        .filter(project::Column::PartnerId.eq(partner.as_str()))
        .filter(task_intra::Column::TaskRoot.eq(false))
        .filter(Column::InitiatedHere.eq(false))
        .count(conn)
        .await?)
}

/// The partners that share a pairing which they know by an id.
///
/// # Errors
/// Any error of the database.
pub async fn partners_knowing(conn: &impl ConnectionTrait, theirs: &PairingId) -> DbResult<Vec<PartnerId>> {
    partners(
        conn,
        Entity::find().filter(Column::TaskPeerId.eq(theirs.as_str())),
    )
    .await
}

/// The partner with whom a pairing of ours is shared.
///
/// # Errors
/// Any error of the database.
pub async fn partners_of(conn: &impl ConnectionTrait, id: &PairingId) -> DbResult<Vec<PartnerId>> {
    partners(conn, Entity::find_by_id(id.clone())).await
}

async fn partners(conn: &impl ConnectionTrait, select: Select<Entity>) -> DbResult<Vec<PartnerId>> {
    let to_task: RelationDef = Entity::belongs_to(task_intra::Entity)
        .from(Column::TaskIntraId)
        .to(task_intra::Column::Id)
        .into();
    let to_project: RelationDef = task_intra::Entity::belongs_to(project::Entity)
        .from(task_intra::Column::ProjectId)
        .to(project::Column::Id)
        .into();
    let found = select
        .select_only()
        .column(project::Column::PartnerId)
        .join(JoinType::InnerJoin, to_task)
        .join(JoinType::InnerJoin, to_project)
        .filter(project::Column::PartnerId.is_not_null())
        .distinct();
    Ok(found.into_tuple().all(conn).await?)
}
