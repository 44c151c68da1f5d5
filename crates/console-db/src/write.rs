use chrono::NaiveDateTime;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter,
};

use crate::entity::{partner, project, task_instance, task_inter, task_intra, user};
use crate::error::{DbError, DbResult};
use crate::time::now;

/// A table whose rows count their changes.
pub trait Generation: EntityTrait {
    /// The primary key.
    const ID: Self::Column;
    /// The count.
    const GENERATION: Self::Column;
    /// When it last changed.
    const MODIFIED: Self::Column;
    /// Columns with a writer of their own, which [`update_where_generation`] leaves alone.
    const OWNED: &'static [Self::Column];
}

macro_rules! generation {
    ($($entity:ident: $($owned:ident)*;)+) => {$(
        impl Generation for $entity::Entity {
            const ID: Self::Column = $entity::Column::Id;
            const GENERATION: Self::Column = $entity::Column::Generation;
            const MODIFIED: Self::Column = $entity::Column::GmtModified;
            const OWNED: &'static [Self::Column] = &[$($entity::Column::$owned),*];
        }

        impl Counted for $entity::Model {
            fn key(&self) -> &str {
                &self.id
            }

            fn generation(&self) -> i64 {
                self.generation
            }

            fn counted(self, generation: i64, at: NaiveDateTime) -> Self {
                Self { generation, gmt_modified: at, ..self }
            }
        }
    )+};
}

generation! {
    project: ;
    task_intra: ;
    task_inter: ;
    task_instance: Status Attempt StatusSeq;
    partner: ;
    user: ;
}

/// Changes a row if nobody changed it since it was read, and counts the change. Tells the new generation.
///
/// `changes` holds what is to be set; everything else stays. An instance's status, attempt and status number stay in
/// any case: [`crate::instances::transition`] alone changes them.
///
/// # Errors
/// [`DbError::Stale`] when the row has another generation or is gone.
pub async fn update_where_generation<A>(
    conn: &impl ConnectionTrait,
    id: &str,
    generation: i64,
    changes: A,
) -> DbResult<i64>
where
    A: ActiveModelTrait,
    A::Entity: Generation,
{
    set_where_generation(conn, id, generation, without_owned(changes), now()).await
}

fn without_owned<A>(mut changes: A) -> A
where
    A: ActiveModelTrait,
    A::Entity: Generation,
{
    for column in <A::Entity as Generation>::OWNED {
        changes.not_set(*column);
    }
    changes
}

/// As [`update_where_generation`] at a given moment, for the writers of the columns that it leaves alone.
pub(crate) async fn set_where_generation<A>(
    conn: &impl ConnectionTrait,
    id: &str,
    generation: i64,
    mut changes: A,
    at: NaiveDateTime,
) -> DbResult<i64>
where
    A: ActiveModelTrait,
    A::Entity: Generation,
{
    let (key, count, modified) = (A::Entity::ID, A::Entity::GENERATION, A::Entity::MODIFIED);
    for column in [key, count, modified] {
        changes.not_set(column);
    }
    let done = A::Entity::update_many()
        .set(changes)
        .col_expr(count, Expr::col(count).add(1))
        .col_expr(modified, Expr::value(at))
        .filter(key.eq(id))
        .filter(count.eq(generation))
        .exec(conn)
        .await?;
    if done.rows_affected == 0 {
        Err(DbError::Stale)
    } else {
        Ok(generation + 1)
    }
}

/// Writes a row as it stands, if nobody changed it since it was read. Gives the row as it is now.
pub(crate) async fn save<M, A>(conn: &impl ConnectionTrait, row: M) -> DbResult<M>
where
    M: IntoActiveModel<A> + Counted + Clone,
    A: ActiveModelTrait,
    A::Entity: Generation,
{
    let at = now();
    let changes = without_owned(row.clone().into_active_model().reset_all());
    let generation = set_where_generation(conn, row.key(), row.generation(), changes, at).await?;
    Ok(row.counted(generation, at))
}

/// A row that counts its changes.
pub(crate) trait Counted {
    /// Its primary key.
    fn key(&self) -> &str;
    /// Its count.
    fn generation(&self) -> i64;
    /// The row after a change.
    fn counted(self, generation: i64, at: NaiveDateTime) -> Self;
}

/// Writes a new row, every column as it stands.
pub(crate) async fn insert<M, A>(conn: &impl ConnectionTrait, row: M) -> DbResult<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let row = row.into_active_model().reset_all();
    A::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes a new row unless its primary or another unique key is taken. Tells whether it was written.
///
/// A taken key does not end the transaction.
pub(crate) async fn insert_if_absent<A>(conn: &impl ConnectionTrait, row: A) -> DbResult<bool>
where
    A: ActiveModelTrait + ActiveModelBehavior,
{
    let insert = A::Entity::insert(row);
    if conn.get_database_backend() == DbBackend::MySql {
        // Its INSERT IGNORE would also ignore that a value does not fit, and its counts cannot tell an update of
        // nothing from an insert. A failed statement leaves the transaction alone, unlike on PostgreSQL.
        return match insert.exec_without_returning(conn).await.map_err(DbError::from) {
            Ok(_) => Ok(true),
            Err(DbError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        };
    }
    let rows = insert
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    Ok(rows > 0)
}

/// A text that must fit its column as it is, because it is a key.
pub(crate) fn key(text: &str, characters: usize) -> DbResult<&str> {
    if text.chars().count() > characters || text.contains('\0') {
        return Err(DbError::Invalid(format!(
            "a key of more than {characters} characters"
        )));
    }
    Ok(text)
}
