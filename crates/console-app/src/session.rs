//! Signing in and out. A session is a row: it expires, and sign-out, a change of password or role and disabling end it
//! at once, in every process.

pub mod device;
pub(crate) mod password;

use chrono::{DateTime, TimeDelta, Utc};
use console_db::entity::session::Model;
use console_db::entity::user;
use console_db::sign_in_failures::{self, LockOut};
use console_db::{naive, sessions, users as user_rows};
use console_model::{ErrorCode, ErrorKind};
use rand::RngExt;
use sha2::{Digest, Sha256};

use crate::users::permissions_of;
use crate::{App, AppError, Operator};
use device::Device;
use password::{Turn, Verdict};

/// A session in use is written again at most so often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// An address may fail so many times as often as an account before it is locked out.
const ADDRESS_FACTOR: u32 = 5;

/// A new session. The token is shown once and not stored.
#[derive(Clone)]
pub struct NewSession {
    /// What the client sends with every request: 64 hexadecimal digits.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Who signed in.
    pub operator: Operator,
    /// What the device shows at later sign-ins.
    pub device: String,
}

/// Signs in. One answer for an unknown name, a wrong password and a disabled account.
///
/// # Errors
/// `sign_in_refused`; `locked_out` after too many failures of an account or an address, or of a device that the account is
/// known by; `too_busy`.
pub async fn sign_in(
    app: &App,
    name: &str,
    password: &str,
    address: Option<&str>,
    device: Option<&str>,
    request_id: &str,
) -> Result<NewSession, AppError> {
    let account = sign_in_failures::account(name);
    let known = device.and_then(|shown| Device::read(app, name, shown, Utc::now()));
    let keys = match &known {
        Some(device) => vec![device.failures()],
        None => [account.clone()]
            .into_iter()
            .chain(address.map(sign_in_failures::address))
            .collect(),
    };
    refuse_locked_out(app, &keys).await?;
    // Only so many compare at a time. Who had to wait is checked again, and a failure is counted before the next one
    // compares: guesses that are sent all at once get no further than guesses one after the other.
    let turn = match known {
        Some(_) => Turn::wait().await?,
        None => Turn::wait_as_stranger().await?,
    };
    refuse_locked_out(app, &keys).await?;
    let user = user_rows::find_by_name(app.db().reader(), name).await?;
    let stored = user.as_ref().map(|user| user.password.clone());
    let verdict = turn.verify(password.to_owned(), stored).await?;
    let user = match (verdict, user) {
        (Verdict::Right | Verdict::RightButOld, Some(user)) if user.disabled_at.is_none() => user,
        _ => {
            count_failure(app, &keys).await?;
            tracing::warn!(address, request.id = request_id, "a sign-in failed");
            return Err(refused());
        }
    };
    let hash = match verdict {
        Verdict::RightButOld => Some(turn.hash(password.to_owned()).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    drop(turn);
    let new = open_session(app, &account, &user, hash.as_deref(), address).await?;
    tracing::info!(user.id = %user.id, "signed in");
    Ok(NewSession {
        device: device::issue(app, name, Utc::now()),
        token: new.0,
        expires_at: new.1,
        operator: operator_of(&user, request_id)?,
    })
}

/// Opens a session for somebody whose password was right for the row that is given. Gives the token and its end.
async fn open_session(
    app: &App,
    account: &str,
    user: &user::Model,
    hash: Option<&str>,
    address: Option<&str>,
) -> Result<(String, DateTime<Utc>), AppError> {
    let now = Utc::now();
    let token = hex::encode(rand::rng().random::<[u8; 32]>());
    let settings = &app.settings().sign_in;
    let row = Model {
        id: digest(&token),
        user_id: user.id.clone(),
        gmt_create: naive(now),
        expires_at: naive(now + settings.session_idle.min(settings.session_lifetime)),
        last_used_at: naive(now),
        address: address.map(str::to_owned),
    };
    let tx = app.db().begin().await?;
    // Locks the row of the user, so that a change of the password or a disabling is either seen here, or ends the
    // session that is opened here.
    user_rows::signed_in(&tx, &user.id, now).await?;
    let current = user_rows::find(&tx, &user.id).await?.ok_or_else(refused)?;
    if current.password != user.password || current.disabled_at.is_some() {
        return Err(refused());
    }
    if let Some(hash) = hash {
        user_rows::replace_hash(&tx, &current, hash).await?;
    }
    // The failures of the address stay: who has an account could otherwise guess at others without end.
    sign_in_failures::clear(&tx, &[account.to_owned()]).await?;
    sessions::insert(&tx, row).await?;
    tx.commit().await?;
    Ok((token, now + settings.session_lifetime))
}

fn refused() -> AppError {
    let detail = "The user name or the password is wrong.";
    AppError::new(ErrorKind::Unauthenticated, ErrorCode::SignInRefused, detail)
}

pub(crate) async fn refuse_locked_out(app: &App, keys: &[String]) -> Result<(), AppError> {
    let now = Utc::now();
    match sign_in_failures::locked_until(app.db().reader(), keys, now).await? {
        Some(until) => {
            let wait = (until - now).to_std().unwrap_or_default();
            let detail = format!("Too many failed sign-ins. Try again in {} s.", wait.as_secs() + 1);
            Err(AppError::new(ErrorKind::TooMany, ErrorCode::LockedOut, detail).with_retry_after(wait))
        }
        None => Ok(()),
    }
}

pub(crate) async fn count_failure(app: &App, keys: &[String]) -> Result<(), AppError> {
    let settings = &app.settings().sign_in;
    let tx = app.db().begin().await?;
    // The account is the first of the keys. Many people can share one address.
    for (key, factor) in keys.iter().zip([1, ADDRESS_FACTOR]) {
        let failures = settings.lock_out_after.saturating_mul(factor);
        let limits = LockOut {
            failures: i32::try_from(failures).unwrap_or(i32::MAX),
            window: settings.lock_out_for,
            lock: settings.lock_out_for,
        };
        let row = sign_in_failures::record(&tx, key, Utc::now(), limits).await?;
        if row.locked_until.is_some() {
            tracing::warn!(failures = row.failures, "an account or an address is locked out");
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Who a token belongs to, if it still counts.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(app: &App, token: &str, request_id: &str) -> Result<Option<Operator>, AppError> {
    let now = Utc::now();
    let id = digest(token);
    let Some(found) = sessions::find(app.db().reader(), &id, now).await? else {
        return Ok(None);
    };
    if now.naive_utc() - found.session.last_used_at > TOUCH_EVERY {
        let settings = &app.settings().sign_in;
        let last = found.session.gmt_create.and_utc() + settings.session_lifetime;
        let expires_at = last.min(now + settings.session_idle);
        // Nobody who only reads is to wait or fail for this.
        if let Err(error) = sessions::touch(app.db().writer(), &id, now, expires_at).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the use of a session was not noted"
            );
        }
    }
    operator_of(&found.user, request_id).map(Some)
}

/// What a session is known by here: who reads it cannot use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The session of a token.
#[must_use]
pub fn id_of(token: &str) -> SessionId {
    SessionId(digest(token))
}

/// Until when a session counts, as things are; none when it does not count any more. Not a use of it: a page that is
/// merely open does not keep a session alive.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn expiry(
    app: &App,
    session: &SessionId,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let found = sessions::find(app.db().reader(), session.as_str(), now).await?;
    Ok(found.map(|found| found.session.expires_at.and_utc()))
}

/// Ends a session.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(app: &App, token: &str) -> Result<(), AppError> {
    Ok(sessions::delete(app.db(), &digest(token)).await?)
}

pub(crate) fn operator_of(user: &user::Model, request_id: &str) -> Result<Operator, AppError> {
    Ok(Operator {
        id: user.id.clone(),
        name: user.name.clone(),
        role: user.role,
        permissions: permissions_of(user.info.as_ref()),
        request_id: request_id.to_owned(),
    })
}

/// Only the digest of a token is stored: who reads the table cannot sign in with it.
pub(crate) fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
