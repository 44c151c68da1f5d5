//! The limits that are reached now: `reached_limit`.
#![expect(
    clippy::disallowed_methods,
    reason = "operators are told of the partner or the user whose limit it is"
)]

use console_model::{ChangeKind, ChangeType};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::reached_limit::{ActiveModel, Column, Entity, Model};
use crate::error::DbResult;
use crate::time::now;
use crate::tx::Writer;
use crate::write::{insert_if_absent, key};

/// Something that was refused because a limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// Which limit, at most 64 characters.
    pub code: &'a str,
    /// What the subject is: a partner or a user.
    pub kind: ChangeKind,
    /// Its id, at most 64 characters.
    pub subject: &'a str,
    /// How much is taken.
    pub figure: u64,
    /// How much may be taken.
    pub most: u64,
}

/// Notes a refusal. Operators are told of the first one.
///
/// # Errors
/// [`crate::DbError::Invalid`] when a key is too long.
pub async fn note(writer: &impl Writer, refusal: Refusal<'_>) -> DbResult<()> {
    let unit = writer.unit().await?;
    let (code, subject) = (key(refusal.code, 64)?, key(refusal.subject, 64)?);
    let at = now();
    let amount = |number| Set(i64::try_from(number).unwrap_or(i64::MAX));
    let again = ActiveModel {
        figure: amount(refusal.figure),
        most: amount(refusal.most),
        last_at: Set(at),
        ..Default::default()
    };
    let known = Entity::update_many().set(again.clone());
    let known = known
        .filter(Column::Code.eq(code))
        .filter(Column::Subject.eq(subject));
    if known.exec(&*unit).await?.rows_affected == 0 {
        let first = ActiveModel {
            code: Set(code.to_owned()),
            subject: Set(subject.to_owned()),
            since: Set(at),
            ..again
        };
        if insert_if_absent(&*unit, first).await? {
            unit.note(refusal.kind, ChangeType::Updated, subject);
        }
    }
    unit.done().await
}

/// The limits that are reached, the first one first, at most `limit`.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, limit: u64) -> DbResult<Vec<Model>> {
    let all = Entity::find().order_by_asc(Column::Since);
    let all = all.order_by_asc(Column::Code).order_by_asc(Column::Subject);
    Ok(all.limit(limit).all(conn).await?)
}

/// Forgets a limit that is not reached any more, unless something was refused since the row was read.
///
/// # Errors
/// Any error of the database.
pub async fn clear(writer: &impl Writer, kind: ChangeKind, row: &Model) -> DbResult<()> {
    let unit = writer.unit().await?;
    let this = Entity::delete_many()
        .filter(Column::Code.eq(row.code.as_str()))
        .filter(Column::Subject.eq(row.subject.as_str()))
        .filter(Column::LastAt.eq(row.last_at));
    if this.exec(&*unit).await?.rows_affected > 0 {
        unit.note(kind, ChangeType::Updated, &row.subject);
    }
    unit.done().await
}
