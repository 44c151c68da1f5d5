//! A task version as operators see it.

use console_db::entity::{partner, project, task_inter, task_intra};
use console_db::{ConnectionTrait, pairings as pairing_rows, tasks as rows, utc};
use console_model::{ErrorKind, LinkStatus, PairingId, ProjectId, TaskId, TaskType, UserId};

use super::{Blocker, PairingState, Task, TaskSummary, id_of, project_of};
use crate::projects::{self, meant};
use crate::{App, AppError, instances, pairings};

impl Blocker {
    /// What a refusal means. A failure to find out is none.
    fn of(refused: Result<(), AppError>) -> Result<Option<Self>, AppError> {
        match refused {
            Ok(()) => Ok(None),
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Unprocessable) => {
                Ok(Some(Self {
                    code: error.code(),
                    detail: error.to_string(),
                }))
            }
            Err(error) => Err(error),
        }
    }
}

/// What around a task version decides what can be done with it.
pub(super) struct Around {
    pub(super) project: project::Model,
    pub(super) partner: Option<partner::Model>,
    pub(super) root: Option<task_intra::Model>,
    pub(super) root_pairing: Option<task_inter::Model>,
}

impl Around {
    pub(super) async fn of(db: &impl ConnectionTrait, row: &task_intra::Model) -> Result<Self, AppError> {
        let project = projects::find(db, &project_of(row)?).await?;
        let root = rows::find_root(db, &project_of(row)?, &row.name).await?;
        let root_pairing = match &root {
            Some(root) => pairing_rows::find_of_task(db, &id_of(root)?).await?,
            None => None,
        };
        Ok(Self {
            partner: projects::partner_row(db, &project).await?,
            project,
            root,
            root_pairing,
        })
    }

    fn cannot_pair(
        &self,
        row: &task_intra::Model,
        own: Option<&task_inter::Model>,
    ) -> Result<Option<Blocker>, AppError> {
        let around = pairings::Around {
            project: &self.project,
            partner: self.partner.as_ref(),
            root: self.root.as_ref().unwrap_or(row),
            of_root: self.root_pairing.as_ref(),
            own,
        };
        let refused = super::refuse_archived(row, self.root.as_ref());
        Blocker::of(refused.and_then(|()| pairings::refuse_unready(row, &around)))
    }

    fn cannot_run(
        &self,
        row: &task_intra::Model,
        own: Option<&task_inter::Model>,
    ) -> Result<Option<Blocker>, AppError> {
        let refused = super::refuse_archived(row, self.root.as_ref())
            .and_then(|()| instances::refuse_unpaired(&self.project, self.partner.as_ref(), own));
        Blocker::of(refused)
    }
}

pub(super) async fn shown(app: &App, row: task_intra::Model) -> Result<Task, AppError> {
    let db = app.db().reader();
    let around = Around::of(db, &row).await?;
    let pairing = pairing_rows::find_of_task(db, &id_of(&row)?).await?;
    let cannot_run = match around.cannot_run(&row, pairing.as_ref())? {
        None => Blocker::of(instances::refuse_unfit(app, &around.project, &row, pairing.as_ref()).await)?,
        blocker => blocker,
    };
    Ok(Task {
        cannot_run,
        ..view(&around, row, pairing)?
    })
}

pub(super) fn summary(
    project: &project::Model,
    partner: Option<&partner::Model>,
    found: rows::RootListed,
) -> Result<TaskSummary, AppError> {
    let rows::RootListed {
        root,
        root_pairing,
        newest,
        newest_pairing,
        versions,
    } = found;
    let around = Around {
        project: project.clone(),
        partner: partner.cloned(),
        root: Some(root.clone()),
        root_pairing: root_pairing.clone(),
    };
    let newest = newest
        .filter(|newest| newest.id != root.id)
        .map(|row| view(&around, row, newest_pairing))
        .transpose()?;
    Ok(TaskSummary {
        root: view(&around, root, root_pairing)?,
        newest,
        versions,
    })
}

pub(super) fn view(
    around: &Around,
    row: task_intra::Model,
    pairing: Option<task_inter::Model>,
) -> Result<Task, AppError> {
    let cannot_pair = around.cannot_pair(&row, pairing.as_ref())?;
    let cannot_run = around.cannot_run(&row, pairing.as_ref())?;
    let task_intra::Model {
        id,
        gmt_create,
        gmt_modified,
        project_id,
        name,
        version,
        version_number,
        owner_id,
        r#type,
        token,
        task_root,
        comment,
        config,
        meta,
        generation,
        engine,
        token_folded: _,
        archived_at,
    } = row;
    let state = |row: task_inter::Model| {
        Ok::<_, AppError>(PairingState {
            id: PairingId::parse(&row.id).map_err(AppError::internal)?,
            status: LinkStatus::from_number(row.status).map_err(AppError::internal)?,
            error: row.error,
            error_code: row.error_code,
        })
    };
    Ok(Task {
        id: TaskId::parse(&id).map_err(AppError::internal)?,
        project_id: ProjectId::parse(&project_id).map_err(AppError::internal)?,
        name,
        version,
        version_number: number_of(version_number),
        root: task_root,
        task_type: TaskType::from_number(r#type).map_err(AppError::internal)?,
        token,
        comment,
        config: config.map(meant),
        meta: meta.map(meant),
        changed_keys: None,
        engine,
        owner_id: UserId::parse(&owner_id)
            .ok()
            .filter(|id| id.as_str() != projects::NOBODY),
        pairing: pairing.map(state).transpose()?,
        created_at: utc(gmt_create),
        modified_at: utc(gmt_modified),
        archived_at: archived_at.map(utc),
        generation,
        cannot_pair,
        cannot_run,
        problems: Vec::new(),
    })
}

/// A short number; none for a row that has none.
pub(crate) fn number_of(number: i32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number > 0)
}
