//! What engines remember of contents: `content_mark`.
#![expect(clippy::disallowed_methods, reason = "no operator sees marks")]

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::content_mark::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::time::now;
use crate::write::key;

/// Remembers a mark of a content; the same again is fine.
///
/// # Errors
/// [`crate::DbError::Invalid`] when one of the two has more than 64 characters.
pub async fn insert(conn: &impl ConnectionTrait, sha256: &str, mark: &str) -> DbResult<()> {
    let row = ActiveModel {
        id: NotSet,
        gmt_create: Set(now()),
        sha256: Set(key(sha256, 64)?.to_owned()),
        mark: Set(key(mark, 64)?.to_owned()),
    };
    let again = OnConflict::columns([Column::Sha256, Column::Mark])
        .update_column(Column::Mark)
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The marks of a content, the newest first.
///
/// # Errors
/// Any error of the database.
pub async fn of_content(conn: &impl ConnectionTrait, sha256: &str, limit: u64) -> DbResult<Vec<String>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Mark)
        .filter(Column::Sha256.eq(sha256))
        .order_by_desc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?)
}
