//! The console's own key, and hashes that only its holder can compute.

use chrono::Utc;
use console_db::entity::identity_key::Model;
use console_db::{Db, DbError, identity_keys as rows};
use console_peer::identity::IdentityKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{App, AppError};

/// The row of the key that is made at the first start. A fixed id, so that of two processes that start for the first
/// time together one makes the key and the other finds it.
const FIRST: &str = "first";

/// The key in use; the first start makes it.
pub(crate) async fn load_or_create(db: &Db) -> Result<IdentityKey, AppError> {
    if let Some(row) = rows::current(db.reader()).await? {
        return key_of(&row);
    }
    let key = IdentityKey::generate();
    let row = Model {
        id: FIRST.to_owned(),
        gmt_create: Utc::now().naive_utc(),
        secret: key.to_secret_text(),
        public_key: key.public_key().to_string(),
        fingerprint: key.fingerprint().to_string(),
        retired_at: None,
    };
    match rows::insert(db.writer(), row).await {
        Ok(()) => Ok(key),
        Err(DbError::Conflict(_)) => {
            let row = rows::current(db.writer()).await?;
            key_of(
                &row.ok_or_else(|| AppError::internal("the console's key is retired and has no successor"))?,
            )
        }
        Err(error) => Err(error.into()),
    }
}

fn key_of(row: &Model) -> Result<IdentityKey, AppError> {
    IdentityKey::from_secret_text(&row.secret).map_err(AppError::internal)
}

/// A hash for one purpose that only this console can compute.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(crate) fn keyed(app: &App, purpose: &str) -> Hmac<Sha256> {
    let secret = app.identity().to_secret_text();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(b"efls-console ");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac
}
