//! What engines warn of: `instance_warning`.
#![expect(
    clippy::disallowed_methods,
    reason = "the run's own row notes that there are more"
)]

use console_model::InstanceId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
};

use crate::entity::instance_warning::{ActiveModel, Column, Entity, Model};
use crate::entity::task_instance;
use crate::error::DbResult;
use crate::time::{fit, now};
use crate::tx::Writer;
use crate::write::{self, key};

/// A warning to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWarning<'a> {
    /// Tells warnings of an attempt apart; at most 64 characters.
    pub digest: &'a str,
    /// For programs; at most 64 characters.
    pub code: &'a str,
    /// The text in English; what has more than 1,000 characters is cut.
    pub en: &'a str,
    /// The text in simplified Chinese.
    pub zh: Option<&'a str>,
}

fn of_attempt(id: &InstanceId, attempt: i32) -> Select<Entity> {
    Entity::find()
        .filter(Column::InstanceId.eq(id.as_str()))
        .filter(Column::Attempt.eq(attempt))
}

/// Keeps a warning of an attempt and counts it in the run's row; the same again is one, and what exceeds `most` is dropped.
/// Nothing is counted when the attempt is over.
///
/// # Errors
/// [`crate::DbError::Invalid`] for a code or digest that is too long; any error of the database.
pub async fn put(
    writer: &impl Writer,
    id: &InstanceId,
    attempt: i32,
    most: u64,
    new: NewWarning<'_>,
) -> DbResult<()> {
    let unit = writer.unit().await?;
    if of_attempt(id, attempt).count(&*unit).await? >= most {
        return Ok(());
    }
    let row = ActiveModel {
        id: NotSet,
        instance_id: Set(id.clone()),
        attempt: Set(attempt),
        digest: Set(key(new.digest, 64)?.to_owned()),
        code: Set(key(new.code, 64)?.to_owned()),
        en: Set(fit(new.en, 1000)),
        zh: Set(new.zh.map(|zh| fit(zh, 1000))),
        at: Set(now()),
    };
    let again = OnConflict::columns([Column::InstanceId, Column::Attempt, Column::Digest])
        .update_column(Column::Digest)
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&*unit)
        .await?;
    let count = of_attempt(id, attempt).count(&*unit).await?;
    let changes = task_instance::ActiveModel {
        warnings: Set(i32::try_from(count).unwrap_or(i32::MAX)),
        ..Default::default()
    };
    let same = Condition::all().add(task_instance::Column::Attempt.eq(attempt));
    write::update(&*unit, id.as_str(), changes, same).await?;
    unit.done().await
}

/// The warnings of an attempt, in the order in which they came.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, id: &InstanceId, attempt: i32) -> DbResult<Vec<Model>> {
    Ok(of_attempt(id, attempt).order_by_asc(Column::Id).all(conn).await?)
}
