//! Objects attached to a task version. They can be changed for as long as the version can: until it is paired.

use chrono::Utc;
use console_db::entity::{resource, task_intra};
use console_db::{ConnectionTrait, pairings, resources as rows, tasks};
use console_model::{ErrorCode, ErrorKind, FieldCode, LinkStatus, PlainName, ResourceId, TaskId};
use serde_json::Value;

use crate::input::check_remark;
use crate::instances::outputs;
use crate::objects::{self, Deletion};
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, Operator, projects};

/// The longest address of an object, in characters.
const URI: usize = 512;

/// An attached object as operators see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The id.
    pub id: ResourceId,
    /// The task version.
    pub task_id: TaskId,
    /// Unique in the version; the task's config names it.
    pub name: String,
    /// Where the bytes are.
    pub uri: String,
    /// A remark.
    pub comment: Option<String>,
    /// What is noted about it.
    pub config: Option<Value>,
    /// That its content was deleted.
    pub deletion: Option<Deletion>,
}

/// What is needed to attach an object, or to change how it is attached.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Unique in the version.
    pub name: String,
    /// Where the bytes are: the URI of an object here.
    pub uri: String,
    /// A remark.
    pub comment: Option<String>,
    /// What is noted about it.
    pub config: Option<Value>,
}

/// The objects of a task version.
///
/// # Errors
/// `not_found`.
pub async fn list(app: &App, operator: &Operator, task: &TaskId) -> Result<Vec<Resource>, AppError> {
    rights::require(operator, Action::Read)?;
    task_row(app.db().reader(), task).await?;
    let found = rows::of_task(app.db().reader(), task).await?;
    let mut resources = found.into_iter().map(view).collect::<Result<Vec<_>, _>>()?;
    objects::note_deletions(app, &mut resources).await?;
    Ok(resources)
}

/// Attaches an object.
///
/// # Errors
/// `not_found`, `task_paired`, `name_taken`, `invalid_input` (also when the URI leads to no object here).
pub async fn attach(
    app: &App,
    operator: &Operator,
    task: &TaskId,
    new: Attachment,
) -> Result<Resource, AppError> {
    rights::require(operator, Action::CreateTask)?;
    let new = checked(app, new).await?;
    let tx = app.db().begin().await?;
    may_change(&tx, operator, task).await?;
    refuse_taken(&tx, task, &new.name, None).await?;
    let now = Utc::now().naive_utc();
    let row = resource::Model {
        id: ResourceId::generate(),
        gmt_create: now,
        gmt_modified: now,
        owner_id: operator.id.to_string(),
        task_intra_id: task.clone(),
        name: Some(new.name),
        uri: Some(new.uri),
        uri_tail: None,
        comment: new.comment,
        config: new.config,
    };
    rows::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    view(row)
}

/// Changes how an object is attached; all of it is replaced.
///
/// # Errors
/// As [`attach`].
pub async fn update(
    app: &App,
    operator: &Operator,
    id: &ResourceId,
    change: Attachment,
) -> Result<Resource, AppError> {
    rights::require(operator, Action::CreateTask)?;
    let change = checked(app, change).await?;
    let tx = app.db().begin().await?;
    let (row, task) = find(&tx, id).await?;
    may_change(&tx, operator, &task).await?;
    refuse_taken(&tx, &task, &change.name, Some(id)).await?;
    let row = resource::Model {
        gmt_modified: Utc::now().naive_utc(),
        name: Some(change.name),
        uri: Some(change.uri),
        comment: change.comment,
        config: change.config,
        ..row
    };
    rows::save(&tx, row.clone()).await?;
    tx.commit().await?;
    view(row)
}

/// Detaches an object; its bytes stay.
///
/// # Errors
/// `not_found`, `task_paired`.
pub async fn detach(app: &App, operator: &Operator, id: &ResourceId) -> Result<(), AppError> {
    rights::require(operator, Action::CreateTask)?;
    let tx = app.db().begin().await?;
    let (_, task) = find(&tx, id).await?;
    may_change(&tx, operator, &task).await?;
    rows::delete(&tx, id).await?;
    tx.commit().await?;
    Ok(())
}

async fn checked(app: &App, new: Attachment) -> Result<Attachment, AppError> {
    let name = PlainName::<256>::parse(&new.name);
    let name = name.map_err(|error| AppError::field("/name", error))?;
    check_remark(new.comment.as_deref()).map_err(|fault| AppError::field("/comment", fault))?;
    if new.config.as_ref().is_some_and(|config| !config.is_object()) {
        return Err(AppError::field(
            "/config",
            Fault::new(FieldCode::WrongType, "must be a JSON object"),
        ));
    }
    let uri = new.uri.chars().count();
    if uri > URI {
        return Err(AppError::field("/uri", Fault::too_long(URI, uri)));
    }
    let key = app
        .store()
        .key_of_uri(&new.uri)
        .map_err(|error| AppError::field("/uri", Fault::malformed(error)))?;
    let missing = || {
        let detail = "there is no such object here; upload it first";
        let fault = Fault::not_there(detail).zh("这里没有该文件，请先上传");
        AppError::field("/uri", fault)
    };
    outputs::refuse_pending(app, key.as_str())
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => missing(),
            _ => error,
        })?;
    objects::refuse_deleted(app, key.as_str())
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => AppError::field("/uri", Fault::not_there(error)),
            _ => error,
        })?;
    match app.store().head(&key).await {
        Ok(_) => Ok(Attachment {
            name: name.into_string(),
            ..new
        }),
        Err(console_storage::StorageError::NotFound { .. }) => Err(missing()),
        Err(error) => Err(error.into()),
    }
}

async fn may_change(db: &impl ConnectionTrait, operator: &Operator, task: &TaskId) -> Result<(), AppError> {
    let row = task_row(db, task).await?;
    let project = row.project_id.clone();
    let project = projects::find(db, &project).await?;
    rights::require(
        operator,
        Action::ChangeTask {
            owner: &row.owner_id,
            project_owner: &project.owner_id,
        },
    )?;
    let pairing = pairings::find_of_task(db, task).await?;
    if pairing.is_some_and(|pairing| pairing.status != LinkStatus::Draft) {
        let detail = "This version is paired and cannot be changed. Make a new version.";
        return Err(AppError::conflict(ErrorCode::TaskPaired, detail));
    }
    Ok(())
}

async fn refuse_taken(
    db: &impl ConnectionTrait,
    task: &TaskId,
    name: &str,
    but: Option<&ResourceId>,
) -> Result<(), AppError> {
    let taken = rows::of_task(db, task)
        .await?
        .into_iter()
        .any(|row| row.name.as_deref() == Some(name) && but.is_none_or(|id| *id != row.id));
    if taken {
        let taken = Fault::new(
            FieldCode::NotUnique,
            "this version has an object of this name already",
        );
        let error = AppError::field("/name", taken);
        return Err(error.as_kind(ErrorKind::Conflict, ErrorCode::NameTaken));
    }
    Ok(())
}

async fn task_row(db: &impl ConnectionTrait, task: &TaskId) -> Result<task_intra::Model, AppError> {
    tasks::find(db, task)
        .await?
        .ok_or_else(|| AppError::not_found("task"))
}

async fn find(db: &impl ConnectionTrait, id: &ResourceId) -> Result<(resource::Model, TaskId), AppError> {
    let row = rows::find(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("resource"))?;
    let task = row.task_intra_id.clone();
    Ok((row, task))
}

fn view(row: resource::Model) -> Result<Resource, AppError> {
    Ok(Resource {
        id: row.id.clone(),
        task_id: row.task_intra_id.clone(),
        name: row.name.unwrap_or_default(),
        uri: row.uri.unwrap_or_default(),
        comment: row.comment,
        config: row.config,
        deletion: None,
    })
}
