//! Takes a database of the original console over.

use std::io::{BufRead, IsTerminal};

use adoption::{Choices, Report, Unsigned, Zone};
use anyhow::{Context, bail};
use console_db::Db;
use serde_json::json;

use crate::cli;
use crate::config::Config;
use crate::out;

/// Shows what an adoption does, asks, and does it.
///
/// # Errors
/// When the database is none of the original, cannot be changed, or nobody confirms.
pub(crate) async fn adopt(config: &Config, args: cli::Adopt, json: bool) -> anyhow::Result<()> {
    let settings = config.database()?;
    let place = settings.url.to_string();
    if let Some(path) = settings.url.sqlite_path().filter(|path| !path.exists()) {
        bail!(
            "there is no database {}; is the right one meant (ENV, EFLS_DATABASE__URL)?",
            path.display()
        );
    }
    let db = Db::connect(&settings)
        .await
        .with_context(|| format!("the database {place} cannot be opened"))?;
    let (dry_run, yes) = (args.dry_run, args.yes);
    let choices = choices(config, args);
    if dry_run {
        let report = adoption::examine(&db, &choices).await?;
        print(&report, json, "Nothing was written.")?;
    } else {
        if !yes {
            let report = adoption::examine(&db, &choices).await?;
            confirm(&report, &place)?;
        }
        let report = adoption::adopt(&db, &choices).await?;
        let done = "The database is adopted: `efls-console serve` runs on it. The original's tables are kept as original_…; see \
                    docs/ADOPTION.md for the way back and for when to remove them.";
        print(&report, json, done)?;
    }
    Ok(db.close().await?)
}

fn choices(config: &Config, args: cli::Adopt) -> Choices {
    let cli::Adopt {
        dry_run: _,
        yes: _,
        time_zone,
        assign,
        partner_name,
        suspend_partners,
        cluster,
    } = args;
    Choices {
        zone: time_zone.unwrap_or_else(Zone::of_machine),
        assigned: assign.into_iter().collect(),
        partner_names: partner_name.into_iter().collect(),
        unsigned: if suspend_partners {
            Unsigned::Suspend
        } else {
            Unsigned::Accept
        },
        clusters: cluster.into_iter().collect(),
        cluster_engine: "kubernetes".to_owned(),
        default_engine: config.runs.default_engine.clone(),
        bucket: config.storage.bucket.clone(),
    }
}

fn print(report: &Report, json: bool, last: &str) -> anyhow::Result<()> {
    if json {
        out::line(&json!(report).to_string())
    } else {
        out::line(&format!("{report}{last}"))
    }
}

/// Asks the person at the terminal; nobody else can say yes but by `--yes`.
fn confirm(report: &Report, place: &str) -> anyhow::Result<()> {
    if !std::io::stdin().is_terminal() {
        bail!("nothing was written: nobody can be asked here. Look at `adopt --dry-run`, then say --yes");
    }
    out::note(&format!(
        "{report}Stop the original console and back the database up before you go on.\nAdopt {place}? Type yes: "
    ));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if answer.trim() != "yes" {
        bail!("nothing was written");
    }
    Ok(())
}
