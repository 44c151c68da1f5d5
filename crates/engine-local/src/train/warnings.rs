//! What an operator should know of a training that went well: what was left out, and where the figures mean little.

use serde::Serialize;

use super::prepare::Prepared;

/// Fewer rows of a class than these say little about a model.
const FEW_ROWS: usize = 10;

/// One warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Warning {
    /// For programs.
    pub(super) code: &'static str,
    pub(super) text: String,
}

/// Everything that is to be said about a table that is trained on.
pub(super) fn of(prepared: &Prepared) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code, text: String| found.push(Warning { code, text });
    for ignored in &prepared.ignored {
        warn(
            "column_left_out",
            format!(
                "column `{}` is not learnt from: it {}; name it in `features` to use it, or in `exclude` to hide this warning",
                ignored.column, ignored.reason
            ),
        );
    }
    let rows = prepared.split.rows() as u64;
    for feature in &prepared.features {
        if feature.constant {
            let text = format!(
                "column `{}` has the same value in all training rows: nothing is learnt from it",
                feature.name
            );
            warn("column_constant", text);
        }
        if feature.missing * 2 > rows {
            let share = feature.missing * 100 / rows.max(1);
            warn(
                "column_mostly_missing",
                format!("column `{}` has no value in {share} % of the rows", feature.name),
            );
        }
    }
    if prepared.features.iter().all(|feature| feature.constant) {
        warn(
            "nothing_to_learn",
            "this side has no column to learn from: the model does not use its data".to_owned(),
        );
    }
    if let Some(label) = &prepared.label {
        for (part, rows) in [
            ("train", &prepared.split.train),
            ("validate", &prepared.split.validation),
        ] {
            let ones = rows
                .iter()
                .filter(|row| label.values[**row as usize] == 1)
                .count();
            for (class, count) in [(&label.classes[0], rows.len() - ones), (&label.classes[1], ones)] {
                if !rows.is_empty() && count < FEW_ROWS {
                    let so_what = if count == 0 {
                        "; AUC is not defined there"
                    } else {
                        "; the figures say little"
                    };
                    warn(
                        "few_of_a_class",
                        format!("only {count} of the rows that {part} have the label `{class}`{so_what}"),
                    );
                }
            }
        }
    }
    found
}
