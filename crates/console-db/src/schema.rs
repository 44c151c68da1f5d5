use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, EntityName as _, EntityTrait, PaginatorTrait, QueryFilter, QueryTrait as _};

use crate::entity as e;
use crate::error::{DbError, DbResult};

/// Does the same with the entity of every table.
macro_rules! with_each_table {
    ($ask:ident) => {
        $ask!(change_entry channel_position consent content_mark idempotency_key identity_key instance_event);
        $ask!(instance_result instance_warning invitation lease log_chunk log_expired metric_point nonce);
        $ask!(outbox_attempt outbox_message partner pending_output project project_user_rel reached_limit);
        $ask!(received_command resource session setting sign_in_failure stored_file table_profile task_instance);
        $ask!(task_inter task_intra user);
    };
}

/// The tables that are missing, or lack a column that this program needs; empty when every migration is applied.
///
/// Asks all tables for no row, so it costs next to nothing; each by itself only when something is wrong.
///
/// # Errors
/// When the database does not answer.
pub async fn unfit_tables(conn: &impl ConnectionTrait) -> DbResult<Vec<String>> {
    match conn
        .query_all(&no_row_of_any_table())
        .await
        .map_err(DbError::from)
    {
        Ok(_) => return Ok(Vec::new()),
        Err(error @ DbError::Unavailable { .. }) => return Err(error),
        Err(_) => {}
    }
    let mut unfit = Vec::new();
    macro_rules! ask {
        ($($table:ident)+) => {$(
            let none = e::$table::Entity::find().filter(Expr::val(1).eq(2));
            match none.all(conn).await.map_err(DbError::from) {
                Ok(_) => {}
                Err(error @ DbError::Unavailable { .. }) => return Err(error),
                Err(_) => unfit.push(e::$table::Entity.table_name().to_owned()),
            }
        )+};
    }
    with_each_table!(ask);
    Ok(unfit)
}

/// Asks for every column of every table, and no row.
fn no_row_of_any_table() -> SelectStatement {
    let mut all = Query::select().expr(Expr::val(1)).take();
    macro_rules! ask {
        ($($table:ident)+) => {$(
            let none = e::$table::Entity::find().filter(Expr::val(1).eq(2)).into_query();
            let one = Query::select().expr(Expr::val(1)).from_subquery(none, "t").take();
            all.union(UnionType::All, one);
        )+};
    }
    with_each_table!(ask);
    all
}

/// How many rows each table has; none for a table that cannot be read. Reads an index of each from end to end.
///
/// # Errors
/// When the database does not answer.
pub async fn table_sizes(conn: &impl ConnectionTrait) -> DbResult<Vec<(String, Option<u64>)>> {
    let mut sizes = Vec::new();
    macro_rules! count {
        ($($table:ident)+) => {$(
            let rows = match e::$table::Entity::find().count(conn).await.map_err(DbError::from) {
                Ok(rows) => Some(rows),
                Err(error @ DbError::Unavailable { .. }) => return Err(error),
                Err(_) => None,
            };
            sizes.push((e::$table::Entity.table_name().to_owned(), rows));
        )+};
    }
    with_each_table!(count);
    Ok(sizes)
}
