use std::time::Duration;

use chrono::Utc;
use console_db::instances as rows;
use console_model::InstanceId;
use tokio::time::Instant;

use super::read::{ExpiredLines, LogPage, LogQuery, Reader};
use crate::session::{self, SessionId};
use crate::{App, AppError, Operator};

/// So many lines are told at once.
const LINES: usize = 1000;
/// So many chunks are looked through before one looks around.
const CHUNKS: usize = 16;
/// How soon one looks for more after there was some; longer and longer while nothing is said.
const SOON: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_secs(1);
/// A follower hears something at least so often, and his session is looked at.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

/// One thing that a follower is told.
#[derive(Debug, Clone, PartialEq)]
pub enum LogFrame {
    /// Lines that were not told before.
    Lines(LogPage),
    /// Nothing was said.
    Alive,
    /// The attempt is over and everything was told, up to the line of this number.
    End(i64),
}

/// Somebody who reads a log as it grows. Whichever process writes it, what is written is what is read.
pub struct Follower {
    app: App,
    instance: InstanceId,
    session: SessionId,
    reader: Reader,
    /// Whether the attempt was over before the last look for more.
    over: bool,
    ended: bool,
    wait: Duration,
    look_at_session: Instant,
}

/// Begins to follow a log.
///
/// # Errors
/// `not_found`.
pub async fn follow(
    app: &App,
    operator: &Operator,
    token: &str,
    id: &InstanceId,
    query: LogQuery,
) -> Result<Follower, AppError> {
    Ok(Follower {
        app: app.clone(),
        instance: id.clone(),
        session: session::id_of(token),
        reader: Reader::open(app, operator, id, query).await?,
        over: false,
        ended: false,
        wait: SOON,
        look_at_session: Instant::now() + ALIVE_EVERY,
    })
}

impl Follower {
    /// The beginning of the log, if it was deleted.
    #[must_use]
    pub fn expired(&self) -> Option<ExpiredLines> {
        self.reader.expired
    }

    /// What there is to tell next; waits for it. None at the end: after [`LogFrame::End`], when the session has ended, or
    /// when this process ends.
    pub async fn next(&mut self) -> Option<LogFrame> {
        while !self.ended {
            if Instant::now() >= self.look_at_session {
                return self.look_at_session().await;
            }
            match self.look().await {
                Ok(Some(frame)) => return Some(frame),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(instance.id = %self.instance, error = &error as &dyn std::error::Error, "a log cannot be read now");
                    self.pause().await;
                }
            }
        }
        None
    }

    /// Looks once for more, and waits a little when there is none.
    async fn look(&mut self) -> Result<Option<LogFrame>, AppError> {
        let page = self.reader.read(LINES, CHUNKS).await?;
        if !page.lines.is_empty() {
            self.wait = SOON;
            return Ok(Some(LogFrame::Lines(page)));
        }
        if page.more {
            // None of those that were looked at is wanted.
            return Ok(None);
        }
        if self.over {
            self.ended = true;
            return Ok(Some(LogFrame::End(page.next_line)));
        }
        // The last lines are stored before the end is, so one more look finds them.
        self.over = self.is_over().await?;
        if !self.over {
            self.pause().await;
        }
        Ok(None)
    }

    /// Whether nothing more will be said in the attempt.
    async fn is_over(&self) -> Result<bool, AppError> {
        let Some(row) = rows::find(self.app.db().reader(), &self.instance).await? else {
            return Ok(true);
        };
        let attempt = self.reader.attempt;
        Ok(row.attempt > attempt || row.attempt == attempt && row.status.is_terminal())
    }

    async fn pause(&mut self) {
        let until = (Instant::now() + self.wait).min(self.look_at_session);
        self.wait = (self.wait * 2).min(LATER);
        tokio::select! {
            () = self.app.shutdown().cancelled() => self.ended = true,
            () = tokio::time::sleep_until(until) => {}
        }
    }

    async fn look_at_session(&mut self) -> Option<LogFrame> {
        self.look_at_session = Instant::now() + ALIVE_EVERY;
        match session::expiry(&self.app, &self.session, Utc::now()).await {
            Ok(None) => {
                self.ended = true;
                None
            }
            // While the database does not answer, nobody is thrown out, and nothing is told either.
            Ok(Some(_)) | Err(_) => Some(LogFrame::Alive),
        }
    }
}
