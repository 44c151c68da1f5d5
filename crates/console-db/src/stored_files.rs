//! What is known of operators' files besides their bytes: `stored_file`.
#![expect(
    clippy::disallowed_methods,
    reason = "operators are told of files when their bytes change"
)]

use console_model::UserId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::stored_file::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::page;
use crate::time::now;
use crate::write::key;

/// A file that was just written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile<'a> {
    /// Its name, at most 512 characters.
    pub name: &'a str,
    /// Lower-case hexadecimal SHA-256 of its content.
    pub sha256: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Whose it is.
    pub owner: Option<&'a str>,
    /// The file of which it is a new version.
    pub previous_name: Option<&'a str>,
}

/// Notes a file that was just written; the name may have had another content before. Gives the row.
///
/// # Errors
/// [`crate::DbError::Invalid`] when the name has more than 512 characters.
pub async fn insert(conn: &impl ConnectionTrait, new: NewFile<'_>) -> DbResult<Model> {
    let row = ActiveModel {
        id: NotSet,
        gmt_create: Set(now()),
        name: Set(key(new.name, 512)?.to_owned()),
        sha256: Set(new.sha256),
        size: Set(i64::try_from(new.size).unwrap_or(i64::MAX)),
        owner_id: Set(new.owner.map(str::to_owned)),
        previous_name: Set(new.previous_name.map(str::to_owned)),
        deleted_at: Set(None),
        deleted_by: Set(None),
        erased_at: Set(None),
    };
    Ok(Entity::insert(row).exec_with_returning(conn).await?)
}

/// How many bytes the files of a user have that are still there.
///
/// # Errors
/// Any error of the database.
pub async fn bytes_of(conn: &impl ConnectionTrait, owner: &UserId) -> DbResult<u64> {
    let total: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(page::sum(conn, Column::Size), "total")
        .filter(Column::OwnerId.eq(owner.to_string()))
        .filter(Column::ErasedAt.is_null())
        .into_tuple()
        .one(conn)
        .await?;
    Ok(total.flatten().unwrap_or(0).unsigned_abs())
}

/// What is known of the present content of a file, or of its last one.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, name: &str) -> DbResult<Option<Model>> {
    let newest = Entity::find()
        .filter(Column::Name.eq(name))
        .order_by_desc(Column::Id);
    Ok(newest.limit(1).one(conn).await?)
}

/// As [`find`], for several names; nothing is told of those that nothing is known of.
///
/// # Errors
/// Any error of the database.
pub async fn among(conn: &impl ConnectionTrait, names: &[&str]) -> DbResult<Vec<Model>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let newest = Query::select()
        .expr(Expr::col(Column::Id).max())
        .from(Entity)
        .and_where(Expr::col(Column::Name).is_in(names.iter().copied()))
        .group_by_col(Column::Name)
        .take();
    Ok(Entity::find()
        .filter(Column::Id.in_subquery(newest))
        .all(conn)
        .await?)
}

/// Notes that a content is to be deleted, if nobody has asked for it before.
///
/// # Errors
/// Any error of the database.
pub async fn note_deletion(conn: &impl ConnectionTrait, id: i64, by: &UserId, sha256: &str) -> DbResult<()> {
    let change = ActiveModel {
        deleted_at: Set(Some(now())),
        deleted_by: Set(Some(by.to_string())),
        sha256: Set(Some(sha256.to_owned())),
        ..Default::default()
    };
    let asked = Entity::update_many().set(change).filter(Column::Id.eq(id));
    asked.filter(Column::DeletedAt.is_null()).exec(conn).await?;
    Ok(())
}

/// Notes that the object store has deleted a content.
///
/// # Errors
/// Any error of the database.
pub async fn note_erased(conn: &impl ConnectionTrait, id: i64) -> DbResult<()> {
    let change = ActiveModel {
        erased_at: Set(Some(now())),
        ..Default::default()
    };
    let row = Entity::update_many().set(change).filter(Column::Id.eq(id));
    row.exec(conn).await?;
    Ok(())
}

/// Notes that another content was put in the place of those that a name had before a row.
///
/// # Errors
/// Any error of the database.
pub async fn note_replaced(conn: &impl ConnectionTrait, by: &Model, user: &UserId) -> DbResult<()> {
    let change = ActiveModel {
        deleted_at: Set(Some(by.gmt_create)),
        deleted_by: Set(Some(user.to_string())),
        erased_at: Set(Some(by.gmt_create)),
        ..Default::default()
    };
    let before = Entity::update_many()
        .set(change)
        .filter(Column::Name.eq(by.name.as_str()));
    let before = before.filter(Column::Id.lt(by.id));
    before.filter(Column::ErasedAt.is_null()).exec(conn).await?;
    Ok(())
}

/// The contents that are to be deleted and still may be there, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn to_erase(conn: &impl ConnectionTrait, limit: u64) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ErasedAt.is_null())
        .filter(Column::DeletedAt.is_not_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?)
}
