//! Offers to pair consoles: `invitation`.

use chrono::{DateTime, Utc};
use console_model::{InvitationId, PartnerId};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef,
};

use crate::entity::invitation::{ActiveModel, Column, Entity, Model};
use crate::entity::partner;
use crate::error::{DbError, DbResult};
use crate::page::{Page, cut};
use crate::time::naive;
use crate::tx::Writer;
use crate::write;

/// An invitation with the name of who used it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    /// The row.
    #[sea_orm(nested)]
    pub row: Model,
    /// Name of the partner who used it.
    pub partner_name: Option<String>,
}

/// Writes a new invitation.
///
/// # Errors
/// Any error of the database.
pub async fn insert(writer: &impl Writer, row: Model) -> DbResult<()> {
    write::insert(writer, row).await
}

/// One invitation.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &InvitationId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// Invitations, newest first.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, page: &Page) -> DbResult<Vec<Listed>> {
    let to_partner: RelationDef = Entity::belongs_to(partner::Entity)
        .from(Column::PartnerId)
        .to(partner::Column::Id)
        .into();
    let select = Entity::find()
        .column_as(partner::Column::Name, "partner_name")
        .join(JoinType::LeftJoin, to_partner);
    Ok(cut(select, Column::GmtCreate, Column::Id, page)
        .into_model()
        .all(conn)
        .await?)
}

/// Uses an invitation up. Of several that try, one succeeds.
///
/// # Errors
/// [`DbError::Stale`] when it was used, withdrawn, has expired, or is not there.
pub async fn mark_used(
    writer: &impl Writer,
    id: &InvitationId,
    partner: &PartnerId,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let at = naive(now);
    let changes = ActiveModel {
        used_at: Set(Some(at)),
        partner_id: Set(Some(partner.clone())),
        // Nobody needs it any more.
        secret_hash: Set(String::new()),
        ..Default::default()
    };
    change_open(
        writer,
        id,
        changes,
        Condition::all().add(Column::ExpiresAt.gt(at)),
    )
    .await
}

/// Gives an open invitation another secret; the one before is void.
///
/// # Errors
/// [`DbError::Stale`] when it was used, withdrawn, has expired, or is not there.
pub async fn renew(
    writer: &impl Writer,
    id: &InvitationId,
    secret_hash: String,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let changes = ActiveModel {
        secret_hash: Set(secret_hash),
        ..Default::default()
    };
    let valid = Condition::all().add(Column::ExpiresAt.gt(naive(now)));
    change_open(writer, id, changes, valid).await
}

/// Withdraws an invitation that was not used.
///
/// # Errors
/// [`DbError::Stale`] when it was used or withdrawn, or is not there.
pub async fn revoke(writer: &impl Writer, id: &InvitationId, now: DateTime<Utc>) -> DbResult<()> {
    let changes = ActiveModel {
        revoked_at: Set(Some(naive(now))),
        secret_hash: Set(String::new()),
        ..Default::default()
    };
    change_open(writer, id, changes, Condition::all()).await
}

async fn change_open(
    writer: &impl Writer,
    id: &InvitationId,
    changes: ActiveModel,
    only_if: Condition,
) -> DbResult<()> {
    let open = only_if
        .add(Column::UsedAt.is_null())
        .add(Column::RevokedAt.is_null());
    if write::update(writer, id.as_str(), changes, open).await? {
        Ok(())
    } else {
        Err(DbError::Stale)
    }
}
