//! The other organisations' consoles: `partner`.

use console_model::{PartnerId, PartnerTrust};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::IntoCondition as _;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::partner::{ActiveModel, Column, Entity, Model};
use crate::entity::received_command;
use crate::error::DbResult;
use crate::page::{Page, cut};
use crate::time::{fit, now};
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

/// Deletes a partner with what was told to it and what it asked for; whoever does so has deleted its projects before.
/// Invitations stay.
///
/// # Errors
/// Any error of the database.
#[expect(clippy::disallowed_methods, reason = "no operator sees remembered commands")]
pub async fn delete(writer: &impl Writer, id: &PartnerId) -> DbResult<()> {
    let unit = writer.unit().await?;
    received_command::Entity::delete_many()
        .filter(received_command::Column::PartnerId.eq(id.as_str()))
        .exec(&*unit)
        .await?;
    crate::outbox::delete_all(&*unit, id).await?;
    write::delete::<Entity>(&*unit, Column::Id.eq(id.as_str()).into_condition()).await?;
    unit.done().await
}

/// One partner.
///
/// # Errors
/// Any error of the database.
pub async fn find(conn: &impl ConnectionTrait, id: &PartnerId) -> DbResult<Option<Model>> {
    Ok(Entity::find_by_id(id.clone()).one(conn).await?)
}

/// How a partner is called here.
///
/// # Errors
/// Any error of the database.
pub async fn name(conn: &impl ConnectionTrait, id: &PartnerId) -> DbResult<Option<String>> {
    Ok(Entity::find_by_id(id.clone())
        .select_only()
        .column(Column::Name)
        .into_tuple()
        .one(conn)
        .await?)
}

/// The partner of a key.
///
/// # Errors
/// Any error of the database.
pub async fn find_by_fingerprint(conn: &impl ConnectionTrait, fingerprint: &str) -> DbResult<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::Fingerprint.eq(fingerprint))
        .one(conn)
        .await?)
}

/// The partners that are trusted in a way, oldest first. There are few.
///
/// # Errors
/// Any error of the database.
pub async fn with_trust(conn: &impl ConnectionTrait, trust: PartnerTrust) -> DbResult<Vec<Model>> {
    let found = Entity::find().filter(Column::Trust.eq(trust));
    Ok(found
        .order_by_asc(Column::GmtCreate)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?)
}

/// Partners, newest first.
///
/// # Errors
/// Any error of the database.
pub async fn list(conn: &impl ConnectionTrait, page: &Page) -> DbResult<Vec<Model>> {
    Ok(cut(Entity::find(), Column::GmtCreate, Column::Id, page)
        .all(conn)
        .await?)
}

/// Why a partner was not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard<'a> {
    /// For operators.
    pub text: &'a str,
    /// The word for programs, where there is one.
    pub code: Option<&'a str>,
}

/// Notes that a partner was heard, or why it was not. Not a change of the row: nobody else writes these columns but a
/// check of the connection.
///
/// # Errors
/// Any error of the database.
pub async fn note_contact(
    writer: &impl Writer,
    id: &PartnerId,
    unheard: Option<Unheard<'_>>,
) -> DbResult<()> {
    let changes = match unheard {
        Some(Unheard { text, code }) => ActiveModel {
            last_error: Set(Some(fit(text, 1024))),
            last_error_code: Set(code.map(|code| fit(code, 64))),
            ..Default::default()
        },
        None => ActiveModel {
            last_seen_at: Set(Some(now())),
            last_error: Set(None),
            last_error_code: Set(None),
            ..Default::default()
        },
    };
    note(writer, id, changes).await
}

/// What a partner says of itself when it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The level of extensions that it speaks.
    pub protocol_level: i32,
    /// What it can do.
    pub capabilities: Vec<String>,
    /// Its clock less ours, in milliseconds.
    pub clock_offset_ms: i64,
}

/// Notes what a partner said of itself, and that it was heard. Not a change of the row, as [`note_contact`].
///
/// # Errors
/// Any error of the database.
pub async fn note_announcement(writer: &impl Writer, id: &PartnerId, said: Announcement) -> DbResult<()> {
    let Announcement {
        protocol_level,
        capabilities,
        clock_offset_ms,
    } = said;
    let changes = ActiveModel {
        protocol_level: Set(Some(protocol_level)),
        capabilities: Set(Some(capabilities.into())),
        clock_offset_ms: Set(Some(clock_offset_ms)),
        last_seen_at: Set(Some(now())),
        last_error: Set(None),
        last_error_code: Set(None),
        ..Default::default()
    };
    note(writer, id, changes).await
}

/// Notes the address that a partner says it has now, or that it has the one that it is called at. Not a change of the row,
/// as [`note_contact`].
///
/// # Errors
/// Any error of the database.
pub async fn note_address(writer: &impl Writer, id: &PartnerId, announced: Option<&str>) -> DbResult<()> {
    let changes = ActiveModel {
        announced_address: Set(announced.map(str::to_owned)),
        announced_at: Set(announced.map(|_| now())),
        ..Default::default()
    };
    note(writer, id, changes).await
}

async fn note(writer: &impl Writer, id: &PartnerId, changes: ActiveModel) -> DbResult<()> {
    write::update(writer, id.as_str(), changes, Condition::all()).await?;
    Ok(())
}
