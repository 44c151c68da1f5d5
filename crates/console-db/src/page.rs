use chrono::NaiveDateTime;
use sea_orm::sea_query::{Alias, Expr, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use crate::error::DbResult;

/// A place in a list that is ordered by creation, newest first: the last row that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Its time of creation.
    pub at: NaiveDateTime,
    /// Its id, which orders rows of one moment.
    pub id: String,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<C = Cursor> {
    /// The most rows.
    pub limit: u64,
    /// Behind which row it begins; `None` for the first page.
    pub after: Option<C>,
}

impl<C> Page<C> {
    /// The first rows.
    #[must_use]
    pub const fn first(limit: u64) -> Self {
        Self { limit, after: None }
    }

    /// The rows behind a place.
    #[must_use]
    pub const fn after(limit: u64, cursor: C) -> Self {
        Self {
            limit,
            after: Some(cursor),
        }
    }
}

/// "Behind the cursor" in a form that all three databases answer from an index on (time, id): MySQL does not do so
/// for a comparison of rows.
pub(crate) fn behind<C: ColumnTrait>(time: C, id: C, cursor: &Cursor) -> Condition {
    Condition::all().add(time.lte(cursor.at)).add(
        Condition::any()
            .add(time.lt(cursor.at))
            .add(id.lt(cursor.id.as_str())),
    )
}

/// The sum of a column of integers. The servers' own sums are decimals or wider integers; a signed 64-bit number is what can
/// be read.
pub(crate) fn sum<C: ColumnTrait>(conn: &impl ConnectionTrait, column: C) -> Expr {
    let kind = match conn.get_database_backend() {
        DbBackend::MySql => "signed",
        _ => "bigint",
    };
    Expr::expr(Func::cast_as(column.sum(), Alias::new(kind)))
}

/// Cuts a page out of a list that is ordered by (time, id), newest first.
pub(crate) fn cut<E: EntityTrait>(
    select: Select<E>,
    time: E::Column,
    id: E::Column,
    page: &Page,
) -> Select<E> {
    let select = match &page.after {
        Some(cursor) => select.filter(behind(time, id, cursor)),
        None => select,
    };
    select.order_by_desc(time).order_by_desc(id).limit(page.limit)
}

/// Deletes about `batch` rows, of which operators see nothing that they would miss, those with the oldest time, none of which is after `before`. Tells how many.
#[expect(clippy::disallowed_methods, reason = "nobody misses what has run out")]
pub(crate) async fn purge<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    time: E::Column,
    before: NaiveDateTime,
    batch: u64,
) -> DbResult<u64> {
    // No database but MySQL can limit a delete, so the time of the last row of the batch is the limit.
    let last: Option<NaiveDateTime> = E::find()
        .select_only()
        .column_as(time, "time")
        .filter(time.lte(before))
        .order_by_asc(time)
        .offset(batch.saturating_sub(1))
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    let limit = last.unwrap_or(before);
    let done = E::delete_many().filter(time.lte(limit)).exec(conn).await?;
    Ok(done.rows_affected)
}
