//! Lists without their large columns.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic as _, Iterable as _, QuerySelect, Select};

/// Reads all columns of a table but some, which are NULL in the rows that come. The database does not read them either.
pub(crate) fn leave_out<E: EntityTrait>(select: Select<E>, left_out: &[E::Column]) -> Select<E> {
    let is_left_out = |column: &E::Column| left_out.iter().any(|other| other.as_str() == column.as_str());
    let mut select = select.select_only();
    for column in E::Column::iter() {
        select = if is_left_out(&column) {
            // A bare NULL has no type on PostgreSQL.
            let never = Expr::val(1).eq(2);
            let nothing = CaseStatement::new().case(never, column.into_expr());
            select.expr_as(nothing, column.as_str())
        } else {
            select.column(column)
        };
    }
    select
}
