//! What changed of what operators see, for a short while: `change_entry`.
//!
//! Whoever changes such a row does so through `crate::write`, which notes it in the transaction ([`crate::Tx`]); the
//! commit writes the notes. So a change and its entry are one, and nobody who writes a new function can forget it: the
//! lints refuse any other way to write, unless a module says why nobody needs to be told.
//!
//! Entries are numbered by the database, and on the servers the numbers are no order of commits: of two transactions at
//! the same moment, the one with the lower number may become visible last. So a reader's [`Position`] is not one number:
//! it remembers the numbers that it missed, and looks for them again. Since the numbers are drawn right before the
//! commit, such a hole closes within milliseconds, or stays for ever, when the commit failed.
#![expect(clippy::disallowed_methods, reason = "the entries themselves")]

mod position;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::{ChangeKind, ChangeType};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use crate::entity::change_entry::{ActiveModel, Column, Entity, Model};
use crate::entity::{resource, task_instance, task_inter, task_intra};
use crate::error::DbResult;
use crate::time::{fit, naive, now};
use crate::tx::Writer;

pub use position::Position;

/// So many rows go in one statement, and so many ids in one condition.
const AT_ONCE: usize = 1000;

/// Where something belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    project_id: Option<String>,
    task_id: Option<String>,
}

/// What a transaction has changed so far: each thing once.
#[derive(Debug, Default)]
pub(crate) struct Noted(BTreeMap<(i16, String), (ChangeKind, ChangeType, Option<Place>)>);

impl Noted {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, kind: ChangeKind, what: ChangeType, subject: &str, place: Option<Place>) {
        // That somebody signs in or goes on working concerns nobody; that a session ends concerns its open streams.
        if kind == ChangeKind::Session && what != ChangeType::Deleted {
            return;
        }
        let key = (kind.number(), subject.to_owned());
        let before = self.0.get(&key).map(|(_, before, _)| *before);
        let what = match (before, what) {
            (Some(ChangeType::Created), ChangeType::Updated) => ChangeType::Created,
            (Some(ChangeType::Deleted), ChangeType::Created) => ChangeType::Updated,
            (_, what) => what,
        };
        self.0.insert(key, (kind, what, place));
    }
}

/// Writes what was noted. `conn` is the transaction that changed it.
pub(crate) async fn append(conn: &impl ConnectionTrait, noted: Noted) -> DbResult<()> {
    let mut unplaced: BTreeMap<i16, (ChangeKind, Vec<String>)> = BTreeMap::new();
    for ((number, subject), (kind, _, place)) in &noted.0 {
        if place.is_none() {
            let (_, subjects) = unplaced.entry(*number).or_insert((*kind, Vec::new()));
            subjects.push(subject.clone());
        }
    }
    let mut found = HashMap::new();
    for (number, (kind, subjects)) in unplaced {
        found.insert(number, places(conn, kind, &subjects).await?);
    }
    let at = now();
    let rows = noted.0.into_iter().map(|((number, subject), (_, what, place))| {
        let place = place.or_else(|| found.get_mut(&number)?.remove(&subject));
        let Place { project_id, task_id } = place.unwrap_or_default();
        ActiveModel {
            id: NotSet,
            at: Set(at),
            kind: Set(number),
            what: Set(what.number()),
            subject: Set(fit(&subject, 256)),
            project_id: Set(project_id),
            task_id: Set(task_id),
        }
    });
    let rows: Vec<ActiveModel> = rows.collect();
    for chunk in rows.chunks(AT_ONCE) {
        Entity::insert_many(chunk.iter().cloned())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// Where things of a kind belong, by their ids. Some kinds belong nowhere.
pub(crate) async fn places(
    conn: &impl ConnectionTrait,
    kind: ChangeKind,
    ids: &[String],
) -> DbResult<HashMap<String, Place>> {
    let mut places = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let of_project = |id: &String| (id.clone(), Some(id.clone()), None);
        let found: Vec<(String, Option<String>, Option<String>)> = match kind {
            ChangeKind::Project => ids.iter().map(of_project).collect(),
            ChangeKind::Task => of_tasks(conn, ids).await?,
            ChangeKind::Instance => of_runs(conn, ids).await?,
            ChangeKind::Pairing => {
                use task_inter::{Column as Own, Entity as Pairings};
                let to_task = Pairings::belongs_to(task_intra::Entity).from(Own::TaskIntraId);
                let to_task = to_task.to(task_intra::Column::Id).into();
                of_parts::<Pairings>(conn, [Own::Id, Own::TaskIntraId], to_task, ids).await?
            }
            ChangeKind::Resource => {
                use resource::{Column as Own, Entity as Resources};
                let to_task = Resources::belongs_to(task_intra::Entity).from(Own::TaskIntraId);
                let to_task = to_task.to(task_intra::Column::Id).into();
                of_parts::<Resources>(conn, [Own::Id, Own::TaskIntraId], to_task, ids).await?
            }
            ChangeKind::Partner
            | ChangeKind::Invitation
            | ChangeKind::Object
            | ChangeKind::User
            | ChangeKind::Outbox
            | ChangeKind::Session => Vec::new(),
        };
        places.extend(found.into_iter().map(|(id, project_id, task_id)| {
            let place = Place { project_id, task_id };
            (id, place)
        }));
    }
    Ok(places)
}

type Placed = Vec<(String, Option<String>, Option<String>)>;

async fn of_tasks(conn: &impl ConnectionTrait, ids: &[String]) -> DbResult<Placed> {
    use task_intra::Column as Own;
    Ok(task_intra::Entity::find()
        .select_only()
        .columns([Own::Id, Own::ProjectId])
        .column_as(Own::Id, "task_id")
        .filter(Own::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?)
}

async fn of_runs(conn: &impl ConnectionTrait, ids: &[String]) -> DbResult<Placed> {
    use task_instance::Column as Own;
    Ok(task_instance::Entity::find()
        .select_only()
        .columns([Own::Id, Own::ProjectId, Own::TaskIntraId])
        .filter(Own::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?)
}

/// Of what hangs on a task version.
async fn of_parts<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    [id, task]: [E::Column; 2],
    to_task: RelationDef,
    ids: &[String],
) -> DbResult<Placed> {
    Ok(E::find()
        .select_only()
        .column(id)
        .column(task_intra::Column::ProjectId)
        .column(task)
        .join(JoinType::LeftJoin, to_task)
        .filter(id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?)
}

/// Notes that a file of the operators was written or removed. The files are not in the database, so their change is
/// made before and cannot be one with the note: a process that is killed in between has changed it silently.
///
/// # Errors
/// Any error of the database.
pub async fn note_object(writer: &impl Writer, name: &str, what: ChangeType) -> DbResult<()> {
    let unit = writer.unit().await?;
    unit.note(ChangeKind::Object, what, name);
    unit.done().await
}

/// The entries behind a number, in the order of their numbers.
async fn after(conn: &impl ConnectionTrait, id: i64, limit: u64) -> DbResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::Id.gt(id))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?)
}

/// Those entries of some numbers that are visible by now, in the order of their numbers.
async fn among(conn: &impl ConnectionTrait, ids: &[i64]) -> DbResult<Vec<Model>> {
    let mut found = Vec::new();
    for ids in ids.chunks(AT_ONCE) {
        let select = Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
        found.extend(select.order_by_asc(Column::Id).all(conn).await?);
    }
    Ok(found)
}

/// The numbers and moments of the newest entries, in the order of their numbers.
async fn newest(conn: &impl ConnectionTrait, limit: u64) -> DbResult<Vec<(i64, NaiveDateTime)>> {
    let mut found: Vec<(i64, NaiveDateTime)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::At])
        .order_by_desc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    found.reverse();
    Ok(found)
}

/// The numbers and moments of the first entries that are kept, in the order of their numbers.
async fn first(conn: &impl ConnectionTrait, limit: u64) -> DbResult<Vec<(i64, NaiveDateTime)>> {
    let select = Entity::find().select_only().columns([Column::Id, Column::At]);
    let select = select.order_by_asc(Column::Id).limit(limit);
    Ok(select.into_tuple().all(conn).await?)
}

/// Deletes at most `batch` entries from the first on, none of which is after `before`. Tells how many.
///
/// The newest entry stays in any case: a server that starts on an empty table may begin to count anew.
///
/// # Errors
/// Any error of the database.
pub async fn purge(conn: &impl ConnectionTrait, before: DateTime<Utc>, batch: u64) -> DbResult<u64> {
    let before = naive(before);
    let mut old = first(conn, batch.saturating_add(1)).await?;
    // The last of them is the newest of all, or one more than the batch.
    old.pop();
    let Some((last, _)) = old.into_iter().take_while(|(_, at)| *at <= before).last() else {
        return Ok(0);
    };
    let done = Entity::delete_many()
        .filter(Column::Id.lte(last))
        .exec(conn)
        .await?;
    Ok(done.rows_affected)
}
