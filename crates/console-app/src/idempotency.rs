//! Answers to creating requests that carried an `Idempotency-Key`, for those who did not get them.
//!
//! A key is claimed before the work and gets its answer after it, so that a repeat that comes while the first request
//! is still at work does not do it a second time.

use chrono::{TimeDelta, Utc};
use console_db::entity::idempotency_key::Model;
use console_db::{idempotency_keys as rows, naive};
use console_model::{ErrorCode, ErrorKind};
use hmac::Mac as _;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::identity::keyed;
use crate::{App, AppError, Operator};

/// How long an answer is kept.
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(24);
/// A claim whose request has not ended by then is taken to be lost, together with its process or connection.
const LOST: TimeDelta = TimeDelta::minutes(2);

/// A user's key for one request.
pub struct Key {
    id: String,
    user: String,
    digest: String,
}

/// The right to do what a key stands for.
pub struct Claim(Model);

/// What to do about a key.
pub enum Begun {
    /// Do the work, then [`finish`].
    Work(Claim),
    /// It was done before; this is the answer.
    Done(Value),
}

impl Key {
    /// A key that a user gave with a request to a path and a body. Of the body a hash is kept that only this console can
    /// compute, and what is secret in it does not count: a guess at a password cannot be tried on it.
    #[must_use]
    pub fn new(app: &App, operator: &Operator, path: &str, key: &str, body: &[u8]) -> Self {
        let whole = format!("{}\n{path}\n{key}", operator.id);
        Self {
            id: hex::encode(Sha256::digest(whole.as_bytes())),
            user: operator.id.to_string(),
            digest: keyed_digest(app, body),
        }
    }
}

/// Members of a body that are secret.
const SECRETS: [&str; 4] = ["password", "old_password", "new_password", "code"];

fn keyed_digest(app: &App, body: &[u8]) -> String {
    // Whoever sends no JSON is refused before; no body is null.
    let mut body = serde_json::from_slice(body).unwrap_or(Value::Null);
    if let Value::Object(members) = &mut body {
        members.retain(|name, _| !SECRETS.contains(&name.as_str()));
    }
    let mut mac = keyed(app, "idempotency");
    mac.update(body.to_string().as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// Claims a key, or finds the answer that it has.
///
/// # Errors
/// `idempotency_key_reused` when the first request had another body; `request_in_progress`.
pub async fn begin(app: &App, key: Key) -> Result<Begun, AppError> {
    let now = Utc::now();
    let claim = Model {
        id: key.id,
        user_id: key.user,
        request_digest: key.digest,
        status: 0,
        response: None,
        gmt_create: naive(now),
    };
    if rows::insert(app.db().writer(), claim.clone()).await? {
        return Ok(Begun::Work(Claim(claim)));
    }
    // A row that is gone by now was given back a moment ago.
    let found = rows::find(app.db().writer(), &claim.id)
        .await?
        .ok_or_else(in_progress)?;
    let age = now - found.gmt_create.and_utc();
    let over = age > if found.response.is_some() { KEPT } else { LOST };
    if over {
        return match rows::take_over(app.db().writer(), &found, &claim).await? {
            true => Ok(Begun::Work(Claim(claim))),
            false => Err(in_progress()),
        };
    }
    if found.request_digest != claim.request_digest {
        let detail = "This Idempotency-Key was used with another request. Take a new one.";
        return Err(AppError::new(
            ErrorKind::Unprocessable,
            ErrorCode::IdempotencyKeyReused,
            detail,
        ));
    }
    found.response.map(Begun::Done).ok_or_else(in_progress)
}

/// Remembers the answer; without one the key is free again.
///
/// # Errors
/// When the database does not answer.
pub async fn finish(app: &App, claim: Claim, answer: Option<(u16, Value)>) -> Result<(), AppError> {
    let db = app.db().writer();
    match answer {
        Some((status, answer)) => {
            let status = i16::try_from(status).map_err(AppError::internal)?;
            Ok(rows::complete(db, &claim.0, status, answer).await?)
        }
        None => Ok(rows::release(db, &claim.0).await?),
    }
}

fn in_progress() -> AppError {
    let detail = "The first request with this Idempotency-Key is still at work. Ask again in a moment.";
    AppError::conflict(ErrorCode::RequestInProgress, detail)
}
