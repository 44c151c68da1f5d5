//! Limits that a partner or a user has reached: noted where something is refused for it, shown as long as it lasts.
//!
//! The rows are in the database, so every process tells the same and a restart forgets nothing. Sole writer of
//! `reached_limit`; `settle` removes what is over.

mod settle;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use console_db::entity::reached_limit;
use console_db::{partners, reached_limits as rows, users, utc};
use console_model::{ChangeKind, PartnerId, UserId};

use crate::rights::{self, Action};
use crate::{App, AppError, Operator, Settings};

pub(crate) use settle::settle;

/// More than these are not shown.
const MAX_SHOWN: u64 = 1000;
/// The same limit is written at most this often by one process.
const NOTED_EVERY: Duration = Duration::from_secs(5);

/// A limit for one partner or one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Open projects that the partner made.
    PartnerProjects,
    /// Runs that the partner asked for and that have not ended.
    PartnerRuns,
    /// Runs that the partner asked for and that have ended.
    PartnerEndedRuns,
    /// Task versions that the partner had made here.
    PartnerVersions,
    /// Places among the running ones that the partner's runs take; further ones wait.
    PartnerPlaces,
    /// Places that the runs of all partners take together; those of this one wait.
    AllPartnersPlaces,
    /// Bytes of the partner's requests that are read at a time.
    PartnerRequestBytes,
    /// Commands of the partner whose answers are remembered; the oldest are forgotten.
    PartnerCommands,
    /// Bytes of messages of the partner's engine that our engine has not taken, in one run.
    PartnerChannelBytes,
    /// Bytes of the user's files.
    UserFiles,
    /// Files that the user uploads at a time.
    UserUploads,
    /// Streams of changes that the user has open.
    UserStreams,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Things.
    Count,
}

impl Unit {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Bytes, Self::Count];

    /// The word in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Count => "count",
        }
    }
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::PartnerProjects,
        Self::PartnerRuns,
        Self::PartnerEndedRuns,
        Self::PartnerVersions,
        Self::PartnerPlaces,
        Self::AllPartnersPlaces,
        Self::PartnerRequestBytes,
        Self::PartnerCommands,
        Self::PartnerChannelBytes,
        Self::UserFiles,
        Self::UserUploads,
        Self::UserStreams,
    ];

    /// The word in the database and in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PartnerProjects => "partner_projects",
            Self::PartnerRuns => "partner_runs",
            Self::PartnerEndedRuns => "partner_ended_runs",
            Self::PartnerVersions => "partner_versions",
            Self::PartnerPlaces => "partner_places",
            Self::AllPartnersPlaces => "all_partners_places",
            Self::PartnerRequestBytes => "partner_request_bytes",
            Self::PartnerCommands => "partner_commands",
            Self::PartnerChannelBytes => "partner_channel_bytes",
            Self::UserFiles => "user_files",
            Self::UserUploads => "user_uploads",
            Self::UserStreams => "user_streams",
        }
    }

    /// The setting by which an administrator changes it; none for a limit of the program.
    #[must_use]
    pub const fn setting(self) -> Option<&'static str> {
        match self {
            Self::PartnerProjects => Some("federation.max_projects_per_partner"),
            Self::PartnerRuns => Some("federation.max_live_runs_per_partner"),
            Self::PartnerEndedRuns => Some("federation.max_ended_runs_per_partner"),
            Self::PartnerVersions => Some("federation.max_versions_per_partner"),
            Self::PartnerPlaces => Some("runs.max_per_partner"),
            Self::AllPartnersPlaces => Some("runs.max_for_partners"),
            Self::PartnerChannelBytes => Some("runs.channel_limit_mib"),
            Self::UserFiles => Some("limits.user_files_mib"),
            Self::PartnerRequestBytes | Self::PartnerCommands | Self::UserUploads | Self::UserStreams => None,
        }
    }

    /// What its figures count.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::PartnerRequestBytes | Self::PartnerChannelBytes | Self::UserFiles => Unit::Bytes,
            Self::PartnerProjects
            | Self::PartnerRuns
            | Self::PartnerEndedRuns
            | Self::PartnerVersions
            | Self::PartnerPlaces
            | Self::AllPartnersPlaces
            | Self::PartnerCommands
            | Self::UserUploads
            | Self::UserStreams => Unit::Count,
        }
    }

    /// Whose limit it is.
    const fn of(self) -> ChangeKind {
        match self {
            Self::UserFiles | Self::UserUploads | Self::UserStreams => ChangeKind::User,
            Self::PartnerProjects
            | Self::PartnerRuns
            | Self::PartnerEndedRuns
            | Self::PartnerVersions
            | Self::PartnerPlaces
            | Self::AllPartnersPlaces
            | Self::PartnerRequestBytes
            | Self::PartnerCommands
            | Self::PartnerChannelBytes => ChangeKind::Partner,
        }
    }

    /// What an administrator has set, where it is a setting.
    fn set(self, settings: &Settings) -> Option<u64> {
        match self {
            Self::PartnerProjects => Some(settings.federation.max_projects_per_partner),
            Self::PartnerRuns => Some(settings.federation.max_live_runs_per_partner),
            Self::PartnerEndedRuns => Some(settings.federation.max_ended_runs_per_partner),
            Self::PartnerVersions => Some(settings.federation.max_versions_per_partner),
            Self::PartnerPlaces => Some(settings.runs.max_per_partner as u64),
            Self::AllPartnersPlaces => Some(settings.runs.max_for_partners as u64),
            Self::PartnerChannelBytes => Some(settings.runs.channel_limit_bytes),
            Self::UserFiles => Some(settings.user_files_limit_bytes),
            Self::PartnerRequestBytes | Self::PartnerCommands | Self::UserUploads | Self::UserStreams => None,
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.word() == word)
    }
}

/// That something is refused because a limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Which one.
    pub limit: Limit,
    /// How much is taken.
    pub figure: u64,
    /// How much may be taken.
    pub most: u64,
}

/// A limit that is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Which one.
    pub limit: Limit,
    /// Who reached it.
    pub subject: Subject,
    /// How much was taken when something was refused last.
    pub figure: u64,
    /// How much may be taken.
    pub most: u64,
    /// When something was refused first.
    pub since: DateTime<Utc>,
}

/// Who has reached a limit, by id, with the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A partner.
    Partner(PartnerId, String),
    /// A user.
    User(UserId, String),
}

/// What this process has noted lately.
#[derive(Debug, Default)]
pub(crate) struct Noted(Mutex<HashMap<(Limit, String), Instant>>);

impl Noted {
    /// Whether it is time to write it again; then this counts as done.
    fn is_due(&self, limit: Limit, subject: &str) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, at| at.elapsed() < NOTED_EVERY);
        let is_due = !all.contains_key(&(limit, subject.to_owned()));
        if is_due {
            all.insert((limit, subject.to_owned()), Instant::now());
        }
        is_due
    }

    fn forget(&self, limit: Limit, subject: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(limit, subject.to_owned()));
    }
}

impl Refusal {
    /// Notes it for a partner or a user, by id. That it cannot be noted changes nothing about the refusal.
    pub async fn note(self, app: &App, subject: &str) {
        let Self { limit, figure, most } = self;
        if !app.noted_limits().is_due(limit, subject) {
            return;
        }
        tracing::warn!(
            limit = limit.word(),
            subject,
            figure,
            most,
            setting = limit.setting(),
            "a limit is reached"
        );
        let refusal = rows::Refusal {
            code: limit.word(),
            kind: limit.of(),
            subject,
            figure,
            most,
        };
        if let Err(error) = console_db::retry(async || rows::note(app.db(), refusal).await).await {
            app.noted_limits().forget(limit, subject);
            let error: &dyn std::error::Error = &error;
            tracing::debug!(subject, error, "a reached limit was not noted");
        }
    }
}

/// The limits that are reached by partners.
pub(crate) async fn of_partners(app: &App) -> Result<Vec<Reached>, AppError> {
    let all = known(app, |limit, _| limit.of() == ChangeKind::Partner).await?;
    Ok(all)
}

/// The limits that are reached, as far as they concern an operator: those of partners whoever looks after partners, those
/// of users the user and whoever looks after the system.
pub(crate) async fn for_operator(app: &App, operator: &Operator) -> Result<Vec<Reached>, AppError> {
    let may = |action| rights::require(operator, action).is_ok();
    let (partners, system) = (may(Action::ManagePartners), may(Action::System));
    known(app, |limit, subject| match limit.of() {
        ChangeKind::User => system || subject == operator.id.as_str(),
        _ => partners,
    })
    .await
}

async fn known(app: &App, concerns: impl Fn(Limit, &str) -> bool) -> Result<Vec<Reached>, AppError> {
    let mut all = Vec::new();
    for row in rows::list(app.db().reader(), MAX_SHOWN).await? {
        // A later version may know further limits.
        let Some(limit) = Limit::from_word(&row.code) else {
            continue;
        };
        if concerns(limit, &row.subject)
            && let Some(subject) = subject(app, limit, &row.subject).await?
        {
            all.push(reached(limit, subject, &row));
        }
    }
    Ok(all)
}

fn reached(limit: Limit, subject: Subject, row: &reached_limit::Model) -> Reached {
    Reached {
        limit,
        subject,
        figure: row.figure.unsigned_abs(),
        most: row.most.unsigned_abs(),
        since: utc(row.since),
    }
}

/// Who it is; nobody when it was deleted meanwhile.
async fn subject(app: &App, limit: Limit, id: &str) -> Result<Option<Subject>, AppError> {
    let db = app.db().reader();
    Ok(match limit.of() {
        ChangeKind::User => {
            let id = UserId::parse(id).map_err(AppError::internal)?;
            let found = users::find(db, &id).await?;
            found.map(|row| Subject::User(id, row.name))
        }
        _ => {
            let id = PartnerId::parse(id).map_err(AppError::internal)?;
            let found = partners::find(db, &id).await?;
            found.map(|row| Subject::Partner(id, row.name))
        }
    })
}
