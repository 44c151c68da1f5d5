//! Projects: cooperations with one partner each.
//!
//! Sole writer of `project.status`, together with `delivery::project` (the partner's answer) and
//! [`crate::federation::projects`] (what the partner asks for).

mod assign;
mod check;
mod row;

use chrono::{DateTime, Utc};
use console_db::entity::project;
use console_db::{Page, Tx, naive, projects as rows, users};
use console_model::{
    ErrorCode, InstanceId, InstanceStatus, LinkStatus, MessageState, PartnerId, PartnerTrust, PlainName,
    ProjectId, UserId,
};
use serde_json::{Map, Value};

use crate::input::{check_generation, field, remark};
use crate::outbox::project::{CreateProject, UpdateProject};
use crate::outbox::{self, Message};
use crate::partners;
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, FieldProblem, Operator};

pub use assign::assign_partner;
pub use check::{ProjectCheck, check};
pub(crate) use row::{
    find, meant, partner_of, partner_row, refuse_archived, refuse_closed, refuse_closed_to,
};
use row::{last_runs, named, shown, view};

pub use console_db::projects::NOBODY;

/// A project as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Our id of it.
    pub id: ProjectId,
    /// Its name; none until somebody takes a project that a partner made.
    pub name: Option<String>,
    /// A remark.
    pub comment: Option<String>,
    /// Who owns it; none until somebody takes it.
    pub owner_id: Option<UserId>,
    /// How far both sides know it.
    pub status: LinkStatus,
    /// With whom.
    pub partner_id: Option<PartnerId>,
    /// The partner's name.
    pub partner_name: Option<String>,
    /// The partner's id of it.
    pub peer_id: Option<String>,
    /// Our config, which the partner sees. Lists do not hold it.
    pub config: Option<Value>,
    /// The partner's config. Lists do not hold it.
    pub peer_config: Option<Value>,
    /// When the partner told its config.
    pub peer_config_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// Counts the changes.
    pub generation: i64,
    /// How many tasks it has.
    pub tasks: u64,
    /// The newest run of any of them.
    pub last_run: Option<LastRun>,
    /// What the partner has not been told yet, or did not accept. Lists do not hold it.
    pub outstanding: Option<Outstanding>,
}

/// The newest run of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// The run.
    pub id: InstanceId,
    /// The state of our half.
    pub status: InstanceStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A message about a project that the partner does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outstanding {
    /// Whether it waits or was refused.
    pub state: MessageState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// The same in simplified Chinese, where they are not the partner's own words.
    pub last_error_zh: Option<&'static str>,
}

/// What is needed for a project.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// Unique.
    pub name: String,
    /// With whom.
    pub partner_id: PartnerId,
    /// A remark.
    pub comment: Option<String>,
    /// Our config, which the partner sees.
    pub config: Option<Map<String, Value>>,
}

/// What changes about a project; what is `None` stays. Giving a name and an owner to a project that a partner made takes
/// it.
#[derive(Debug, Clone, Default)]
pub struct ProjectChange {
    /// Unique.
    pub name: Option<String>,
    /// A remark; the inner `None` removes it.
    pub comment: Option<Option<String>>,
    /// Our config, as a whole; the inner `None` empties it. A base partner merges it over what it has.
    pub config: Option<Option<Map<String, Value>>>,
    /// Who owns it from now on: root or an admin.
    pub owner_id: Option<UserId>,
}

/// The projects, newest first, with or without those that were closed.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    app: &App,
    operator: &Operator,
    archived: bool,
    page: &Page,
) -> Result<Vec<Project>, AppError> {
    rights::require(operator, Action::Read)?;
    let db = app.db().reader();
    let filter = rows::ProjectFilter {
        open: !archived,
        ..rows::ProjectFilter::default()
    };
    let found = rows::list(db, &filter, page).await?;
    let runs: Vec<&InstanceId> = found
        .iter()
        .filter_map(|project| project.last_run.as_ref())
        .collect();
    let mut runs = last_runs(db, &runs).await?;
    found
        .into_iter()
        .map(|project| view(project, &mut runs))
        .collect()
}

/// The open projects that partners propose and that have no owner here yet, newest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn list_proposed(
    app: &App,
    operator: &Operator,
    page: &Page,
) -> Result<Vec<Project>, AppError> {
    rights::require(operator, Action::ManageProject)?;
    let filter = rows::ProjectFilter {
        open: true,
        owner: Some(NOBODY),
        ..rows::ProjectFilter::default()
    };
    let found = rows::list(app.db().reader(), &filter, page).await?;
    let mut no_runs = std::collections::HashMap::new();
    found
        .into_iter()
        .map(|project| view(project, &mut no_runs))
        .collect()
}

/// One project.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, operator: &Operator, id: &ProjectId) -> Result<Project, AppError> {
    rights::require(operator, Action::Read)?;
    shown(app, id).await
}

/// Makes a project: *draft* until the partner has answered.
///
/// # Errors
/// `invalid_input`; `name_taken`; `partner_not_active`.
pub async fn create(app: &App, operator: &Operator, new: NewProject) -> Result<Project, AppError> {
    rights::require(operator, Action::ManageProject)?;
    let mut problems = Vec::new();
    let name = field(&mut problems, "/name", PlainName::<256>::parse(&new.name));
    let comment = field(&mut problems, "/comment", remark(new.comment.as_deref()));
    bounded(&mut problems, "/config", new.config.as_ref());
    let (Some(name), Some(comment), []) = (name, comment, problems.as_slice()) else {
        return Err(AppError::fields(problems));
    };
    let tx = app.db().begin().await?;
    let partner = console_db::partners::find(&tx, &new.partner_id).await?;
    let partner = partner.ok_or_else(|| {
        AppError::field(
            "/partner_id",
            Fault::not_there("there is no such partner").zh("没有该合作方"),
        )
    })?;
    partners::refuse_inactive(&partner)?;
    let now = naive(Utc::now());
    let id = ProjectId::generate();
    let row = project::Model {
        id: id.clone(),
        gmt_create: now,
        gmt_modified: now,
        owner_id: operator.id.to_string(),
        name: Some(name.into_string()),
        comment,
        config: new.config.clone().map(Value::Object),
        status: LinkStatus::Draft,
        peer_url: partner.address.clone(),
        peer_id: None,
        peer_config: None,
        partner_id: Some(partner.id.clone()),
        generation: 1,
        peer_config_at: None,
        archived_at: None,
    };
    rows::insert(&tx, row.clone()).await.map_err(named)?;
    let message = Message::CreateProject(CreateProject {
        project_id: id.clone(),
        config: new.config,
    });
    outbox::enqueue(
        &tx,
        &new.partner_id,
        id.as_str(),
        &message,
        Some(&operator.request_id),
    )
    .await?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    shown(app, &id).await
}

/// Changes a project, and tells the partner of a new config.
///
/// # Errors
/// `not_found`, `stale`, `invalid_input`, `name_taken`, `project_archived`, `partner_not_active`.
pub async fn update(
    app: &App,
    operator: &Operator,
    id: &ProjectId,
    generation: Option<i64>,
    change: ProjectChange,
) -> Result<Project, AppError> {
    rights::require(operator, Action::ManageProject)?;
    let mut problems = Vec::new();
    let name = change
        .name
        .and_then(|name| field(&mut problems, "/name", PlainName::<256>::parse(&name)));
    let comment = change
        .comment
        .and_then(|text| field(&mut problems, "/comment", remark(text.as_deref())));
    bounded(
        &mut problems,
        "/config",
        change.config.as_ref().and_then(Option::as_ref),
    );
    if !problems.is_empty() {
        return Err(AppError::fields(problems));
    }
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    check_generation(row.generation, generation)?;
    if let Some(owner) = &change.owner_id {
        check_owner(&tx, owner).await?;
        row.owner_id = owner.to_string();
    }
    if let Some(name) = name {
        row.name = Some(name.into_string());
    }
    if let Some(comment) = comment {
        row.comment = comment;
    }
    if row.owner_id == NOBODY && row.name.is_some() {
        // Whoever names it without saying whose it is takes it.
        row.owner_id = operator.id.to_string();
    }
    if let Some(config) = change.config {
        refuse_closed(&tx, &row).await?;
        row.config = config.clone().map(Value::Object);
        tell(&tx, operator, &row, config, false).await?;
    }
    rows::save(&tx, row).await.map_err(named)?;
    tx.commit().await?;
    app.wake().outbox.notify_one();
    shown(app, id).await
}

/// Closes a project on both sides: nothing new runs, reading stays.
///
/// # Errors
/// `not_found`, `stale`.
pub async fn archive(
    app: &App,
    operator: &Operator,
    id: &ProjectId,
    generation: Option<i64>,
) -> Result<Project, AppError> {
    rights::require(operator, Action::ManageProject)?;
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    if row.status != LinkStatus::Archive {
        check_generation(row.generation, generation)?;
        row.status = LinkStatus::Archive;
        row.archived_at = Some(naive(Utc::now()));
        let config = match &row.config {
            Some(Value::Object(config)) => Some(config.clone()),
            _ => None,
        };
        tell(&tx, operator, &row, config, true).await?;
        rows::save(&tx, row).await?;
    }
    tx.commit().await?;
    app.wake().outbox.notify_one();
    shown(app, id).await
}

/// Deletes a project that was closed, with its tasks and the runs that have ended. What the partner has not been told yet is
/// given up.
///
/// # Errors
/// `not_found`; `project_not_archived`; `task_in_use` while a run has not ended.
pub async fn delete(app: &App, operator: &Operator, id: &ProjectId) -> Result<(), AppError> {
    rights::require(operator, Action::ManageProject)?;
    let row = find(app.db().reader(), id).await?;
    if row.status != LinkStatus::Archive {
        return Err(AppError::conflict(
            ErrorCode::ProjectNotArchived,
            "Close the project first, so that the partner is told.",
        ));
    }
    crate::tasks::delete_of_project(app, operator, id).await?;
    let tx = app.db().begin().await?;
    console_db::outbox::give_up_about(&tx, id.as_str(), "the project was deleted here").await?;
    rows::delete(&tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the partner of our config, if it knows the project or is about to. One that is no longer paired is told nothing.
async fn tell(
    tx: &Tx,
    operator: &Operator,
    row: &project::Model,
    config: Option<Map<String, Value>>,
    archived: bool,
) -> Result<(), AppError> {
    let Some(partner) = &row.partner_id else {
        return Ok(());
    };
    if partners::find(tx, partner).await?.trust == PartnerTrust::Unpaired {
        return Ok(());
    }
    let id = row.id.clone();
    let message = Message::UpdateProject(UpdateProject {
        project_id: id.clone(),
        config,
        archived,
    });
    outbox::enqueue(tx, partner, id.as_str(), &message, Some(&operator.request_id)).await?;
    Ok(())
}

/// The largest config or meta, in bytes of JSON: lists hold many of them, and partners are sent them.
pub(crate) const CONFIG_BYTES: usize = 64 << 10;

/// Notes that a config or meta is too large.
pub(crate) fn bounded(problems: &mut Vec<FieldProblem>, pointer: &str, value: Option<&Map<String, Value>>) {
    let size = value.map_or(0, |members| {
        serde_json::to_string(members).map_or(usize::MAX, |text| text.len())
    });
    if size > CONFIG_BYTES {
        let detail = format!("has {size} bytes; at most {CONFIG_BYTES} are allowed. Put data into a file");
        problems.push(FieldProblem::new(pointer, Fault::too_large(CONFIG_BYTES, detail)));
    }
}

async fn check_owner(tx: &Tx, owner: &UserId) -> Result<(), AppError> {
    let problem = |fault: Fault| AppError::field("/owner_id", fault);
    let user = users::find(tx, owner)
        .await?
        .ok_or_else(|| problem(Fault::not_there("there is no such user").zh("没有该用户")))?;
    if !user.role.is_admin() || user.disabled_at.is_some() {
        let fault = Fault::not_allowed("the owner of a project must be root or an admin, and not disabled");
        return Err(problem(fault.zh("项目负责人必须是未停用的超级管理员或管理员")));
    }
    Ok(())
}
