//! A task version as operators see it.

use console_db::entity::{partner, project, task_inter, task_intra};
use console_db::{ConnectionTrait, pairings as pairing_rows, tasks as rows, utc};
use console_model::{TaskId, UserId};

use super::{PairingState, Task, TaskSummary, change_of, refuse_closed};
use crate::projects::{self, meant};
use crate::rights::{self, Action};
use crate::{App, AppError, Blocker, Operator, instances, pairings};

/// What around a task version, and of who asks, decides what can be done with it.
pub(super) struct Around<'a> {
    operator: &'a Operator,
    project: project::Model,
    partner: Option<partner::Model>,
    root: Option<task_intra::Model>,
    root_pairing: Option<task_inter::Model>,
}

/// Why a task version cannot be worked with in each of the ways; none where it can.
pub(crate) struct Blockers {
    change: Option<Blocker>,
    pub(crate) copy: Option<Blocker>,
    remove: Option<Blocker>,
    pair: Option<Blocker>,
    pub(crate) run: Option<Blocker>,
}

/// Why a task version cannot be worked with; as in lists, the engine is not asked.
pub(crate) async fn blockers(app: &App, operator: &Operator, id: &TaskId) -> Result<Blockers, AppError> {
    let db = app.db().reader();
    let row = match super::find(db, id).await {
        Ok(row) => row,
        Err(gone) => return Ok(Blockers::all(&Blocker::of(Err(gone))?)),
    };
    let pairing = pairing_rows::find_of_task(db, id).await?;
    Around::of(db, operator, &row)
        .await?
        .blockers(&row, pairing.as_ref())
}

impl Blockers {
    fn all(blocker: &Option<Blocker>) -> Self {
        Self {
            change: blocker.clone(),
            copy: blocker.clone(),
            remove: blocker.clone(),
            pair: blocker.clone(),
            run: blocker.clone(),
        }
    }
}

impl<'a> Around<'a> {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        operator: &'a Operator,
        row: &task_intra::Model,
    ) -> Result<Self, AppError> {
        let project = projects::find(db, &row.project_id).await?;
        let root = rows::find_root(db, &row.project_id, &row.name).await?;
        let root_pairing = match &root {
            Some(root) => pairing_rows::find_of_task(db, &root.id).await?,
            None => None,
        };
        Ok(Self {
            operator,
            partner: projects::partner_row(db, &project).await?,
            project,
            root,
            root_pairing,
        })
    }

    fn blockers(
        &self,
        row: &task_intra::Model,
        own: Option<&task_inter::Model>,
    ) -> Result<Blockers, AppError> {
        let may_change = || rights::require(self.operator, change_of(row, &self.project));
        let closed = || refuse_closed(&self.project, row, self.root.as_ref());
        let paired = || super::edit::refuse_paired_by(own);
        Ok(Blockers {
            change: Blocker::of(closed().and_then(|()| paired()).and_then(|()| may_change()))?,
            copy: Blocker::of(closed().and_then(|()| may_change()))?,
            remove: Blocker::of(may_change())?,
            pair: Blocker::of(self.refuse_pairing(row, own).and_then(|()| may_change()))?,
            run: Blocker::of(self.refuse_run(row, own).and_then(|()| self.may_run()))?,
        })
    }

    fn refuse_pairing(
        &self,
        row: &task_intra::Model,
        own: Option<&task_inter::Model>,
    ) -> Result<(), AppError> {
        let around = pairings::Around {
            project: &self.project,
            partner: self.partner.as_ref(),
            root: self.root.as_ref().unwrap_or(row),
            of_root: self.root_pairing.as_ref(),
            own,
        };
        super::refuse_archived(row, self.root.as_ref())?;
        pairings::refuse_unready(row, &around)
    }

    fn refuse_run(&self, row: &task_intra::Model, own: Option<&task_inter::Model>) -> Result<(), AppError> {
        super::refuse_archived(row, self.root.as_ref())?;
        instances::refuse_unpaired(&self.project, self.partner.as_ref(), own)
    }

    fn may_run(&self) -> Result<(), AppError> {
        rights::require(self.operator, Action::Run)
    }
}

pub(super) async fn shown(app: &App, operator: &Operator, row: task_intra::Model) -> Result<Task, AppError> {
    let db = app.db().reader();
    let around = Around::of(db, operator, &row).await?;
    let pairing = pairing_rows::find_of_task(db, &row.id).await?;
    let refused = match around.refuse_run(&row, pairing.as_ref()) {
        Ok(()) => instances::refuse_unfit(app, &around.project, &row, pairing.as_ref()).await,
        refused => refused,
    };
    Ok(Task {
        cannot_run: Blocker::of(refused.and_then(|()| around.may_run()))?,
        ..view(&around, row, pairing)?
    })
}

pub(super) fn summary(
    operator: &Operator,
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
        operator,
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
    around: &Around<'_>,
    row: task_intra::Model,
    pairing: Option<task_inter::Model>,
) -> Result<Task, AppError> {
    let cannot = around.blockers(&row, pairing.as_ref())?;
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
            id: row.id.clone(),
            status: row.status,
            error: row.error,
            error_code: row.error_code,
        })
    };
    Ok(Task {
        id: id.clone(),
        project_id: project_id.clone(),
        name,
        version,
        version_number: number_of(version_number),
        root: task_root,
        task_type: r#type,
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
        cannot_change: cannot.change,
        cannot_copy: cannot.copy,
        cannot_remove: cannot.remove,
        cannot_pair: cannot.pair,
        cannot_run: cannot.run,
        problems: Vec::new(),
    })
}

/// A short number; none for a row that has none.
pub(crate) fn number_of(number: i32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number > 0)
}
