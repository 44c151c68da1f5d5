//! `/instances/{id}/logs`

use std::convert::Infallible;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::instances::{self as cases, Follower, LogFilter, LogFrame, LogLevel, LogText, Start};
use console_app::{AppError, Fault};
use console_model::{FieldCode, InstanceId};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::auth::SignedQuery;
use crate::error::ApiError;
use crate::extract::{Query, path};
use crate::limits::{self, LOG_LINES, LOG_TAIL};
use crate::{sse, words};

/// Which lines, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogQuery {
    /// The present one by default.
    attempt: Option<i32>,
    /// The number of the first line, from 0.
    from: Option<i64>,
    /// Instead of `from`: so many lines before the end (or before `before`), of those that are asked for.
    /// They are looked for in the last 8 MiB of it; `first_line` says how far, when there are none.
    #[param(schema_with = limits::log_tail, required = false)]
    tail: Option<usize>,
    /// Only lines before the one of this number.
    before: Option<i64>,
    /// The most lines; 1000 by default, or as many as `tail` says. Only of one answer in JSON.
    #[param(schema_with = limits::log_lines, required = false)]
    limit: Option<usize>,
    /// `debug`, `info`, `warn` and `error`, as many as are wanted, separated by commas; all by default.
    levels: Option<String>,
    /// Lines of one part of the job.
    role: Option<String>,
    /// Lines with this text, whatever the case of its letters.
    contains: Option<String>,
    /// Whether to go on with what is said later, as server-sent events.
    #[serde(default)]
    follow: bool,
    /// `json` (the default), or `text`: the whole log from the first line that is asked for, as a file.
    #[param(inline)]
    format: Option<Format>,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// A page.
    Json,
    /// A file.
    Text,
}

/// A part of a log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Log {
    /// The number of the first line.
    first_line: i64,
    lines: Vec<LogLine>,
    /// What to ask the next part `from`. It moves on without lines when none of those that were looked at is wanted.
    next_line: i64,
    /// Whether there may be more behind it by now.
    more: bool,
    /// The beginning of the log, if it was deleted because it was too old.
    expired: Option<ExpiredLines>,
}

/// Lines that were deleted because they were too old.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpiredLines {
    /// The number of the first line that may still be there.
    before_line: i64,
    at: DateTime<Utc>,
}

/// A log line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogLine {
    /// Its number in the attempt, from 0.
    line: i64,
    at: DateTime<Utc>,
    #[schema(value_type = words::LogLevel)]
    level: &'static str,
    /// Which part of the job said it.
    role: String,
    text: String,
    /// The same in simplified Chinese, if the engine said it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    zh: Option<String>,
}

/// The data of a `lines` frame of a log that is followed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogFrameData {
    /// The number of the first line.
    first_line: i64,
    /// The number of the line behind the last; the frame's `id`, too.
    next_line: i64,
    lines: Vec<LogLine>,
}

impl From<cases::LogLine> for LogLine {
    fn from(line: cases::LogLine) -> Self {
        let cases::LogLine {
            line,
            at,
            level,
            role,
            text,
            zh,
        } = line;
        Self {
            line,
            at,
            level: level.word(),
            role,
            text,
            zh,
        }
    }
}

impl From<cases::LogPage> for Log {
    fn from(page: cases::LogPage) -> Self {
        let cases::LogPage {
            first_line,
            lines,
            next_line,
            more,
            expired,
        } = page;
        Self {
            first_line,
            lines: lines.into_iter().map(Into::into).collect(),
            next_line,
            more,
            expired: expired.map(|gone| ExpiredLines {
                before_line: gone.before,
                at: gone.at,
            }),
        }
    }
}

impl From<cases::LogPage> for LogFrameData {
    fn from(page: cases::LogPage) -> Self {
        let Log {
            first_line,
            lines,
            next_line,
            more: _,
            expired: _,
        } = page.into();
        Self {
            first_line,
            next_line,
            lines,
        }
    }
}

impl LogQuery {
    fn checked(&self) -> Result<cases::LogQuery, ApiError> {
        let start = match (self.from, self.tail) {
            (Some(_), Some(_)) => {
                return Err(AppError::field(
                    "tail",
                    Fault::not_allowed("cannot be given together with from"),
                )
                .into());
            }
            (from, None) => Start::Line(from.unwrap_or(0).max(0)),
            (None, tail @ Some(_)) => Start::Tail(LOG_TAIL.checked("tail", tail)?),
        };
        if self.follow && self.format.is_some_and(|format| format != Format::Json) {
            let fault = Fault::not_allowed("what is followed comes as events; leave it out");
            return Err(AppError::field("format", fault).into());
        }
        if self.follow && self.before.is_some() {
            let fault = Fault::not_allowed("what is followed has no end; leave it out");
            return Err(AppError::field("before", fault).into());
        }
        let words = self.levels.as_deref().unwrap_or_default().split(',');
        let levels = words.filter(|word| !word.is_empty()).map(level);
        Ok(cases::LogQuery {
            attempt: self.attempt,
            start,
            before: self.before,
            filter: LogFilter {
                levels: levels.collect::<Result<_, _>>()?,
                role: self.role.clone(),
                contains: self.contains.clone().filter(|text| !text.is_empty()),
            },
        })
    }

    fn limit(&self) -> Result<usize, ApiError> {
        let usual = || self.tail.map_or(1000, |tail| tail.clamp(1, LOG_LINES.most()));
        Ok(LOG_LINES.checked("limit", Some(self.limit.unwrap_or_else(usual)))?)
    }
}

fn level(word: &str) -> Result<LogLevel, AppError> {
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    let found = levels.into_iter().find(|level| level.word() == word);
    found.ok_or_else(|| {
        let detail = format!("{word:?} is none of debug, info, warn, error");
        AppError::field("levels", Fault::new(FieldCode::UnknownValue, detail))
    })
}

/// The log of an attempt: a page, the whole as a file, or as it grows.
///
/// With `follow=true` the answer is a stream of server-sent events. `lines` frames hold lines that were not sent before;
/// their `id` is the number of the next line, and who comes back with it in `Last-Event-ID` goes on there, at whichever
/// process of the console. `expired` comes first when the beginning was deleted. `end` (data `{"next_line"}`) says that
/// the attempt is over and everything was sent. Comments are signs of life, every 15 s. A client that reads slowly is
/// sent more when it has read; nothing is lost.
#[utoipa::path(get, path = "/api/v1/instances/{id}/logs", tag = "instances",
    params(("id" = String, Path), LogQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "With `follow`: the `id` of the last frame that was received")),
    responses((status = 200, content(
        (Log = "application/json"), (LogFrameData = "text/event-stream"), (String = "text/plain")))))]
pub(crate) async fn logs(
    request: HttpRequest,
    signed: SignedQuery,
    query: Query<LogQuery>,
) -> Result<HttpResponse, ApiError> {
    let id: InstanceId = path(&request, "id", "instance")?;
    let SignedQuery { app, operator, token } = signed;
    let (limit, mut wanted) = (query.0.limit()?, query.0.checked()?);
    if query.0.follow {
        if let Some(next) = sse::last_event_id(&request).and_then(|id| id.parse().ok()) {
            wanted.start = Start::Line(next);
        }
        let follower = cases::follow_log(&app, &operator, &token, &id, wanted).await?;
        return Ok(sse::response(frames(follower)));
    }
    match query.0.format {
        None | Some(Format::Json) => {
            let page = cases::log_page(&app, &operator, &id, wanted, limit).await?;
            Ok(HttpResponse::Ok().json(Log::from(page)))
        }
        Some(Format::Text) => {
            let text = cases::download_log(&app, &operator, &id, wanted).await?;
            let name = format!("{id}-{}.log", text.attempt());
            Ok(HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
                .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
                .streaming(pieces(text)))
        }
    }
}

fn frames(follower: Follower) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let hello = match follower.expired() {
        Some(gone) => {
            let gone = ExpiredLines {
                before_line: gone.before,
                at: gone.at,
            };
            format!("{}{}", sse::hello(), sse::frame("expired", None, &gone))
        }
        // The first sign comes at once, however long nothing is said.
        None => format!("{}{}", sse::hello(), sse::alive(None)),
    };
    stream::unfold((follower, Some(hello)), |(mut follower, hello)| async {
        if let Some(hello) = hello {
            return Some((Ok(Bytes::from(hello)), (follower, None)));
        }
        let text = match follower.next().await? {
            LogFrame::Lines(page) => {
                let place = page.next_line.to_string();
                sse::frame("lines", Some(&place), &LogFrameData::from(page))
            }
            LogFrame::Alive => sse::alive(None),
            LogFrame::End(next) => sse::frame("end", None, &json!({ "next_line": next })),
        };
        Some((Ok(Bytes::from(text)), (follower, None)))
    })
}

fn pieces(text: LogText) -> impl Stream<Item = Result<Bytes, AppError>> {
    stream::unfold(Some(text), |text| async {
        let mut text = text?;
        match text.next().await {
            Ok(piece) => Some((Ok(piece?), Some(text))),
            // The file breaks off, which its reader notices, since its end is missing.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a log breaks off");
                Some((Err(error), None))
            }
        }
    })
}
