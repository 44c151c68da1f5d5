//! Nonces that were seen: `nonce`.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;

use crate::entity::nonce::{ActiveModel, Column, Entity};
use crate::error::DbResult;
use crate::page;
use crate::time::naive;
use crate::write::{insert_if_absent, key};

/// Whether a nonce was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nonce {
    /// Never seen; it is remembered now.
    Fresh,
    /// Seen before: the request is a replay.
    Seen,
}

/// Remembers a nonce until its request would be too old anyway. Commit before acting on the request.
///
/// # Errors
/// [`crate::DbError::Invalid`] when key id or nonce has more than 128 characters.
pub async fn remember(
    conn: &impl ConnectionTrait,
    key_id: &str,
    nonce: &str,
    expires_at: DateTime<Utc>,
) -> DbResult<Nonce> {
    let row = ActiveModel {
        key_id: Set(key(key_id, 128)?.to_owned()),
        nonce: Set(key(nonce, 128)?.to_owned()),
        expires_at: Set(naive(expires_at)),
    };
    Ok(if insert_if_absent(conn, row).await? {
        Nonce::Fresh
    } else {
        Nonce::Seen
    })
}

/// Forgets about `batch` nonces that have expired. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn purge(conn: &impl ConnectionTrait, now: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    page::purge::<Entity>(conn, Column::ExpiresAt, naive(now), batch).await
}
