//! What an operator wants to know first, in one answer: what needs attention, what runs, what ended, who is connected, and
//! on a new console what comes next.

use chrono::{TimeDelta, Utc};
use console_db::{Page, outbox as messages, pairings, projects as project_rows, tasks as task_rows};
use console_model::{InstanceStatus, LinkStatus, MessageState, PartnerId, PartnerTrust, ProjectId, TaskId};

use crate::instances::{self, Instance, InstanceQuery};
use crate::partners::{self, Partner};
use crate::projects::{self, NOBODY, Project};
use crate::reached_limits::{self, Reached};
use crate::refused_calls::{self, RefusedCall};
use crate::rights::{self, Action};
use crate::system::{self, OutboxMessage};
use crate::{App, AppError, Operator, SeqPage};

/// Most runs that wait for our consent, and most that run.
const RUNS: u64 = 50;
/// Most runs that ended, and most that failed.
const ENDED: u64 = 5;
/// Most partners, and most projects that wait for an owner.
const ROWS: u64 = 100;
/// Most refusals of a kind.
const REFUSALS: u64 = 3;
/// A run that was asked for here and waits for the partner for longer than this is not news any more.
const WAITS_FOR: TimeDelta = TimeDelta::days(14);

/// What an operator wants to know first.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// What waits for a decision of this operator.
    pub attention: Attention,
    /// What runs, or was asked for here and waits for the partner; newest first.
    pub running: Vec<Instance>,
    /// What ended last, well or not.
    pub recent: Vec<Instance>,
    /// What failed or was lost last.
    pub failed: Vec<Instance>,
    /// The partners that are not un-paired.
    pub partners: Vec<Partner>,
    /// What a new console has so far; none when a run has ended here.
    pub first_steps: Option<FirstSteps>,
}

/// What waits for a decision of an operator, as far as they have the right to decide.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attention {
    /// Runs that partners ask for.
    pub runs: Vec<Instance>,
    /// Projects that partners propose.
    pub projects: Vec<Project>,
    /// Partners whose fingerprint nobody has compared.
    pub partners: Vec<Partner>,
    /// Messages that partners refused.
    pub messages: Vec<OutboxMessage>,
    /// Runs that partners asked for and that were refused here.
    pub calls: Vec<RefusedCall>,
    /// Limits that partners or users have reached.
    pub limits: Vec<Reached>,
}

/// How far a new console is on the way to its first run; each step with what it was done with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstSteps {
    /// A partner that may be worked with.
    pub partner: Option<PartnerId>,
    /// The partner's fingerprint was compared, or it has none.
    pub confirmed: bool,
    /// A project that has an owner.
    pub project: Option<ProjectId>,
    /// A task of that project.
    pub task: Option<TaskId>,
    /// The task is paired.
    pub paired: bool,
    /// A run is under way.
    pub run: bool,
}

/// What an operator wants to know first.
///
/// # Errors
/// When the database does not answer.
pub async fn get(app: &App, operator: &Operator) -> Result<Overview, AppError> {
    rights::require(operator, Action::Read)?;
    let of = async |statuses: &[InstanceStatus], limit| {
        let query = InstanceQuery {
            statuses: statuses.to_vec(),
            limit,
            ..InstanceQuery::default()
        };
        instances::list(app, operator, query).await
    };
    let partners = partners::list(app, operator, &Page::first(ROWS)).await?;
    let partners: Vec<_> = partners
        .into_iter()
        .filter(|partner| partner.trust != PartnerTrust::Unpaired)
        .collect();
    let recent = of(&ENDED_STATES, ENDED).await?;
    let mut running = of(&UNDER_WAY, RUNS).await?;
    running.retain(is_news);
    let first_steps = if recent.is_empty() {
        Some(FirstSteps {
            run: !running.is_empty(),
            ..first_steps(app, &partners).await?
        })
    } else {
        None
    };
    Ok(Overview {
        attention: Attention {
            runs: of(&[InstanceStatus::AwaitingConsent], RUNS).await?,
            ..attention(app, operator, &partners).await?
        },
        running,
        recent,
        failed: of(&[InstanceStatus::Failed, InstanceStatus::Lost], ENDED).await?,
        partners,
        first_steps,
    })
}

const ENDED_STATES: [InstanceStatus; 4] = [
    InstanceStatus::Succeeded,
    InstanceStatus::Stopped,
    InstanceStatus::Failed,
    InstanceStatus::Lost,
];

const UNDER_WAY: [InstanceStatus; 5] = [
    InstanceStatus::Draft,
    InstanceStatus::Ready,
    InstanceStatus::Starting,
    InstanceStatus::Running,
    InstanceStatus::Stopping,
];

/// Whether it runs, or was asked for here and has not waited for long.
fn is_news(run: &Instance) -> bool {
    let waits = matches!(run.status, InstanceStatus::Draft | InstanceStatus::Ready);
    !waits || (run.initiator && Utc::now() - run.created_at < WAITS_FOR)
}

async fn attention(app: &App, operator: &Operator, partners: &[Partner]) -> Result<Attention, AppError> {
    let may = |action| rights::require(operator, action).is_ok();
    let mut attention = Attention {
        limits: reached_limits::for_operator(app, operator).await?,
        ..Attention::default()
    };
    if may(Action::ManageProject) {
        attention.projects = projects::list_proposed(app, operator, &Page::first(ROWS)).await?;
    }
    if may(Action::ManagePartners) {
        let unconfirmed = partners.iter().filter(|partner| {
            partner.trust == PartnerTrust::Paired && partner.fingerprint_confirmed_at.is_none()
        });
        attention.partners = unconfirmed.cloned().collect();
    }
    if may(Action::System) {
        let page = SeqPage {
            limit: REFUSALS,
            after: None,
        };
        let refused = Some(MessageState::Refused);
        for message in system::outbox(app, operator, None, refused, &page).await? {
            let OutboxMessage {
                partner_id,
                about,
                seq,
                ..
            } = &message;
            if !messages::is_overtaken(app.db().reader(), partner_id, about, *seq).await? {
                attention.messages.push(message);
            }
        }
        let calls = refused_calls::list(app, operator)?.into_iter();
        let of_runs =
            calls.filter(|call| call.partner_id.is_some() && call.call.ends_with("/task_instance/peer"));
        attention.calls = of_runs
            .take(usize::try_from(REFUSALS).unwrap_or(usize::MAX))
            .collect();
    }
    Ok(attention)
}

async fn first_steps(app: &App, partners: &[Partner]) -> Result<FirstSteps, AppError> {
    let db = app.db().reader();
    let usable = |partner: &&Partner| matches!(partner.trust, PartnerTrust::Paired | PartnerTrust::Base);
    let is_confirmed =
        |partner: &Partner| partner.trust == PartnerTrust::Base || partner.fingerprint_confirmed_at.is_some();
    let confirmed = partners
        .iter()
        .filter(usable)
        .find(|partner| is_confirmed(partner));
    let partner = confirmed.or_else(|| partners.iter().find(usable));
    let mut steps = FirstSteps {
        partner: partner.map(|partner| partner.id.clone()),
        confirmed: partner.is_some_and(is_confirmed),
        ..FirstSteps::default()
    };
    let open = project_rows::ProjectFilter {
        open: true,
        ..project_rows::ProjectFilter::default()
    };
    let found = project_rows::list(db, &open, &Page::first(ROWS)).await?;
    let Some(project) = found.into_iter().find(|project| project.row.owner_id != NOBODY) else {
        return Ok(steps);
    };
    let project = project.row.id.clone();
    let newest = task_rows::list_roots(db, &project, false, &Page::first(1)).await?;
    steps.project = Some(project);
    if let Some(found) = newest.into_iter().next() {
        let task = found.root.id.clone();
        let pairing = pairings::find_of_task(db, &task).await?;
        steps.paired = pairing.is_some_and(|row| row.status == LinkStatus::Ready);
        steps.task = Some(task);
    }
    Ok(steps)
}
