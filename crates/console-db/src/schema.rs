use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, EntityName as _, EntityTrait, QueryFilter};

use crate::entity as e;
use crate::error::{DbError, DbResult};

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
    ask!(change_entry channel_position consent content_mark idempotency_key identity_key instance_event instance_result instance_warning invitation lease);
    ask!(log_chunk log_expired metric_point nonce outbox_attempt outbox_message partner pending_output project project_user_rel received_command);
    ask!(resource session setting sign_in_failure stored_file task_instance task_inter task_intra user);
    Ok(unfit)
}
