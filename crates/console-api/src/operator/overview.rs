//! `/overview`

use actix_web::HttpResponse;
use console_app::overview as cases;
use serde::Serialize;
use utoipa::ToSchema;

use super::instances::Instance;
use super::limits::ReachedLimit;
use super::partners::Partner;
use super::projects::Project;
use super::system::{OutboxMessage, RefusedCall};
use crate::auth::Signed;
use crate::error::ApiError;

/// What an operator wants to know first, in one answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    attention: Attention,
    /// What runs, or was asked for here and waits for the partner; newest first.
    running: Vec<Instance>,
    /// What ended last, well or not.
    recent: Vec<Instance>,
    /// What failed or was lost last.
    failed: Vec<Instance>,
    /// The partners that are not un-paired.
    partners: Vec<Partner>,
    /// How far a new console is; null when a run has ended here.
    first_steps: Option<FirstSteps>,
}

/// What waits for a decision of the caller, as far as they have the right to decide.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attention {
    /// Runs that partners ask for.
    runs: Vec<Instance>,
    /// Projects that partners propose.
    projects: Vec<Project>,
    /// Partners whose fingerprint nobody has compared.
    partners: Vec<Partner>,
    /// The last messages that partners refused.
    messages: Vec<OutboxMessage>,
    /// The last runs that partners asked for and that were refused here.
    calls: Vec<RefusedCall>,
    /// Limits that partners or users have reached, the first one first.
    limits: Vec<ReachedLimit>,
}

/// How far a new console is on the way to its first run; each step with the id of what it was done with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FirstSteps {
    /// A partner that may be worked with.
    partner: Option<String>,
    /// The partner's fingerprint was compared, or it has none.
    confirmed: bool,
    /// A project that has an owner.
    project: Option<String>,
    /// A task of that project.
    task: Option<String>,
    /// The task is paired.
    paired: bool,
    /// A run is under way.
    run: bool,
}

impl From<cases::Overview> for Overview {
    fn from(overview: cases::Overview) -> Self {
        let cases::Overview {
            attention,
            running,
            recent,
            failed,
            partners,
            first_steps,
        } = overview;
        Self {
            attention: attention.into(),
            running: all(running),
            recent: all(recent),
            failed: all(failed),
            partners: all(partners),
            first_steps: first_steps.map(Into::into),
        }
    }
}

impl From<cases::Attention> for Attention {
    fn from(attention: cases::Attention) -> Self {
        let cases::Attention {
            runs,
            projects,
            partners,
            messages,
            calls,
            limits,
        } = attention;
        Self {
            runs: all(runs),
            projects: all(projects),
            partners: all(partners),
            messages: all(messages),
            calls: all(calls),
            limits: all(limits),
        }
    }
}

impl From<cases::FirstSteps> for FirstSteps {
    fn from(steps: cases::FirstSteps) -> Self {
        let cases::FirstSteps {
            partner,
            confirmed,
            project,
            task,
            paired,
            run,
        } = steps;
        Self {
            partner: partner.map(Into::into),
            confirmed,
            project: project.map(Into::into),
            task: task.map(Into::into),
            paired,
            run,
        }
    }
}

fn all<T, Wire: From<T>>(rows: Vec<T>) -> Vec<Wire> {
    rows.into_iter().map(Wire::from).collect()
}

/// What an operator wants to know first: what needs attention, what runs, what ended, who is connected.
#[utoipa::path(get, path = "/api/v1/overview", tag = "system", operation_id = "overview", responses((status = 200, body = Overview)))]
pub(crate) async fn get(signed: Signed) -> Result<HttpResponse, ApiError> {
    let overview = cases::get(&signed.app, &signed.operator).await?;
    Ok(HttpResponse::Ok().json(Overview::from(overview)))
}
