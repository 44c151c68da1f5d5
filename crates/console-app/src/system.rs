//! How the console itself is doing.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};
use console_db::outbox::{self as messages, OutboxFilter, SeqPage};
use console_db::{Db, DbError, settings as facts, unfit_tables, utc};
use console_model::{ErrorCode, MessageId, MessageState, PartnerId};
use console_peer::identity::{Fingerprint, PublicKey};

use crate::reconcile::Status;
use crate::rights::{self, Action};
use crate::{App, AppError, Operator, organization};

/// A part that does not answer in this time is not ready.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Facts about this console.
#[derive(Debug, Clone)]
pub struct System {
    /// The organisation's name as partners see it.
    pub name: String,
    /// The version of the program.
    pub version: &'static str,
    /// Our address as partners see it.
    pub base_url: String,
    /// Our public key.
    pub public_key: PublicKey,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// When this process began.
    pub started_at: DateTime<Utc>,
    /// How the background work is doing.
    pub reconcilers: BTreeMap<&'static str, Status>,
    /// Messages that wait for partners.
    pub waiting_messages: u64,
    /// Runs that this process looks after.
    pub running_jobs: usize,
    /// Requests that were refused for want of room or time since the start of the process, by HTTP status.
    pub refused_requests: BTreeMap<u16, u64>,
}

/// The fact that holds our address as the running console has it.
const ADDRESS: &str = "base_url";

/// Notes our address, for commands beside the running console that are not told it.
///
/// # Errors
/// When the database does not answer.
pub async fn note_address(app: &App) -> Result<(), AppError> {
    let address = app.settings().base_url.as_str().into();
    Ok(facts::put(app.db().writer(), ADDRESS, &address).await?)
}

/// Our address as the console noted it that ran last.
///
/// # Errors
/// When the database does not answer.
pub async fn noted_address(db: &Db) -> Result<Option<String>, AppError> {
    let fact = facts::get(db.reader(), ADDRESS).await?;
    Ok(fact.and_then(|address| address.as_str().map(str::to_owned)))
}

/// A part of the console and why it is not ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// `database`, `migrations`, `storage`, `background` or `process`.
    pub part: &'static str,
    /// What is wrong; none when it is ready.
    pub problem: Option<String>,
}

/// A message to a partner as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxMessage {
    /// Its place in the order; the cursor of lists.
    pub seq: i64,
    /// The command id.
    pub id: MessageId,
    /// To whom.
    pub partner_id: PartnerId,
    /// Its name.
    pub partner_name: Option<String>,
    /// What it says.
    pub kind: String,
    /// What it is about (an id).
    pub about: String,
    /// What became of it.
    pub state: MessageState,
    /// So many tries so far.
    pub attempts: i32,
    /// Why the last one failed.
    pub last_error: Option<String>,
    /// The same in simplified Chinese, where they are not the partner's own words.
    pub last_error_zh: Option<&'static str>,
    /// When it is tried next.
    pub next_attempt_at: DateTime<Utc>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
}

/// Facts about this console.
///
/// # Errors
/// When the database does not answer.
pub async fn get(app: &App, operator: &Operator) -> Result<System, AppError> {
    rights::require(operator, Action::Read)?;
    let settings = app.settings();
    Ok(System {
        name: organization::name(app).await?,
        version: env!("CARGO_PKG_VERSION"),
        base_url: settings.base_url.clone(),
        public_key: app.identity().public_key(),
        fingerprint: app.identity().fingerprint(),
        started_at: app.jobs().started(),
        reconcilers: app.statuses().all(),
        waiting_messages: messages::waiting(app.db().reader()).await?,
        running_jobs: app.jobs().all().len(),
        refused_requests: app.refused_requests().counts(),
    })
}

/// Whether the parts that every request needs answer in time.
pub async fn readiness(app: &App) -> Vec<Readiness> {
    let database = within(async { app.db().ping().await.map_err(|error| error.to_string()) });
    let migrations = within(migrated(app));
    let storage = within(async { app.store().check().await.map_err(|error| error.to_string()) });
    let (database, migrations, storage) = tokio::join!(database, migrations, storage);
    let part = |part, result: Result<(), String>| Readiness {
        part,
        problem: result.err(),
    };
    vec![
        part("database", database),
        part("migrations", migrations),
        part("storage", storage),
        part("background", background(&app.statuses().all())),
        part("process", going_on(app)),
    ]
}

/// Background work that broke off by a panic, or whose pass does not end, does not do its work any more.
fn background(all: &BTreeMap<&'static str, Status>) -> Result<(), String> {
    let named = |dead: fn(&Status) -> bool, word: &str| {
        let names: Vec<_> = all
            .iter()
            .filter_map(|(name, status)| dead(status).then_some(*name))
            .collect();
        (!names.is_empty()).then(|| format!("{word}: {}", names.join(", ")))
    };
    let broken = named(|status| status.is_broken, "broke off");
    match broken.or_else(|| named(Status::is_overdue, "stands still")) {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// A process that is about to end wants no new requests.
fn going_on(app: &App) -> Result<(), String> {
    if app.is_draining() {
        return Err("it is about to end".to_owned());
    }
    Ok(())
}

async fn migrated(app: &App) -> Result<(), String> {
    let unfit = unfit_tables(app.db().reader())
        .await
        .map_err(|error| error.to_string())?;
    if unfit.is_empty() {
        return Ok(());
    }
    Err(format!(
        "run the migrations: these tables are not as they should be: {}",
        unfit.join(", ")
    ))
}

async fn within(check: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let late = || format!("no answer within {} s", READY_WITHIN.as_secs());
    tokio::time::timeout(READY_WITHIN, check)
        .await
        .unwrap_or_else(|_| Err(late()))
}

/// Messages to partners, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn outbox(
    app: &App,
    operator: &Operator,
    partner: Option<PartnerId>,
    state: Option<MessageState>,
    page: &SeqPage,
) -> Result<Vec<OutboxMessage>, AppError> {
    rights::require(operator, Action::Read)?;
    let found = messages::list(app.db().reader(), &OutboxFilter { partner, state }, page).await?;
    found.into_iter().map(view).collect()
}

/// Sends a message that waits, or was refused or given up, without further delay.
///
/// # Errors
/// `not_found`; `already_delivered`.
pub async fn retry_now(app: &App, operator: &Operator, id: &MessageId) -> Result<(), AppError> {
    rights::require(operator, Action::System)?;
    steerable(app, id).await?;
    messages::retry_now(app.db(), id).await?;
    app.wake().outbox.notify_one();
    Ok(())
}

/// Gives a message up: it is not sent any more, and those behind it go on.
///
/// # Errors
/// `not_found`; `already_delivered`, `not_waiting` when it is not sent any more anyway.
pub async fn give_up(app: &App, operator: &Operator, id: &MessageId) -> Result<(), AppError> {
    rights::require(operator, Action::System)?;
    steerable(app, id).await?;
    messages::give_up(app.db(), id)
        .await
        .map_err(|error| match error {
            DbError::Stale => AppError::conflict(
                ErrorCode::NotWaiting,
                "This message does not wait: it was refused or given up.",
            ),
            other => other.into(),
        })?;
    app.wake().outbox.notify_one();
    Ok(())
}

async fn steerable(app: &App, id: &MessageId) -> Result<(), AppError> {
    let row = messages::find(app.db().reader(), id)
        .await?
        .ok_or_else(|| AppError::not_found("message"))?;
    if row.state == MessageState::Delivered {
        return Err(AppError::conflict(
            ErrorCode::AlreadyDelivered,
            "The partner has this message already.",
        ));
    }
    Ok(())
}

fn view(listed: messages::Listed) -> Result<OutboxMessage, AppError> {
    let messages::Listed { row, partner_name } = listed;
    Ok(OutboxMessage {
        seq: row.seq,
        id: row.id.clone(),
        partner_id: row.partner_id.clone(),
        partner_name,
        kind: row.kind,
        about: row.ordering_key,
        state: row.state,
        attempts: row.attempts,
        last_error_zh: row.last_error_code.as_deref().and_then(crate::told::chinese),
        last_error: row.last_error,
        next_attempt_at: utc(row.next_attempt_at),
        created_at: utc(row.gmt_create),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn background_work_that_is_dead_is_no_good() {
        let at = |ago: Duration| Status {
            begun: Some(Utc::now() - ago),
            every: Duration::from_secs(1),
            ..Status::default()
        };
        let well = at(Duration::from_secs(60));
        let check = |status: Status| background(&BTreeMap::from([("well", well.clone()), ("runs", status)]));
        assert_eq!(check(well.clone()), Ok(()));
        let broken = Status {
            is_broken: true,
            ..well.clone()
        };
        assert_eq!(check(broken), Err("broke off: runs".to_owned()));
        // Its first pass, or a later one, does not end.
        let stuck = at(Duration::from_secs(3600));
        let ended = Status {
            last_pass: stuck.begun,
            ..stuck.clone()
        };
        for stuck in [stuck, ended] {
            assert_eq!(check(stuck), Err("stands still: runs".to_owned()));
        }
    }
}
