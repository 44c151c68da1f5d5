//! Cooperations: `project`.

use console_model::{InstanceId, LinkStatus, PartnerId, ProjectId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoCondition as _, Order, Query, SubQueryStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QuerySelect, RelationDef, Select,
};

use crate::columns::leave_out;
use crate::entity::project::{ActiveModel, Column, Entity, Model};
use crate::entity::{partner, task_instance, task_intra};
use crate::error::{DbError, DbResult};
use crate::page::{Page, cut};
use crate::tx::Writer;
use crate::write;

/// The owner of a project that a partner made and nobody here has taken.
pub const NOBODY: &str = "-1";

/// Which projects a list shows. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// With one partner.
    pub partner: Option<PartnerId>,
    /// Without those that were closed.
    pub open: bool,
    /// Of one owner.
    pub owner: Option<&'static str>,
}

/// A project with what goes with it.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Listed {
    /// The row.
    #[sea_orm(nested)]
    pub row: Model,
    /// Name of the partner.
    pub partner_name: Option<String>,
    /// How many tasks it has.
    pub tasks: i64,
    /// The newest run of any of them.
    pub last_run: Option<InstanceId>,
}

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
/// [`DbError::Stale`] when the row changed or is gone; a conflict when a unique key is taken.
pub async fn save(writer: &impl Writer, row: Model) -> DbResult<Model> {
    write::save(writer, row).await
}

/// One project.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &ProjectId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// Deletes a project; whoever does so has deleted its tasks before.
///
/// # Errors
/// Any error of the database.
pub async fn delete(writer: &impl Writer, id: &ProjectId) -> DbResult<()> {
    write::delete::<Entity>(writer, Column::Id.eq(id.as_str()).into_condition()).await?;
    Ok(())
}

/// The project that a partner knows by its own id.
///
/// # Errors
/// Any error of the database.
pub async fn find_of_partner(
    conn: &impl ConnectionTrait,
    partner: &PartnerId,
    peer_id: &str,
) -> DbResult<Option<Model>> {
    let found = Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::PeerId.eq(peer_id));
    Ok(found.one(conn).await?)
}

/// The partners that share a project which they know by an id.
///
/// # Errors
/// Any error of the database.
pub async fn partners_knowing(conn: &impl ConnectionTrait, peer_id: &ProjectId) -> DbResult<Vec<PartnerId>> {
    let found = Entity::find()
        .select_only()
        .column(Column::PartnerId)
        .filter(Column::PeerId.eq(peer_id.as_str()));
    Ok(found
        .filter(Column::PartnerId.is_not_null())
        .distinct()
        .into_tuple()
        .all(conn)
        .await?)
}

/// Projects without their configs, newest first, with what goes with them. One statement, which looks up two indexes for
/// each row.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, filter: &ProjectFilter, page: &Page) -> DbResult<Vec<Listed>> {
    let mut select = listed(&[Column::Config, Column::PeerConfig]);
    if let Some(partner) = &filter.partner {
        select = select.filter(Column::PartnerId.eq(partner.as_str()));
    }
    if let Some(owner) = filter.owner {
        select = select.filter(Column::OwnerId.eq(owner));
    }
    if filter.open {
        select = select.filter(Column::Status.ne(LinkStatus::Archive));
    }
    Ok(cut(select, Column::GmtCreate, Column::Id, page)
        .into_model()
        .all(conn)
        .await?)
}

/// How many projects a partner has made that are not closed, or of which nobody here has made anything: to close such a one makes
/// no room.
///
/// # Errors
/// Any error of the database.
pub async fn count_made_by(conn: &impl ConnectionTrait, partner: &PartnerId) -> DbResult<u64> {
    let tasks = Query::select()
        .column(task_intra::Column::ProjectId)
        .from(task_intra::Entity)
        .take();
    let untouched = Column::Id.not_in_subquery(tasks);
    Ok(Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::PeerId.is_not_null())
        .filter(
            Condition::any()
                .add(Column::Status.ne(LinkStatus::Archive))
                .add(Condition::all().add(Column::OwnerId.eq(NOBODY)).add(untouched)),
        )
        .count(conn)
        .await?)
}

/// One project with what goes with it.
///
/// # Errors
/// Any error of the database.
pub async fn find_listed(conn: &impl ConnectionTrait, id: &ProjectId) -> DbResult<Option<Listed>> {
    let select = listed(&[]).filter(Column::Id.eq(id.as_str()));
    Ok(select.into_model().one(conn).await?)
}

fn listed(left_out: &[Column]) -> Select<Entity> {
    use task_instance::Column as Run;
    use task_intra::Column as Task;
    let to_partner: RelationDef = Entity::belongs_to(partner::Entity)
        .from(Column::PartnerId)
        .to(partner::Column::Id)
        .into();
    let this = || Expr::col((Entity, Column::Id));
    let tasks = Query::select()
        .expr(Expr::col((task_intra::Entity, Task::Id)).count())
        .from(task_intra::Entity)
        .and_where(Expr::col((task_intra::Entity, Task::ProjectId)).eq(this()))
        .and_where(Task::TaskRoot.eq(true))
        .take();
    let last_run = Query::select()
        .column((task_instance::Entity, Run::Id))
        .from(task_instance::Entity)
        .and_where(Expr::col((task_instance::Entity, Run::ProjectId)).eq(this()))
        .order_by((task_instance::Entity, Run::GmtCreate), Order::Desc)
        .order_by((task_instance::Entity, Run::Id), Order::Desc)
        .limit(1)
        .take();
    leave_out(Entity::find(), left_out)
        .column_as(partner::Column::Name, "partner_name")
        .column_as(Expr::from(SubQueryStatement::from(tasks)), "tasks")
        .column_as(Expr::from(SubQueryStatement::from(last_run)), "last_run")
        .join(JoinType::LeftJoin, to_partner)
}

/// Holds a project until the end of the transaction, so that what is unique among its tasks can be checked and
/// written. A write that changes nothing does it on all three databases.
///
/// # Errors
/// [`DbError::NotFound`] when there is no such project.
#[expect(clippy::disallowed_methods, reason = "it changes nothing")]
pub async fn lock(conn: &impl ConnectionTrait, id: &ProjectId) -> DbResult<()> {
    let done = Entity::update_many()
        .col_expr(Column::Generation, Expr::col(Column::Generation).add(0))
        .filter(Column::Id.eq(id.as_str()))
        .exec(conn)
        .await?;
    // MySQL counts matched rows here, as the driver asks for.
    if done.rows_affected == 0 {
        Err(DbError::NotFound("project"))
    } else {
        Ok(())
    }
}

/// The partner's address is kept in its projects too, as the original has it.
///
/// # Errors
/// Any error of the database.
pub async fn set_peer_url(writer: &impl Writer, partner: &PartnerId, url: &str) -> DbResult<()> {
    let changes = ActiveModel {
        peer_url: Set(url.to_owned()),
        ..Default::default()
    };
    write::update_all(
        writer,
        changes,
        Column::PartnerId.eq(partner.as_str()).into_condition(),
    )
    .await
}

/// Whether the answer to a project that was made here is still out: the partner may know it under an id that we do not.
///
/// # Errors
/// Any error of the database.
pub async fn any_unanswered(conn: &impl ConnectionTrait, partner: &PartnerId) -> DbResult<bool> {
    let found = Entity::find()
        .filter(Column::PartnerId.eq(partner.as_str()))
        .filter(Column::PeerId.is_null());
    Ok(found.limit(1).one(conn).await?.is_some())
}
