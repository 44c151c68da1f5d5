//! What an adoption found and did.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How many ids of a finding the text names; the JSON holds them all, up to [`MAX_IDS`].
const SHOWN_IDS: usize = 10;
/// The most ids of one finding.
pub(crate) const MAX_IDS: usize = 10_000;

/// What becomes of the rows of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Not taken; they stay in the kept tables.
    LeftOut,
    /// Taken, and somebody should look at them.
    Attention,
    /// Taken and changed as described.
    Changed,
}

/// Rows with something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A word for programs.
    pub code: String,
    /// What becomes of the rows.
    pub kind: Kind,
    /// The table.
    pub table: String,
    /// How many rows.
    pub count: u64,
    /// Their ids, at most 10,000.
    pub ids: Vec<String>,
    /// What it is, and what was or can be done.
    pub detail: String,
}

/// A partner that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerPlan {
    /// How it is called here.
    pub name: String,
    /// Its address.
    pub address: String,
    /// The projects with it.
    pub projects: Vec<String>,
}

/// A project and its partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPlan {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The address that the original has for its partner.
    pub peer_url: String,
    /// The address of the partner that it gets; none when there is none to give.
    pub partner: Option<String>,
}

/// What an adoption found and did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether it was done; otherwise nothing was written.
    pub finished: bool,
    /// The zone that times are converted from.
    pub time_zone: String,
    /// Rows of the original by table.
    pub rows: BTreeMap<String, u64>,
    /// Rows that are taken by table.
    pub taken: BTreeMap<String, u64>,
    /// Partners that are made.
    pub partners: Vec<PartnerPlan>,
    /// Projects and their partners.
    pub projects: Vec<ProjectPlan>,
    /// What is worth knowing, the worst first.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Rows taken:")?;
        for (table, rows) in &self.rows {
            let taken = self.taken.get(table).copied().unwrap_or(0);
            writeln!(f, "  {table:<18} {taken:>9} of {rows}")?;
        }
        writeln!(f, "Times are converted from {} to UTC.", self.time_zone)?;
        writeln!(f, "Partners:")?;
        for partner in &self.partners {
            writeln!(
                f,
                "  {} ({}): {} projects",
                partner.name,
                partner.address,
                partner.projects.len()
            )?;
        }
        if self.partners.is_empty() {
            writeln!(f, "  none")?;
        }
        for (kind, title) in [
            (Kind::LeftOut, "Left out (kept in the tables original_…):"),
            (Kind::Attention, "Needs attention:"),
            (Kind::Changed, "Changed:"),
        ] {
            let mut of_kind = self
                .findings
                .iter()
                .filter(|finding| finding.kind == kind)
                .peekable();
            if of_kind.peek().is_some() {
                writeln!(f, "{title}")?;
            }
            of_kind.try_for_each(|finding| write_finding(f, finding))?;
        }
        Ok(())
    }
}

fn write_finding(f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
    writeln!(
        f,
        "  {}: {} rows: {} [{}]",
        finding.table, finding.count, finding.detail, finding.code
    )?;
    if finding.ids.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = finding
        .ids
        .iter()
        .take(SHOWN_IDS)
        .map(|id| format!("{id:?}"))
        .collect();
    write!(f, "    {}", shown.join(", "))?;
    match finding.count.saturating_sub(shown.len() as u64) {
        0 => writeln!(f),
        more => writeln!(f, " and {more} more (--json lists them)"),
    }
}
