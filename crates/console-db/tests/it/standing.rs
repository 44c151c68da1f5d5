//! A schema that is newer than the program that meets it.

use std::collections::BTreeMap;

use console_db::sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use console_db::{unfit_tables, users};
use console_model::Role;
use migration::{ApplyError, REQUIREMENT_TABLE, Standing, apply, standing};
use sea_orm_migration::{MigrationTrait, MigratorTrait as _};

use crate::rows::user;
use crate::support::{Fixture, Kind, run_empty};

const NEWER: &str = "m29990101_000001_newer";

/// What a later release does: it adds, and notes that it did.
async fn newer(t: &Fixture) {
    let user = if t.backend() == DbBackend::MySql {
        "`user`"
    } else {
        "\"user\""
    };
    t.run(&format!("ALTER TABLE {user} ADD COLUMN later varchar(8) NULL"))
        .await;
    t.run("CREATE TABLE later (id varchar(8) PRIMARY KEY)").await;
    t.run(&format!(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('{NEWER}', 1)"
    ))
    .await;
}

async fn require(t: &Fixture, version: &str) {
    t.run(&format!(
        "INSERT INTO {REQUIREMENT_TABLE} (migration, least_version) VALUES ('{version}', '{version}')"
    ))
    .await;
}

/// A program works with what later releases added.
async fn additions_are_overlooked(t: Fixture) {
    newer(&t).await;
    let expected = Standing {
        pending: Vec::new(),
        unknown: vec![NEWER.to_owned()],
    };
    assert_eq!(standing(t.db.writer()).await.unwrap(), expected);
    assert_eq!(apply(t.db.writer()).await.unwrap(), expected);
    assert_eq!(unfit_tables(t.db.reader()).await.unwrap(), Vec::<String>::new());
    users::insert(&t.db, user("u1", "ann", Role::Default, 1))
        .await
        .unwrap();
    assert!(users::find_by_name(t.db.reader(), "ann").await.unwrap().is_some());
}

/// What a program cannot overlook is said by the schema, and by nothing else.
async fn a_least_version_is_kept_to(t: Fixture) {
    require(&t, "0.0.1").await;
    require(&t, env!("CARGO_PKG_VERSION")).await;
    newer(&t).await;
    apply(t.db.writer()).await.unwrap();
    require(&t, "99.10.0").await;
    require(&t, "99.2.0").await;
    for refused in [standing(t.db.writer()).await, apply(t.db.writer()).await] {
        match refused {
            Err(ApplyError::TooNew(least)) => assert_eq!(least, "99.10.0"),
            other => panic!("{other:?}"),
        }
    }
}

on_each!(additions_are_overlooked a_least_version_is_kept_to);

/// A schema that lacks what this program has, and has what this program does not know, is left alone.
async fn of_another_program(t: Fixture) {
    let last = migration::Migrator::migrations().len() - 1;
    migration::Migrator::up(t.db.writer(), Some(u32::try_from(last).unwrap()))
        .await
        .unwrap();
    newer(&t).await;
    match apply(t.db.writer()).await {
        Err(ApplyError::Foreign { missing, unknown }) => {
            assert_eq!(missing, migration::Migrator::migrations()[last].name());
            assert_eq!(unknown, NEWER);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        t.number("SELECT COUNT(*) FROM seaql_migrations").await,
        i64::try_from(last + 1).unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_of_another_program_is_refused() {
    run_empty(Kind::Sqlite, of_another_program).await;
}

/// Column by column: whether a row may be written without it.
type Columns = BTreeMap<String, bool>;

async fn tables(t: &Fixture) -> BTreeMap<String, Columns> {
    let sql = "SELECT m.name, c.name, c.\"notnull\" = 0 OR c.dflt_value IS NOT NULL OR c.pk > 0 \
               FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'";
    let statement = Statement::from_string(t.backend(), sql);
    let mut tables = BTreeMap::<String, Columns>::new();
    for row in t.db.reader().query_all_raw(statement).await.unwrap() {
        let table: String = row.try_get_by_index(0).unwrap();
        let column: String = row.try_get_by_index(1).unwrap();
        let can_be_left_out: bool = row.try_get_by_index(2).unwrap();
        tables.entry(table).or_default().insert(column, can_be_left_out);
    }
    tables
}

/// The last one that a program of this release may meet unknown: what came before was never released apart.
const FIRST_RELEASE: &str = "m20261126_001204_reason_codes";

/// What keeps programs of the release before going: columns stay, and new ones need not be filled. A migration that
/// cannot do so writes a least version.
async fn migrations_only_add(t: Fixture) {
    let mut before = BTreeMap::<String, Columns>::new();
    let mut requirements = 0;
    for next in migration::Migrator::migrations() {
        migration::Migrator::up(t.db.writer(), Some(1)).await.unwrap();
        let after = tables(&t).await;
        let wrong = taken_away(next.as_ref(), &before, &after);
        let required = match after.contains_key(REQUIREMENT_TABLE) {
            true => {
                t.number(&format!("SELECT COUNT(*) FROM {REQUIREMENT_TABLE}"))
                    .await
            }
            false => 0,
        };
        assert!(
            wrong.is_empty() || required > requirements || next.name() <= FIRST_RELEASE,
            "{}: {wrong:?}, and no least version is written to {REQUIREMENT_TABLE}",
            next.name()
        );
        (before, requirements) = (after, required);
    }
    assert!(!before.is_empty());
    // A least version that is newer than this program would keep the program from its own schema.
    standing(t.db.writer()).await.unwrap();
}

fn taken_away(
    migration: &dyn MigrationTrait,
    before: &BTreeMap<String, Columns>,
    after: &BTreeMap<String, Columns>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (table, old) in before {
        let Some(new) = after.get(table) else {
            wrong.push(format!("{}: no table {table}", migration.name()));
            continue;
        };
        let gone = old.keys().filter(|column| !new.contains_key(*column));
        wrong.extend(gone.map(|column| format!("{table}.{column} is gone")));
        let must = new
            .iter()
            .filter(|(column, can_be_left_out)| !**can_be_left_out && old.get(*column) != Some(&false));
        wrong.extend(must.map(|(column, _)| format!("{table}.{column} must be filled")));
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn older_programs_can_overlook_every_migration() {
    run_empty(Kind::Sqlite, migrations_only_add).await;
}
