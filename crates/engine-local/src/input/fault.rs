//! What the partner is told of a fault in our data.
//!
//! An error that stems from a table has two texts. The public one is a fixed sentence chosen by code, so that it cannot hold a
//! row number, an id, a value or the name of a column, whatever the table holds. The private one says everything; it goes
//! into the error's detail and our own log, which stay on this side.

use serde_json::json;
use task_interface::EngineError;

/// The kind of a fault in our data or our config, which is all that the partner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Config,
    FileUnreadable,
    ResourceUnknown,
    Empty,
    NotATable,
    Encoding,
    Quote,
    CutOff,
    RowLength,
    TooLarge,
    ColumnMissing,
    ColumnTwice,
    NotANumber,
    LabelMissing,
    LabelValues,
    LabelConstant,
    RowCount,
    DuplicateIds,
    NothingToLearn,
    Memory,
    Output,
}

impl Fault {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 21] = [
        Self::Config,
        Self::FileUnreadable,
        Self::ResourceUnknown,
        Self::Empty,
        Self::NotATable,
        Self::Encoding,
        Self::Quote,
        Self::CutOff,
        Self::RowLength,
        Self::TooLarge,
        Self::ColumnMissing,
        Self::ColumnTwice,
        Self::NotANumber,
        Self::LabelMissing,
        Self::LabelValues,
        Self::LabelConstant,
        Self::RowCount,
        Self::DuplicateIds,
        Self::NothingToLearn,
        Self::Memory,
        Self::Output,
    ];

    /// A code for programs, and the sentence for the partner.
    pub(crate) const fn public(self) -> (&'static str, &'static str) {
        match self {
            Self::Config => ("config_invalid", "the task's config is not valid"),
            Self::FileUnreadable => ("file_unreadable", "the input file cannot be opened"),
            Self::ResourceUnknown => ("resource_unknown", "the input names no attached resource"),
            Self::Empty => ("input_empty", "the input is empty"),
            Self::NotATable => (
                "input_not_a_table",
                "the input is not a table in a form that can be read",
            ),
            Self::Encoding => (
                "input_encoding",
                "the input has bytes that do not fit its text encoding",
            ),
            Self::Quote => ("input_quote", "the input has a quote that is never closed"),
            Self::CutOff => ("input_cut_off", "the compressed input ends in the middle"),
            Self::RowLength => (
                "input_row_length",
                "the input has a row with too many or too few fields",
            ),
            Self::TooLarge => (
                "input_too_large",
                "the input has a field or a row that is too large",
            ),
            Self::ColumnMissing => ("column_missing", "the input lacks a column that the config names"),
            Self::ColumnTwice => ("column_twice", "the input has a column of the config twice"),
            Self::NotANumber => (
                "value_not_a_number",
                "the input has a value that is not a number in a column of numbers",
            ),
            Self::LabelMissing => ("label_missing", "the input has rows without a label"),
            Self::LabelValues => ("label_values", "the label must have exactly two different values"),
            Self::LabelConstant => (
                "label_constant",
                "all training rows have the same label; use more rows or another seed",
            ),
            Self::RowCount => ("row_count", "the input has too few or too many rows to train on"),
            Self::DuplicateIds => (
                "input_duplicate_ids",
                "the input has ids that stand in more than one row",
            ),
            Self::NothingToLearn => ("nothing_to_learn", "the input has no column to learn from"),
            Self::Memory => (
                "memory",
                "training on the input needs more memory than is granted to it",
            ),
            Self::Output => ("output", "the output cannot be written"),
        }
    }
}

/// An error about the operator's data: for the partner its kind alone, for our operator the whole story.
pub(crate) fn data_error(fault: Fault, private: impl Into<String>) -> EngineError {
    let (code, sentence) = fault.public();
    EngineError::fatal(sentence).with_detail(json!({ "code": code, "message": private.into() }))
}

/// Whether an error is one of a kind.
pub(crate) fn is_fault(error: &EngineError, fault: Fault) -> bool {
    matches!(error, EngineError::Failed { detail: Some(detail), .. } if detail["code"] == fault.public().0)
}

/// What our own operator is told of an error.
pub(crate) fn private_text(error: &EngineError) -> String {
    match error {
        EngineError::Failed {
            detail: Some(detail), ..
        } => detail["message"]
            .as_str()
            .map_or_else(|| error.to_string(), str::to_owned),
        other => other.to_string(),
    }
}

/// A value as it is shown to its owner: on one line and not too long.
pub(crate) fn shown(value: &str) -> String {
    const CHARACTERS: usize = 60;
    let mut text: String = value
        .chars()
        .take(CHARACTERS)
        .flat_map(char::escape_debug)
        .collect();
    if value.chars().nth(CHARACTERS).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_the_partner_is_told_is_the_kind_and_nothing_else() {
        let secrets = ["line 4711", "C0815", "salary"];
        let mut codes = BTreeSet::new();
        for fault in Fault::ALL {
            let error = data_error(fault, secrets.join(" "));
            let told = error.to_string();
            assert!(
                codes.insert(fault.public().0),
                "{fault:?} has the code of another"
            );
            assert!(
                !told.contains(|character: char| character.is_ascii_digit() || character == '`'),
                "{told}"
            );
            assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
            let EngineError::Failed { detail, .. } = error else {
                panic!("{error:?}");
            };
            assert_eq!(detail.unwrap()["message"], secrets.join(" "));
        }
    }
}
