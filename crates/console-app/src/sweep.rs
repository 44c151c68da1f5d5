//! Tidies up what has run out: sessions, nonces, remembered commands and answers, changes that everybody has heard of,
//! old log lines.

use chrono::{TimeDelta, Utc};
use console_db::{
    changes as change_rows, idempotency_keys, nonces, outbox, received_commands, sessions, sign_in_failures,
};

use crate::instances::logs;
use crate::reached_limits::{Limit, Refusal};
use crate::reconcile::Pass;
use crate::{App, AppError, changes, idempotency};

/// So many rows of one kind go in one statement.
const BATCH: u64 = 500;
/// How long the answer to a partner's command is remembered: longer than any sensible retry.
const COMMANDS: TimeDelta = TimeDelta::days(90);
/// So many commands of one partner are remembered at most: those of a hundred thousand runs, whoever sends more only hurts
/// itself when it repeats an older one.
const COMMANDS_OF_PARTNER: u64 = 500_000;
/// How long delivered messages stay visible.
const MESSAGES: TimeDelta = TimeDelta::days(30);
/// How long failed sign-ins are remembered: longer than any lock-out.
const FAILURES: TimeDelta = TimeDelta::days(7);
/// How long a message stream that nobody uses is remembered.
const STREAMS: std::time::Duration = std::time::Duration::from_secs(600);

pub(crate) async fn sweep(app: App) -> Result<Pass, AppError> {
    app.jobs().channels().forget_idle(STREAMS);
    let (db, now) = (app.db().writer(), Utc::now());
    let mut gone = nonces::purge(db, now, BATCH).await?;
    gone += sessions::purge(db, now, BATCH).await?;
    gone += received_commands::purge(db, now - COMMANDS, BATCH).await?;
    for (partner, commands) in received_commands::keep_newest(db, COMMANDS_OF_PARTNER, BATCH).await? {
        gone += commands;
        let (limit, most) = (Limit::PartnerCommands, COMMANDS_OF_PARTNER);
        let figure = most.saturating_add(commands);
        Refusal { limit, figure, most }.note(&app, partner.as_str()).await;
    }
    gone += outbox::purge_done(db, now - MESSAGES, BATCH).await?;
    gone += idempotency_keys::purge(db, now - idempotency::KEPT, BATCH).await?;
    gone += sign_in_failures::purge(db, now - FAILURES, BATCH).await?;
    gone += change_rows::purge(db, now - changes::KEPT, BATCH).await?;
    let logs = logs::sweep(&app, now).await?;
    Ok(if gone >= BATCH || logs {
        Pass::More
    } else {
        Pass::Idle
    })
}
