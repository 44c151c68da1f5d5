//! Making and changing tasks.

use chrono::Utc;
use console_db::entity::{task_inter, task_intra};
use console_db::{Tx, naive, pairings, projects as project_rows, tasks as rows};
use console_model::{ErrorCode, LinkStatus, PlainName, ProjectId, TaskId, TaskType, fold};
use serde_json::Value;

use super::{NewTask, Task, TaskChange, find_to_change, free_version, problems, shown};
use crate::input::{check_generation, field, remark};
use crate::pairings::fit::kind_of;

use crate::projects::bounded;
use crate::rights::{self, Action};
use crate::{App, AppError, Fault, FieldProblem, Operator, projects};

/// Makes a task: its first version, the root.
///
/// # Errors
/// `invalid_input`; `not_found` for the project; `name_taken`, `token_taken`, `project_archived`.
pub async fn create(app: &App, operator: &Operator, new: NewTask) -> Result<Task, AppError> {
    rights::require(operator, Action::CreateTask)?;
    let mut wrong = Vec::new();
    let name = field(&mut wrong, "/name", PlainName::<256>::parse(&new.name));
    let comment = field(&mut wrong, "/comment", remark(new.comment.as_deref()));
    let token = field(&mut wrong, "/token", token(new.token.as_deref()));
    check_engine(app, &mut wrong, new.engine.as_deref(), new.task_type);
    bounded(&mut wrong, "/config", new.config.as_ref());
    bounded(&mut wrong, "/meta", new.meta.as_ref());
    let (Some(name), Some(comment), Some(token), []) = (name, comment, token, wrong.as_slice()) else {
        return Err(AppError::fields(wrong));
    };
    let tx = app.db().begin().await?;
    let project = projects::find(&tx, &new.project_id).await?;
    projects::refuse_archived(&project)?;
    project_rows::lock(&tx, &new.project_id).await?;
    refuse_taken_name(&tx, &new.project_id, name.as_str(), None).await?;
    if let Some(token) = &token {
        refuse_taken_token(&tx, token, None).await?;
    }
    let now = naive(Utc::now());
    let row = task_intra::Model {
        id: TaskId::generate(),
        gmt_create: now,
        gmt_modified: now,
        version: free_version(&tx, &new.project_id, name.as_str())
            .await?
            .to_string(),
        project_id: new.project_id.clone(),
        name: name.into_string(),
        owner_id: operator.id.to_string(),
        r#type: new.task_type,
        token_folded: token.as_deref().map(fold),
        token,
        task_root: true,
        comment,
        config: new.config.map(Value::Object),
        meta: new.meta.map(Value::Object),
        version_number: 1,
        generation: 1,
        engine: new.engine,
        archived_at: None,
    };
    rows::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    let problems = problems(app, &row).await?;
    Ok(Task {
        problems,
        ..shown(app, operator, row).await?
    })
}

/// Changes a task version that is not paired.
///
/// # Errors
/// `not_found`, `stale`, `invalid_input`, `name_taken`, `token_taken`, `task_paired`, `pairing_asked`.
pub async fn update(
    app: &App,
    operator: &Operator,
    id: &TaskId,
    generation: Option<i64>,
    change: TaskChange,
) -> Result<Task, AppError> {
    let tx = app.db().begin().await?;
    let row = find_to_change(&tx, operator, id).await?;
    check_generation(row.generation, generation)?;
    project_rows::lock(&tx, &row.project_id).await?;
    refuse_paired(&tx, &row).await?;
    let changed = apply(app, row.clone(), change)?;
    let shared = |row: &task_intra::Model| {
        (
            row.name.clone(),
            row.token.clone(),
            row.r#type,
            row.engine.clone(),
        )
    };
    if shared(&row) != shared(&changed) {
        change_shared(&tx, &row, &changed).await?;
    }
    let row = rows::save(&tx, changed).await?;
    tx.commit().await?;
    let problems = problems(app, &row).await?;
    Ok(Task {
        problems,
        ..shown(app, operator, row).await?
    })
}

fn apply(app: &App, mut row: task_intra::Model, change: TaskChange) -> Result<task_intra::Model, AppError> {
    let TaskChange {
        name,
        task_type,
        token: new_token,
        comment,
        config,
        meta,
        engine,
    } = change;
    let mut wrong = Vec::new();
    if !row.task_root {
        let of_root = [
            ("/name", name.is_some()),
            ("/task_type", task_type.is_some()),
            ("/token", new_token.is_some()),
            ("/engine", engine.is_some()),
        ];
        for (pointer, _) in of_root.into_iter().filter(|(_, given)| *given) {
            let fault = Fault::not_allowed("belongs to the first version of the task; change it there")
                .zh("属于任务的第一个版本，请在该版本中修改");
            wrong.push(FieldProblem::new(pointer, fault));
        }
    }
    if let Some(name) = name.and_then(|name| field(&mut wrong, "/name", PlainName::<256>::parse(&name))) {
        row.name = name.into_string();
    }
    if let Some(token) = new_token.and_then(|text| field(&mut wrong, "/token", token(text.as_deref()))) {
        row.token_folded = token.as_deref().map(fold);
        row.token = token;
    }
    if let Some(comment) = comment.and_then(|text| field(&mut wrong, "/comment", remark(text.as_deref()))) {
        row.comment = comment;
    }
    if let Some(task_type) = task_type {
        row.r#type = task_type;
    }
    if let Some(engine) = engine {
        row.engine = engine;
    }
    check_engine(app, &mut wrong, row.engine.as_deref(), row.r#type);
    bounded(&mut wrong, "/config", config.as_ref().and_then(Option::as_ref));
    bounded(&mut wrong, "/meta", meta.as_ref().and_then(Option::as_ref));
    if let Some(config) = config {
        row.config = config.map(Value::Object);
    }
    if let Some(meta) = meta {
        row.meta = meta.map(Value::Object);
    }
    if wrong.is_empty() {
        Ok(row)
    } else {
        Err(AppError::fields(wrong))
    }
}

/// Carries what all versions share to the others, as far as none of them is paired.
async fn change_shared(
    tx: &Tx,
    before: &task_intra::Model,
    after: &task_intra::Model,
) -> Result<(), AppError> {
    let (project, id) = (before.project_id.clone(), before.id.clone());
    if before.name != after.name {
        refuse_taken_name(tx, &project, &after.name, Some(&id)).await?;
    }
    if let Some(token) = after
        .token
        .as_deref()
        .filter(|token| before.token.as_deref() != Some(token))
    {
        refuse_taken_token(tx, token, Some(&id)).await?;
    }
    for mut version in rows::all_versions(tx, &project, &before.name).await? {
        if version.id == before.id {
            continue;
        }
        refuse_paired(tx, &version).await?;
        version.name.clone_from(&after.name);
        version.token.clone_from(&after.token);
        version.token_folded.clone_from(&after.token_folded);
        version.r#type = after.r#type;
        version.engine.clone_from(&after.engine);
        rows::save(tx, version).await?;
    }
    Ok(())
}

fn token(text: Option<&str>) -> Result<Option<String>, console_model::NameError> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => PlainName::<256>::parse(text).map(|token| Some(token.into_string())),
    }
}

fn check_engine(app: &App, wrong: &mut Vec<FieldProblem>, engine: Option<&str>, task_type: TaskType) {
    let Some(name) = engine else { return };
    let fault = match app.engines().get(name) {
        None => {
            let known: Vec<&str> = app
                .engines()
                .iter()
                .map(|known| known.description.name.as_str())
                .collect();
            Fault::not_there(format!(
                "there is no engine {name:?} on this console; there is: {}",
                known.join(", ")
            ))
            .zh(format!("本控制台没有引擎 {name:?}；现有：{}", known.join(", ")))
        }
        Some(known) if !known.description.types.contains_key(&kind_of(task_type)) => Fault::not_allowed(
            format!("the engine {name:?} does not run tasks of type {task_type}"),
        )
        .zh(format!("引擎 {name:?} 不支持 {task_type} 类型的任务")),
        Some(_) => return,
    };
    wrong.push(FieldProblem::new("/engine", fault));
}

/// Refuses to change a version that is paired, or about to be.
pub(crate) async fn refuse_paired(tx: &Tx, row: &task_intra::Model) -> Result<(), AppError> {
    refuse_paired_by(pairings::find_of_task(tx, &row.id).await?.as_ref())
}

/// As [`refuse_paired`], with the version's pairing at hand.
pub(super) fn refuse_paired_by(pairing: Option<&task_inter::Model>) -> Result<(), AppError> {
    let Some(pairing) = pairing else {
        return Ok(());
    };
    if pairing.status != LinkStatus::Draft {
        return Err(AppError::conflict(
            ErrorCode::TaskPaired,
            "The task version is paired. Make a new version to change it.",
        ));
    }
    if pairing.error.is_none() {
        return Err(AppError::conflict(
            ErrorCode::PairingAsked,
            "The partner was asked to pair this version and has not answered yet. Wait for its answer.",
        ));
    }
    Ok(())
}

async fn refuse_taken_name(
    tx: &Tx,
    project: &ProjectId,
    name: &str,
    except: Option<&TaskId>,
) -> Result<(), AppError> {
    let taken = rows::find_root(tx, project, name).await?;
    match taken.filter(|row| except.is_none_or(|id| *id != row.id)) {
        Some(_) => Err(AppError::conflict(
            ErrorCode::NameTaken,
            "Another task of the project has this name. Choose another one, or make a new version of that task.",
        )),
        None => Ok(()),
    }
}

/// Tokens that a base console could not tell apart are refused as well.
async fn refuse_taken_token(tx: &Tx, token: &str, except: Option<&TaskId>) -> Result<(), AppError> {
    let taken = rows::roots_with_folded_token(tx, &fold(token)).await?;
    let Some(other) = taken
        .into_iter()
        .find(|row| except.is_none_or(|id| *id != row.id))
    else {
        return Ok(());
    };
    let how = if other.token.as_deref() == Some(token) {
        "has this token"
    } else {
        "has a token that differs only in upper and lower case or in spaces at its end"
    };
    Err(AppError::conflict(
        ErrorCode::TokenTaken,
        format!("Another task, {:?}, {how}. Choose another one.", other.name),
    )
    .zh(format!(
        "任务 {:?} 的配对码与此相同，或仅大小写、末尾空格不同。请换一个。",
        other.name
    )))
}
