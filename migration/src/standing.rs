//! How the schema of a database and this program stand to each other.
//!
//! A schema may be newer than the program that meets it: during a rolling update a pod of the release before restarts, or
//! an operator goes back to it. Migrations only ever add what a program that does not know them can overlook, so that is no
//! fault. A migration that takes something away writes the least version of a program that can do without it into
//! [`REQUIREMENT_TABLE`]; older programs refuse such a schema.

use std::collections::BTreeSet;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;
use semver::Version;

use crate::{ApplyError, Migrator};

/// Holds a row for each migration that not every older program can overlook: its name and the least version of a program
/// for the schema.
pub const REQUIREMENT_TABLE: &str = "schema_requirement";

/// What sets the migrations of a database apart from those that this program knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Those that are not applied yet, oldest first.
    pub pending: Vec<String>,
    /// Those that were applied by a newer program, oldest first. This program can work with the schema all the same.
    pub unknown: Vec<String>,
}

/// Compares the schema with this program. Changes nothing.
///
/// # Errors
/// [`ApplyError::TooNew`] when the schema needs a newer program; [`ApplyError::Foreign`] when it is not of an earlier or
/// later release of this program; any error of the database.
pub async fn standing<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<Standing, ApplyError> {
    let schema = SchemaManager::new(db);
    let known = Migrator::migrations();
    let known: Vec<&str> = known.iter().map(|migration| migration.name()).collect();
    let applied = applied(&schema).await?;
    let pending: Vec<String> = known
        .iter()
        .filter(|name| !applied.contains(**name))
        .map(|name| (*name).to_owned())
        .collect();
    let unknown: Vec<String> = applied
        .into_iter()
        .filter(|name| !known.contains(&name.as_str()))
        .collect();
    let this = version(env!("CARGO_PKG_VERSION"));
    match least_version(&schema).await? {
        Some(least) if this.as_ref().is_none_or(|this| *this < least) => {
            return Err(ApplyError::TooNew(least.to_string()));
        }
        _ => {}
    }
    // A later release of this program has all migrations of this one.
    if let (Some(missing), Some(unknown)) = (pending.first(), unknown.first()) {
        return Err(ApplyError::Foreign {
            missing: missing.clone(),
            unknown: unknown.clone(),
        });
    }
    Ok(Standing { pending, unknown })
}

/// The names of all migrations that were ever applied.
async fn applied(schema: &SchemaManager<'_>) -> Result<BTreeSet<String>, DbErr> {
    let table = Migrator::migration_table_name();
    if !schema.has_table(table.to_string()).await? {
        return Ok(BTreeSet::new());
    }
    let names = Query::select().column("version").from(table).take();
    let rows = schema.get_connection().query_all(&names).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The least version of a program that the migrations of a schema ask for, if one does.
async fn least_version(schema: &SchemaManager<'_>) -> Result<Option<Version>, DbErr> {
    if !schema.has_table(REQUIREMENT_TABLE).await? {
        return Ok(None);
    }
    let versions = Query::select()
        .column("least_version")
        .from(REQUIREMENT_TABLE)
        .take();
    let mut least = None;
    for row in schema.get_connection().query_all(&versions).await? {
        let text: String = row.try_get_by_index(0)?;
        let Some(version) = version(&text) else {
            return Err(DbErr::Custom(format!(
                "{REQUIREMENT_TABLE} holds {text:?}, which is no version"
            )));
        };
        least = Ord::max(least, Some(version));
    }
    Ok(least)
}

/// A version without its pre-release part: what is released as 1.2.0-rc.1 has the schema of 1.2.0.
fn version(text: &str) -> Option<Version> {
    let version = Version::parse(text).ok()?;
    Some(Version::new(version.major, version.minor, version.patch))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_candidate_for_a_release_counts_as_the_release() {
        assert_eq!(version("1.2.0-rc.1"), version("1.2.0"));
        assert!(version("1.2.0") < version("1.10.0"));
        assert_eq!(version("1.2"), None);
    }
}
