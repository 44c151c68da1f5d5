//! The table, and the same as JSON.

use serde_json::{Value, json};

use crate::sample::Samples;

/// One figure.
pub(crate) struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    limits: Vec<Limit>,
    goal: Option<Goal>,
}

/// What the figure could be at best, measured in the same run.
struct Limit {
    what: String,
    value: f64,
    /// The figure as a share of the limit; where less is better, a multiple of it.
    ratio: f64,
}

struct Goal {
    text: String,
    met: bool,
}

impl Row {
    /// A figure by itself.
    pub(crate) fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            value,
            unit,
            p50_ms: None,
            p99_ms: None,
            limits: Vec::new(),
            goal: None,
        }
    }

    /// Requests, or other things that are done many times a second.
    pub(crate) fn rate(what: impl Into<String>, samples: &Samples) -> Self {
        let mut row = Self::new(what, samples.median(|sample| sample.per_second), "1/s");
        row.p50_ms = Some(samples.median(|sample| sample.p50_ms));
        row.p99_ms = Some(samples.median(|sample| sample.p99_ms));
        row
    }

    /// With the time of half of them, and of all but one in a hundred.
    pub(crate) fn percentiles(mut self, p50_ms: f64, p99_ms: f64) -> Self {
        self.p50_ms = Some(p50_ms);
        self.p99_ms = Some(p99_ms);
        self
    }

    /// Beside what was measured in the same rounds.
    pub(crate) fn beside(self, what: impl Into<String>, ours: &Samples, limit: &Samples) -> Self {
        let value = limit.median(|sample| sample.per_second);
        self.limit(what, value, ours.ratio_to(limit))
    }

    /// Beside another figure.
    pub(crate) fn limit(mut self, what: impl Into<String>, value: f64, ratio: f64) -> Self {
        let what = what.into();
        self.limits.push(Limit { what, value, ratio });
        self
    }

    /// With what it should be.
    pub(crate) fn goal(mut self, text: impl Into<String>, met: bool) -> Self {
        let text = text.into();
        self.goal = Some(Goal { text, met });
        self
    }

    /// The ratio to the first limit.
    pub(crate) fn ratio(&self) -> f64 {
        self.limits.first().map_or(f64::NAN, |limit| limit.ratio)
    }

    fn json(&self) -> Value {
        let limits = self.limits.iter();
        json!({
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "p50_ms": self.p50_ms,
            "p99_ms": self.p99_ms,
            "limits": limits
                .map(|limit| json!({ "what": limit.what, "value": limit.value, "ratio": limit.ratio }))
                .collect::<Vec<_>>(),
            "goal": self.goal.as_ref().map(|goal| json!({ "text": goal.text, "met": goal.met })),
        })
    }

    fn cells(&self) -> Vec<[String; 7]> {
        let time = |time: Option<f64>| time.map(number).unwrap_or_default();
        let mut lines = vec![[
            self.what.clone(),
            format!("{} {}", number(self.value), self.unit),
            time(self.p50_ms),
            time(self.p99_ms),
            String::new(),
            String::new(),
            String::new(),
        ]];
        if let Some(Goal { text, met }) = &self.goal {
            lines[0][6] = format!("{text}: {}", if *met { "met" } else { "MISSED" });
        }
        for (at, limit) in self.limits.iter().enumerate() {
            if at > 0 {
                lines.push(Default::default());
            }
            lines[at][4] = format!("{} {}", limit.what, number(limit.value));
            lines[at][5] = format!("{:.2}", limit.ratio);
        }
        lines
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A count with its thousands set apart.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// All figures, as a table in Markdown.
pub(crate) fn table(rows: &[Row]) -> String {
    let head = ["figure", "value", "p50 ms", "p99 ms", "limit", "ratio", "goal"].map(str::to_owned);
    let lines: Vec<[String; 7]> = rows.iter().flat_map(Row::cells).collect();
    let width = |column: usize| {
        let cells = lines
            .iter()
            .chain([&head])
            .map(|line| line[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: [usize; 7] = std::array::from_fn(width);
    let line = |cells: &[String; 7]| {
        let cells = cells.iter().zip(widths);
        let padded: Vec<String> = cells.map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let rule = line(&widths.map(|width| "-".repeat(width)));
    [line(&head), rule]
        .into_iter()
        .chain(lines.iter().map(line))
        .collect()
}

/// All figures, and where they were measured, for programs.
pub(crate) fn json(rows: &[Row], about: Value) -> Value {
    json!({ "about": about, "figures": rows.iter().map(Row::json).collect::<Vec<_>>() })
}
