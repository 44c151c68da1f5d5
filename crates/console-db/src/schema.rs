use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, EntityName as _, EntityTrait, PaginatorTrait, QueryFilter};

use crate::entity as e;
use crate::error::{DbError, DbResult};

/// Does the same with the entity of every table.
macro_rules! with_each_table {
    ($ask:ident) => {
        $ask!(change_entry channel_position consent content_mark idempotency_key identity_key instance_event);
        $ask!(instance_result instance_warning invitation lease log_chunk log_expired metric_point nonce);
        $ask!(outbox_attempt outbox_message partner pending_output project project_user_rel received_command);
        $ask!(resource session setting sign_in_failure stored_file task_instance task_inter task_intra user);
    };
}

/// The tables that are missing, or lack a column that this program needs; empty when every migration is applied.
///
/// Asks each table for no row, so it costs next to nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn unfit_tables(conn: &impl ConnectionTrait) -> DbResult<Vec<String>> {
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
