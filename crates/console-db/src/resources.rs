//! Objects attached to task versions: `resource`.

use console_model::{LinkStatus, ResourceId, TaskId};
use sea_orm::sea_query::IntoCondition as _;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use crate::entity::resource::{Column, Entity, Model};
use crate::entity::{task_inter, task_intra};
use crate::error::DbResult;
use crate::time::now;
use crate::tx::Writer;
use crate::write;

/// A use of an object, with the names that go with it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Used {
    /// The URI as it is stored.
    pub uri: Option<String>,
    /// The task version.
    pub task_id: TaskId,
    /// Name of the task.
    pub task_name: Option<String>,
    /// Version of the task.
    pub task_version: Option<String>,
    /// The same in short.
    pub task_version_number: Option<i32>,
    /// How far the version is paired, as a number; none when nobody asked for that.
    pub pairing: Option<LinkStatus>,
}

/// Writes a new row.
///
/// # Errors
/// A conflict when a unique key is taken.
pub async fn insert(writer: &impl Writer, row: Model) -> DbResult<()> {
    write::insert(writer, with_tail(row)).await
}

/// What a URI says of the file is kept in a column of its own, which has an index.
fn with_tail(row: Model) -> Model {
    let tail = row.uri.as_deref().map(tail).map(str::to_owned);
    Model {
        uri_tail: tail,
        ..row
    }
}

fn tail(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or(uri)
}

/// One attached object.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &ResourceId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// Writes a row as it stands.
///
/// # Errors
/// Any error of the database.
pub async fn save(writer: &impl Writer, row: Model) -> DbResult<()> {
    let row = with_tail(row);
    let id = row.id.clone();
    write::update(
        writer,
        id.as_str(),
        row.into_active_model().reset_all(),
        Condition::all(),
    )
    .await?;
    Ok(())
}

/// Detaches an object.
///
/// # Errors
/// Any error of the database.
pub async fn delete(writer: &impl Writer, id: &ResourceId) -> DbResult<()> {
    write::delete::<Entity>(writer, Column::Id.eq(id.as_str()).into_condition()).await?;
    Ok(())
}

/// The objects of a task version, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn of_task(conn: &impl ConnectionTrait, task: &TaskId) -> DbResult<Vec<Model>> {
    let found = Entity::find().filter(Column::TaskIntraId.eq(task.as_str()));
    Ok(found
        .order_by_asc(Column::GmtCreate)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?)
}

/// Attaches the objects of one task version to another one.
///
/// # Errors
/// Any error of the database.
pub async fn copy(writer: &impl Writer, from: &TaskId, to: &TaskId) -> DbResult<()> {
    let unit = writer.unit().await?;
    for row in Entity::find()
        .filter(Column::TaskIntraId.eq(from.as_str()))
        .all(&*unit)
        .await?
    {
        let at = now();
        let id = ResourceId::generate();
        let copy = Model {
            id,
            gmt_create: at,
            gmt_modified: at,
            task_intra_id: to.clone(),
            ..row
        };
        write::insert(&*unit, copy).await?;
    }
    unit.done().await
}

/// The uses whose URI ends with a name, perhaps in other upper and lower case, at most 1,000. The caller looks closer:
/// the part before the name is not reliable.
///
/// # Errors
/// Any error of the database.
pub async fn with_tail_of(conn: &impl ConnectionTrait, name: &str) -> DbResult<Vec<Used>> {
    let to_task: RelationDef = Entity::belongs_to(task_intra::Entity)
        .from(Column::TaskIntraId)
        .to(task_intra::Column::Id)
        .into();
    let to_pairing: RelationDef = Entity::belongs_to(task_inter::Entity)
        .from(Column::TaskIntraId)
        .to(task_inter::Column::TaskIntraId)
        .into();
    let select = Entity::find()
        .select_only()
        .column(Column::Uri)
        .column_as(Column::TaskIntraId, "task_id")
        .column_as(task_intra::Column::Name, "task_name")
        .column_as(task_intra::Column::Version, "task_version")
        .column_as(task_intra::Column::VersionNumber, "task_version_number")
        .column_as(task_inter::Column::Status, "pairing")
        .join(JoinType::LeftJoin, to_task)
        .join(JoinType::LeftJoin, to_pairing)
        .filter(Column::UriTail.eq(tail(name)))
        .limit(1000);
    Ok(select.into_model().all(conn).await?)
}

/// A URI and how many uses it has.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct UsedUri {
    /// The URI as it is stored.
    pub uri: String,
    /// How many uses.
    pub uses: i64,
}

/// The URIs that end with one of some names, as [`with_tail_of`] finds them, with the number of their uses.
///
/// # Errors
/// Any error of the database.
pub async fn used_uris(conn: &impl ConnectionTrait, names: &[&str]) -> DbResult<Vec<UsedUri>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let select = Entity::find()
        .select_only()
        .column(Column::Uri)
        .column_as(Column::Id.count(), "uses")
        .filter(Column::UriTail.is_in(names.iter().map(|name| tail(name))))
        .group_by(Column::Uri);
    Ok(select.into_model().all(conn).await?)
}
