use std::collections::HashMap;

use console_model::{ProjectId, TaskId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::columns::leave_out;
use crate::entity::task_inter;
use crate::entity::task_intra::{Column, Entity, Model};
use crate::error::DbResult;
use crate::page::{Page, cut};

/// A root with the newest version of its task.
#[derive(Debug, Clone, PartialEq)]
pub struct RootListed {
    /// The first version.
    pub root: Model,
    /// Its pairing.
    pub root_pairing: Option<task_inter::Model>,
    /// The newest version; the root itself when there is one only.
    pub newest: Option<Model>,
    /// Its pairing.
    pub newest_pairing: Option<task_inter::Model>,
    /// How many versions there are.
    pub versions: u64,
}

/// A version with its pairing.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The version.
    pub row: Model,
    /// Its pairing.
    pub pairing: Option<task_inter::Model>,
}

#[derive(FromQueryResult)]
struct Group {
    name: String,
    versions: i64,
    latest: chrono::NaiveDateTime,
}

/// The tasks of a project without config and meta, newest first, with or without those that were put away. Four
/// statements, however long the page is.
///
/// # Errors
/// Any error of the database.
pub async fn list_roots(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    archived: bool,
    page: &Page,
) -> DbResult<Vec<RootListed>> {
    let of_project = || Entity::find().filter(Column::ProjectId.eq(project.as_str()));
    let brief = || leave_out(of_project(), &[Column::Config, Column::Meta]);
    let roots = cut(
        shown(brief().filter(Column::TaskRoot.eq(true)), archived),
        Column::GmtCreate,
        Column::Id,
        page,
    );
    let roots = roots.all(conn).await?;
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = roots.iter().map(|row| row.name.as_str()).collect();
    let groups: Vec<Group> = of_project()
        .select_only()
        .column(Column::Name)
        .column_as(Column::Id.count(), "versions")
        .column_as(Column::GmtCreate.max(), "latest")
        .filter(Column::Name.is_in(names))
        .group_by(Column::Name)
        .into_model()
        .all(conn)
        .await?;
    let mut newest: HashMap<String, Model> = HashMap::new();
    let latest = groups.iter().map(|group| {
        Expr::col((Entity, Column::Name))
            .eq(group.name.as_str())
            .and(Expr::col((Entity, Column::GmtCreate)).eq(group.latest))
    });
    if let Some(any) = latest.reduce(|all, one| all.or(one)) {
        for row in brief()
            .filter(any)
            .order_by_asc(Column::Version)
            .all(conn)
            .await?
        {
            newest.insert(row.name.clone(), row);
        }
    }
    let counts: HashMap<&str, i64> = groups
        .iter()
        .map(|group| (group.name.as_str(), group.versions))
        .collect();
    let mut pairings = pairings_of(conn, roots.iter().chain(newest.values())).await?;
    let listed = roots.into_iter().map(|root| {
        let newest = newest.remove(&root.name);
        let newest_pairing = newest.as_ref().and_then(|row| pairings.get(&row.id).cloned());
        let versions = counts.get(root.name.as_str()).copied().unwrap_or(1);
        let root_pairing = pairings.remove(&root.id);
        RootListed {
            root_pairing,
            root,
            newest,
            newest_pairing,
            versions: versions.unsigned_abs(),
        }
    });
    Ok(listed.collect())
}

/// The versions of a project's task, newest first, with or without those that were put away. Two statements.
///
/// # Errors
/// Any error of the database.
pub async fn versions(
    conn: &impl ConnectionTrait,
    project: &ProjectId,
    name: &str,
    archived: bool,
    page: &Page,
) -> DbResult<Vec<Version>> {
    let select = Entity::find()
        .filter(Column::ProjectId.eq(project.as_str()))
        .filter(Column::Name.eq(name));
    let rows = cut(shown(select, archived), Column::GmtCreate, Column::Id, page)
        .all(conn)
        .await?;
    let mut pairings = pairings_of(conn, rows.iter()).await?;
    Ok(rows
        .into_iter()
        .map(|row| Version {
            pairing: pairings.remove(&row.id),
            row,
        })
        .collect())
}

fn shown(select: Select<Entity>, archived: bool) -> Select<Entity> {
    if archived {
        select
    } else {
        select.filter(Column::ArchivedAt.is_null())
    }
}

async fn pairings_of<'a>(
    conn: &impl ConnectionTrait,
    tasks: impl Iterator<Item = &'a Model>,
) -> DbResult<HashMap<TaskId, task_inter::Model>> {
    let ids: Vec<&str> = tasks.map(|row| row.id.as_str()).collect();
    let found = leave_out(
        task_inter::Entity::find(),
        &[task_inter::Column::PeerMeta, task_inter::Column::PeerSettings],
    )
    .filter(task_inter::Column::TaskIntraId.is_in(ids))
    .all(conn)
    .await?;
    Ok(found
        .into_iter()
        .map(|row| (row.task_intra_id.clone(), row))
        .collect())
}
