//! Columns, tables and indexes in one line each, the same on SQLite, MySQL/MariaDB and PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// How many characters an id has at most.
const ID: u32 = 64;

/// The type of a column; the lengths are in characters.
#[derive(Clone, Copy)]
pub(crate) enum Type {
    Id,
    Text(u32),
    Small,
    Int,
    Big,
    Double,
    Bool,
    Time,
    Json,
}

/// One column.
#[derive(Clone, Copy)]
pub(crate) struct Col {
    pub(crate) name: &'static str,
    kind: Type,
    required: bool,
    default: Option<i64>,
    auto: bool,
}

/// A column that is never NULL.
pub(crate) const fn col(name: &'static str, kind: Type) -> Col {
    Col {
        name,
        kind,
        required: true,
        default: None,
        auto: false,
    }
}

/// A column that may be NULL.
pub(crate) const fn opt(name: &'static str, kind: Type) -> Col {
    Col {
        required: false,
        ..col(name, kind)
    }
}

/// A column that is never NULL and has a default (0 and 1 are false and true).
pub(crate) const fn with_default(name: &'static str, kind: Type, default: i64) -> Col {
    Col {
        default: Some(default),
        ..col(name, kind)
    }
}

/// A 64-bit primary key that the database counts up.
pub(crate) const fn auto(name: &'static str) -> Col {
    Col {
        auto: true,
        ..col(name, Type::Big)
    }
}

impl Col {
    fn definition(self, backend: DbBackend) -> ColumnDef {
        let mut def = ColumnDef::new(self.name);
        match self.kind {
            Type::Id => def.string_len(ID),
            Type::Text(length) => def.string_len(length),
            Type::Small => def.small_integer(),
            Type::Int => def.integer(),
            Type::Big => def.big_integer(),
            Type::Double => def.double(),
            Type::Bool => def.boolean(),
            // Without the precision MySQL keeps whole seconds.
            Type::Time if backend == DbBackend::MySql => def.custom("datetime(6)"),
            Type::Time => def.date_time(),
            Type::Json => def.json(),
        };
        if self.required {
            def.not_null();
        } else {
            def.null();
        }
        if self.auto {
            def.auto_increment().primary_key();
        }
        match (self.kind, self.default) {
            (_, None) => {}
            (Type::Bool, Some(value)) => {
                def.default(value != 0);
            }
            (_, Some(value)) => {
                def.default(value);
            }
        }
        def
    }
}

/// Creates a table unless it exists. Without `key` the columns must hold an [`auto`] one.
pub(crate) async fn create_table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: &[Col],
    key: &[&'static str],
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let mut table = Table::create();
    table.table(name).if_not_exists();
    for column in columns {
        table.col(column.definition(backend));
    }
    if !key.is_empty() {
        let mut index = Index::create();
        for column in key {
            index.col(*column);
        }
        table.primary_key(&mut index);
    }
    if backend == DbBackend::MySql {
        // Text is compared exactly, as on the other databases.
        table
            .engine("InnoDB")
            .character_set("utf8mb4")
            .collate("utf8mb4_bin");
    }
    manager.create_table(table.take()).await
}

/// Adds those columns that a table lacks: in one statement, but on SQLite, which knows no such thing.
pub(crate) async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[Col],
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let mut missing = Vec::new();
    for column in columns {
        if !manager.has_column(table, column.name).await? {
            missing.push(*column);
        }
    }
    let at_once = if backend == DbBackend::Sqlite {
        1
    } else {
        usize::MAX
    };
    for chunk in missing.chunks(at_once) {
        let mut alter = Table::alter();
        alter.table(table);
        for column in chunk {
            alter.add_column(column.definition(backend));
        }
        manager.alter_table(alter.take()).await?;
    }
    Ok(())
}

/// Creates an index unless it exists. Names are unique in the whole schema, as SQLite and PostgreSQL demand.
pub(crate) async fn create_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    name: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    if manager.has_index(table, name).await? {
        return Ok(());
    }
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    manager.create_index(index.take()).await
}

/// Drops an index if it exists.
pub(crate) async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    name: &'static str,
) -> Result<(), DbErr> {
    if !manager.has_index(table, name).await? {
        return Ok(());
    }
    let mut drop = Index::drop();
    drop.name(name).table(table);
    manager.drop_index(drop).await
}

/// Runs one statement as it stands.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: String) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    manager
        .get_connection()
        .execute_raw(Statement::from_string(backend, sql))
        .await?;
    Ok(())
}
