use std::collections::VecDeque;
use std::time::Duration;

use chrono::Utc;
use console_db::changes::Position;
use console_model::{ChangeKind, ChangeType};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::{Change, Numbered, PAGE, Place, numbered};
use crate::rights::{self, Action};
use crate::session::{self, SessionId};
use crate::{App, AppError, Operator};

/// A listener hears something at least so often, and his session is looked at.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// Who comes back and has missed more is told to fetch everything anew.
const CATCH_UP_MOST: usize = 2000;

/// One thing that a listener is told. The text is the place to go on from later, behind this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Something has changed.
    Change(String, Change),
    /// Some changes are lost to this listener: he fetches what he shows anew.
    Reset(String),
    /// Nothing has happened that he may see.
    Alive(String),
    /// His session has ended; nothing follows.
    End,
}

/// Somebody who listens.
pub struct Listener {
    app: App,
    operator: Operator,
    session: SessionId,
    position: Position,
    ring: Receiver<Numbered>,
    state: State,
    look_at_session: Instant,
    _place: Place,
}

/// What comes next.
enum State {
    /// To say where one stands.
    Greeting {
        lost: bool,
    },
    /// What was missed, as it is read from the database.
    CatchingUp {
        read: VecDeque<Numbered>,
        so_far: usize,
    },
    Listening,
    Ended,
}

/// Begins to listen: behind the place that was told before, or from now on.
///
/// # Errors
/// `too_many_listeners`; when the database does not answer.
pub async fn listen(
    app: &App,
    operator: Operator,
    token: &str,
    last: Option<&str>,
) -> Result<Listener, AppError> {
    rights::require(&operator, Action::Read)?;
    let place = Place::take_or_note(app, &operator).await?;
    let (ring, present) = app.feed().join(app).await?;
    let resumed = match last {
        Some(cursor) => Position::resume(app.db().reader(), cursor, Utc::now()).await?,
        None => None,
    };
    let lost = last.is_some() && resumed.is_none();
    let mut listener = Listener {
        app: app.clone(),
        operator,
        session: session::id_of(token),
        position: resumed.unwrap_or(present),
        ring,
        state: State::Greeting { lost },
        look_at_session: Instant::now(),
        _place: place,
    };
    listener.is_session_over().await?;
    Ok(listener)
}

impl Listener {
    /// What there is to tell next; waits for it. None at the end: after [`Frame::End`], or when this process ends.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            match &mut self.state {
                State::Ended => return None,
                State::Greeting { lost } => {
                    let lost = *lost;
                    self.state = State::CatchingUp {
                        read: VecDeque::new(),
                        so_far: 0,
                    };
                    let cursor = self.position.cursor();
                    return Some(if lost {
                        Frame::Reset(cursor)
                    } else {
                        Frame::Alive(cursor)
                    });
                }
                State::CatchingUp { read, .. } => match read.pop_front() {
                    Some(missed) => {
                        if let Some(frame) = self.told(missed.change) {
                            return Some(frame);
                        }
                    }
                    None => {
                        if let Some(frame) = self.catch_up().await {
                            return Some(frame);
                        }
                    }
                },
                State::Listening => return self.hear().await,
            }
        }
    }

    /// Reads on what was missed. When there is no more of it, what others read comes next.
    async fn catch_up(&mut self) -> Option<Frame> {
        let read = self
            .position
            .read_on(self.app.db().reader(), PAGE, Utc::now())
            .await;
        let found: VecDeque<Numbered> = match read {
            Ok(found) => found.into_iter().filter_map(numbered).collect(),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "missed changes cannot be read"
                );
                return Some(self.begin_anew().await);
            }
        };
        let State::CatchingUp { read, so_far } = &mut self.state else {
            return None;
        };
        *so_far += found.len();
        if *so_far > CATCH_UP_MOST {
            return Some(self.begin_anew().await);
        }
        if found.is_empty() {
            self.state = State::Listening;
        } else {
            *read = found;
        }
        None
    }

    async fn hear(&mut self) -> Option<Frame> {
        let shutdown = self.app.shutdown().clone();
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => {
                    self.state = State::Ended;
                    return None;
                }
                heard = self.ring.recv() => match heard {
                    Ok(Numbered { number, change }) => {
                        // What was read when catching up comes once more.
                        if self.position.take(number, Utc::now())
                            && let Some(frame) = self.told(change)
                        {
                            return Some(frame);
                        }
                    }
                    Err(RecvError::Lagged(_)) => return Some(self.begin_anew().await),
                    Err(RecvError::Closed) => {
                        self.state = State::Ended;
                        return None;
                    }
                },
                () = tokio::time::sleep_until(self.look_at_session) => {
                    return Some(match self.is_session_over().await {
                        Ok(true) => self.end(),
                        // While the database does not answer, nobody is thrown out, and nothing is told either.
                        Ok(false) | Err(_) => Frame::Alive(self.position.cursor()),
                    });
                }
            }
        }
    }

    /// The frame of a change, if it concerns this listener.
    fn told(&mut self, change: Change) -> Option<Frame> {
        if change.kind == ChangeKind::Session {
            let mine = change.what == ChangeType::Deleted && change.id == self.session.as_str();
            return mine.then(|| self.end());
        }
        rights::sees(&self.operator, change.kind).then(|| Frame::Change(self.position.cursor(), change))
    }

    fn end(&mut self) -> Frame {
        self.state = State::Ended;
        Frame::End
    }

    /// Forgets what was missed.
    async fn begin_anew(&mut self) -> Frame {
        self.ring = self.ring.resubscribe();
        match super::present(&self.app).await {
            Ok(present) => self.position = present,
            // What is told next moves it on; for now a little is told twice.
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a listener stays behind"
            ),
        }
        self.state = State::Listening;
        Frame::Reset(self.position.cursor())
    }

    /// Looks at the session, which may have run out, and sets when to look again.
    async fn is_session_over(&mut self) -> Result<bool, AppError> {
        let now = Utc::now();
        self.look_at_session = Instant::now() + ALIVE_EVERY;
        let Some(expires_at) = session::expiry(&self.app, &self.session, now).await? else {
            return Ok(true);
        };
        let left = (expires_at - now).to_std().unwrap_or_default();
        self.look_at_session = Instant::now() + ALIVE_EVERY.min(left);
        Ok(false)
    }
}
