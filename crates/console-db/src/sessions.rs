//! Signed-in browsers and scripts: `session`.
//!
//! The end of a session is noted as a change ([`crate::changes`]), which ends its open streams in every process. One that
//! runs out by itself is known to them beforehand.

use chrono::{DateTime, Utc};
use console_model::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::IntoCondition as _;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationDef,
};

use crate::entity::session::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::error::DbResult;
use crate::page;
use crate::time::naive;
use crate::tx::Writer;
use crate::write;

/// A session of somebody who may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Model,
    /// Who.
    pub user: user::Model,
}

/// Opens a session; its id is the hash of the token.
///
/// # Errors
/// Any error of the database.
pub async fn insert(writer: &impl Writer, row: Model) -> DbResult<()> {
    write::insert(writer, row).await
}

/// The session of a token's hash with its user, unless it has expired or the user is disabled. One statement.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &str, now: DateTime<Utc>) -> DbResult<Option<SignedIn>> {
    #[derive(FromQueryResult)]
    struct Found {
        #[sea_orm(nested)]
        user: user::Model,
        session_created: chrono::NaiveDateTime,
        session_expires: chrono::NaiveDateTime,
        session_last_used: chrono::NaiveDateTime,
        session_address: Option<String>,
    }
    let to_session: RelationDef = user::Entity::belongs_to(Entity)
        .from(user::Column::Id)
        .to(Column::UserId)
        .into();
    let found = user::Entity::find()
        .column_as(Column::GmtCreate, "session_created")
        .column_as(Column::ExpiresAt, "session_expires")
        .column_as(Column::LastUsedAt, "session_last_used")
        .column_as(Column::Address, "session_address")
        .join(JoinType::InnerJoin, to_session)
        .filter(Column::Id.eq(id))
        .filter(Column::ExpiresAt.gt(naive(now)))
        .filter(user::Column::DisabledAt.is_null())
        .into_model::<Found>()
        .one(conn)
        .await?;
    Ok(found.map(|found| SignedIn {
        session: Model {
            id: id.to_owned(),
            user_id: found.user.id.clone(),
            gmt_create: found.session_created,
            expires_at: found.session_expires,
            last_used_at: found.session_last_used,
            address: found.session_address,
        },
        user: found.user,
    }))
}

/// It was used, and expires later for it. Not worth a write for every request: the caller chooses when.
///
/// # Errors
/// Any error of the database.
#[expect(clippy::disallowed_methods, reason = "that a session goes on concerns nobody")]
pub async fn touch(
    conn: &impl ConnectionTrait,
    id: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> DbResult<()> {
    Entity::update_many()
        .set(ActiveModel {
            last_used_at: Set(naive(now)),
            expires_at: Set(naive(expires_at)),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// Any error of the database.
pub async fn delete(writer: &impl Writer, id: &str) -> DbResult<()> {
    write::delete::<Entity>(writer, Column::Id.eq(id).into_condition()).await?;
    Ok(())
}

/// Ends every session of a user, but for one when that is given. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn delete_of_user(writer: &impl Writer, user: &UserId, keep: Option<&str>) -> DbResult<u64> {
    let mut of = Condition::all().add(Column::UserId.eq(user.as_str()));
    if let Some(keep) = keep {
        of = of.add(Column::Id.ne(keep));
    }
    write::delete::<Entity>(writer, of).await
}

/// Removes about `batch` sessions that have expired. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn purge(conn: &impl ConnectionTrait, now: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    page::purge::<Entity>(conn, Column::ExpiresAt, naive(now), batch).await
}
