use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::host::Report;
use crate::{Bytes, Document, EngineError, ReportedStatus, Warning};

/// What one side of a run did.
#[derive(Debug)]
pub struct SideOutcome {
    /// What the job's future resolved to.
    pub ended: Result<(), EngineError>,
    /// Everything that was reported, in order, over all restarts.
    pub reports: Vec<Report>,
    /// How often the engine called its host.
    pub calls: u64,
    /// The last message that it sent to the other side.
    pub last_message: Option<Bytes>,
    /// The marks of contents, each with the content's SHA-256.
    pub marks: Vec<(String, String)>,
    /// The call after which the engine was silent for longest, and for how long it then called nothing.
    pub longest_silence: (u64, Duration),
    pub(super) objects: PathBuf,
}

impl SideOutcome {
    /// Whether the job ended well: its future says so and no call-back said otherwise.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        let last = self.statuses().last();
        let contradicted = matches!(last, Some(ReportedStatus::Failed | ReportedStatus::Stopped));
        self.ended.is_ok() && !contradicted
    }

    /// The statuses that were called back, in order.
    pub fn statuses(&self) -> impl Iterator<Item = ReportedStatus> {
        self.reports.iter().filter_map(|report| match report {
            Report::CallBack(call_back) => call_back.status,
            _ => None,
        })
    }

    /// All warnings, each once, in the order in which they came.
    #[must_use]
    pub fn warnings(&self) -> Vec<&Warning> {
        let mut warnings = Vec::new();
        for report in &self.reports {
            match report {
                Report::Warning(warning) if !warnings.contains(&warning) => warnings.push(warning),
                _ => {}
            }
        }
        warnings
    }

    /// All results, the last one of each name.
    #[must_use]
    pub fn results(&self) -> BTreeMap<&str, &Value> {
        let results = self.reports.iter().filter_map(|report| match report {
            Report::Result { name, value } => Some((name.as_str(), value)),
            _ => None,
        });
        results.collect()
    }

    /// A result by its name.
    #[must_use]
    pub fn result(&self, name: &str) -> Option<&Value> {
        self.results().remove(name)
    }

    /// A result by its name, in the form that it has.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<Document> {
        self.result(name).cloned().map(Document::read)
    }

    /// All metric points, the last value of each curve and step.
    #[must_use]
    pub fn metrics(&self) -> BTreeMap<(&str, i64), f64> {
        let points = self.reports.iter().filter_map(|report| match report {
            Report::Metric { name, step, value } => Some(((name.as_str(), *step), *value)),
            _ => None,
        });
        points.collect()
    }

    /// The last value of a metric's curve.
    #[must_use]
    pub fn last_metric(&self, name: &str) -> Option<f64> {
        let of_name = |((metric, _), value): ((&str, i64), f64)| (metric == name).then_some(value);
        self.metrics().into_iter().rev().find_map(of_name)
    }

    /// The bytes of an object in the side's store.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Bytes> {
        std::fs::read(self.objects.join(name)).ok().map(Bytes::from)
    }

    /// The names of all objects in the side's store, inputs included, in order.
    #[must_use]
    pub fn object_names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.objects).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// What both sides of a run did.
#[derive(Debug)]
pub struct PairOutcome {
    /// The side where the run was asked for.
    pub initiator: SideOutcome,
    /// The other side.
    pub partner: SideOutcome,
    /// What was done that no engine may do, whatever came of it.
    pub violations: Vec<String>,
    /// What took longer than it may. A busy machine may be the reason, so [`run`](super::run) looks a second time before it
    /// blames the engine.
    pub delays: Vec<String>,
    /// How long it took.
    pub duration: Duration,
    pub(super) folder: tempfile::TempDir,
}

impl PairOutcome {
    /// Where the files of both sides are; removed with this value.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn sides(&self) -> [(&'static str, &SideOutcome); 2] {
        [("initiator", &self.initiator), ("partner", &self.partner)]
    }
}
