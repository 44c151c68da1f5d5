//! Writing. What operators see is written by these functions alone: they note the change in the transaction.
#![expect(clippy::disallowed_methods, reason = "the place where rows are written")]

use chrono::NaiveDateTime;
use console_model::{ChangeKind, ChangeType};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait,
    IntoActiveModel, PrimaryKeyTrait, QueryFilter, QuerySelect, Value,
};

use crate::entity::{
    channel_position, idempotency_key, identity_key, invitation, lease, nonce, outbox_message, partner,
    project, reached_limit, resource, session, setting, sign_in_failure, table_profile, task_instance,
    task_inter, task_intra, user,
};
use crate::error::{DbError, DbResult};
use crate::time::now;
use crate::tx::Writer;

/// A table of which operators see something.
pub(crate) trait Watched: EntityTrait {
    /// What they are told that has changed.
    const KIND: ChangeKind;
    /// The column by whose value they know a row.
    const KEY: Self::Column;
}

/// A table of which no operator sees anything by itself.
pub(crate) trait Unwatched: EntityTrait {}

macro_rules! watched {
    ($($entity:ident: $kind:ident;)+) => {$(
        impl Watched for $entity::Entity {
            const KIND: ChangeKind = ChangeKind::$kind;
            const KEY: Self::Column = $entity::Column::Id;
        }
    )+};
}

macro_rules! unwatched {
    ($($entity:ident)+) => {$(
        impl Unwatched for $entity::Entity {}
    )+};
}

watched! {
    partner: Partner;
    invitation: Invitation;
    project: Project;
    task_intra: Task;
    task_inter: Pairing;
    resource: Resource;
    task_instance: Instance;
    user: User;
    outbox_message: Outbox;
    session: Session;
}

unwatched!(channel_position idempotency_key identity_key lease nonce reached_limit setting sign_in_failure table_profile);

/// A table whose rows count their changes.
#[expect(private_bounds, reason = "a table of this crate")]
pub trait Generation: Watched {
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
            const GENERATION: Self::Column = $entity::Column::Generation;
            const MODIFIED: Self::Column = $entity::Column::GmtModified;
            const OWNED: &'static [Self::Column] = &[$($entity::Column::$owned),*];
        }

        impl Counted for $entity::Model {
            fn key(&self) -> &str {
                self.id.as_str()
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
    writer: &impl Writer,
    id: &str,
    generation: i64,
    changes: A,
) -> DbResult<i64>
where
    A: ActiveModelTrait,
    A::Entity: Generation,
{
    set_where_generation(writer, id, generation, without_owned(changes), now()).await
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
    writer: &impl Writer,
    id: &str,
    generation: i64,
    mut changes: A,
    at: NaiveDateTime,
) -> DbResult<i64>
where
    A: ActiveModelTrait,
    A::Entity: Generation,
{
    let (key, count, modified) = (A::Entity::KEY, A::Entity::GENERATION, A::Entity::MODIFIED);
    for column in [key, count, modified] {
        changes.not_set(column);
    }
    let unit = writer.unit().await?;
    let done = A::Entity::update_many()
        .set(changes)
        .col_expr(count, Expr::col(count).add(1))
        .col_expr(modified, Expr::value(at))
        .filter(key.eq(id))
        .filter(count.eq(generation))
        .exec(&*unit)
        .await?;
    if done.rows_affected == 0 {
        return Err(DbError::Stale);
    }
    unit.note(A::Entity::KIND, ChangeType::Updated, id);
    unit.done().await?;
    Ok(generation + 1)
}

/// Writes a row as it stands, if nobody changed it since it was read. Gives the row as it is now.
pub(crate) async fn save<M, A>(writer: &impl Writer, row: M) -> DbResult<M>
where
    M: IntoActiveModel<A> + Counted + Clone + Sync,
    A: ActiveModelTrait + Send,
    A::Entity: Generation,
{
    let at = now();
    let changes = without_owned(row.clone().into_active_model().reset_all());
    let generation = set_where_generation(writer, row.key(), row.generation(), changes, at).await?;
    Ok(row.counted(generation, at))
}

/// Changes one row that counts no changes, or columns that disturb nobody who is changing the row, if a condition
/// holds. Tells whether it did.
pub(crate) async fn update<A>(
    writer: &impl Writer,
    key: &str,
    changes: A,
    only_if: Condition,
) -> DbResult<bool>
where
    A: ActiveModelTrait,
    A::Entity: Watched,
{
    let unit = writer.unit().await?;
    let done = A::Entity::update_many()
        .set(changes)
        .filter(A::Entity::KEY.eq(key))
        .filter(only_if)
        .exec(&*unit)
        .await?;
    let found = done.rows_affected > 0;
    if found {
        unit.note(A::Entity::KIND, ChangeType::Updated, key);
    }
    unit.done().await?;
    Ok(found)
}

/// Changes all rows of which a condition holds, and goes on to hold after the change.
pub(crate) async fn update_all<A>(writer: &impl Writer, changes: A, of: Condition) -> DbResult<()>
where
    A: ActiveModelTrait,
    A::Entity: Watched,
{
    let unit = writer.unit().await?;
    A::Entity::update_many()
        .set(changes)
        .filter(of.clone())
        .exec(&*unit)
        .await?;
    for key in keys::<A::Entity>(&*unit, of).await? {
        unit.note(A::Entity::KIND, ChangeType::Updated, &key);
    }
    unit.done().await
}

/// Deletes all rows of which a condition holds. Tells how many.
pub(crate) async fn delete<E: Watched>(writer: &impl Writer, of: Condition) -> DbResult<u64> {
    let unit = writer.unit().await?;
    let keys = keys::<E>(&*unit, of.clone()).await?;
    if keys.is_empty() {
        return Ok(0);
    }
    unit.note_deletion(E::KIND, &keys).await?;
    let done = E::delete_many().filter(of).exec(&*unit).await?;
    unit.done().await?;
    Ok(done.rows_affected)
}

async fn keys<E: Watched>(conn: &impl ConnectionTrait, of: Condition) -> DbResult<Vec<String>> {
    let select = E::find().select_only().column(E::KEY).filter(of);
    Ok(select.into_tuple().all(conn).await?)
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
pub(crate) async fn insert<M, A>(writer: &impl Writer, row: M) -> DbResult<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
    A::Entity: Watched,
{
    let row = row.into_active_model().reset_all();
    let key = key_of(&row);
    let unit = writer.unit().await?;
    A::Entity::insert(row).exec_without_returning(&*unit).await?;
    unit.note(A::Entity::KIND, ChangeType::Created, &key);
    unit.done().await
}

/// By what operators know a row that is written as a whole.
fn key_of<A>(row: &A) -> String
where
    A: ActiveModelTrait,
    A::Entity: Watched,
{
    match row.get(A::Entity::KEY).into_value() {
        Some(Value::String(Some(key))) => key,
        _ => String::new(),
    }
}

/// As [`insert`], for a row whose primary key the database gives. Gives it.
pub(crate) async fn insert_numbered<A>(
    writer: &impl Writer,
    row: A,
) -> DbResult<<<A::Entity as EntityTrait>::PrimaryKey as PrimaryKeyTrait>::ValueType>
where
    A: ActiveModelTrait,
    A::Entity: Watched,
{
    let key = key_of(&row);
    let unit = writer.unit().await?;
    let done = A::Entity::insert(row).exec(&*unit).await?;
    unit.note(A::Entity::KIND, ChangeType::Created, &key);
    unit.done().await?;
    Ok(done.last_insert_id)
}

/// Writes a new row of a table of which operators see nothing.
pub(crate) async fn insert_unwatched<M, A>(conn: &impl ConnectionTrait, row: M) -> DbResult<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
    A::Entity: Unwatched,
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
    A::Entity: Unwatched,
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
