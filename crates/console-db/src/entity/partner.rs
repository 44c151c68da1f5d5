//! The other organisation's console.

use console_model::{InvitationId, PartnerId, PartnerTrust};
use sea_orm::entity::prelude::*;

/// A row of `partner`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerId,
    /// When it was made, UTC.
    pub gmt_create: DateTime,
    /// When it was last changed, UTC.
    pub gmt_modified: DateTime,
    /// Its name.
    pub name: String,
    /// Its base URL.
    pub address: String,
    /// Its Ed25519 key, base64; NULL for a base partner.
    pub public_key: Option<String>,
    /// Lower-case hexadecimal SHA-256 of the key's bytes; unique.
    pub fingerprint: Option<String>,
    /// What it announced; NULL for a base partner.
    pub protocol_level: Option<i32>,
    /// What it announced, a list of words.
    pub capabilities: Option<Json>,
    /// How far it is trusted.
    pub trust: PartnerTrust,
    /// When an operator confirmed that the fingerprints agree.
    pub fingerprint_confirmed_at: Option<DateTime>,
    /// When it last answered or called.
    pub last_seen_at: Option<DateTime>,
    /// Why the last call failed; NULL after a good one.
    pub last_error: Option<String>,
    /// A word for it; NULL where the partner's own words are all there is.
    pub last_error_code: Option<String>,
    /// Its clock minus ours, in milliseconds.
    pub clock_offset_ms: Option<i64>,
    /// Free text.
    pub comment: Option<String>,
    /// Counts the changes of the row; every change compares and sets it.
    pub generation: i64,
    /// The invitation that paired us.
    pub invitation_id: Option<InvitationId>,
    /// The base URL that it says it has now, where that is another one.
    pub announced_address: Option<String>,
    /// When it said so first.
    pub announced_at: Option<DateTime>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
