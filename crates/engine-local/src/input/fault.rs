//! What the partner is told of a fault in our data.
//!
//! An error that stems from a table has two texts. The public one is a fixed sentence chosen by code, so that it cannot hold a
//! row number, an id, a value or the name of a column, whatever the table holds. The private one says everything; it and our
//! own log stay on this side.

use std::io;

use task_interface::{EngineError, Text};

use crate::words::both;

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

    /// A code for programs, and the sentence for the partner in English and in Chinese.
    pub(crate) const fn public(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Config => (
                "config_invalid",
                "the task's config is not valid",
                "任务的设置无效",
            ),
            Self::FileUnreadable => (
                "file_unreadable",
                "the input file cannot be opened",
                "输入文件无法打开",
            ),
            Self::ResourceUnknown => (
                "resource_unknown",
                "the input names no attached resource",
                "输入没有对应任何附加的文件",
            ),
            Self::Empty => ("input_empty", "the input is empty", "输入表为空"),
            Self::NotATable => (
                "input_not_a_table",
                "the input is not a table in a form that can be read",
                "输入不是可读取的表格",
            ),
            Self::Encoding => (
                "input_encoding",
                "the input has bytes that do not fit its text encoding",
                "输入表含有不符合其文本编码的字节",
            ),
            Self::Quote => (
                "input_quote",
                "the input has a quote that is never closed",
                "输入表中有未闭合的引号",
            ),
            Self::CutOff => (
                "input_cut_off",
                "the compressed input ends in the middle",
                "压缩的输入文件不完整",
            ),
            Self::RowLength => (
                "input_row_length",
                "the input has a row with too many or too few fields",
                "输入表中有字段过多或过少的行",
            ),
            Self::TooLarge => (
                "input_too_large",
                "the input has a field or a row that is too large",
                "输入表中有过大的字段或行",
            ),
            Self::ColumnMissing => (
                "column_missing",
                "the input lacks a column that the config names",
                "输入表缺少设置中指定的列",
            ),
            Self::ColumnTwice => (
                "column_twice",
                "the input has a column of the config twice",
                "设置中指定的列在输入表中出现两次",
            ),
            Self::NotANumber => (
                "value_not_a_number",
                "a column to learn from has values that cannot be used as numbers",
                "用于学习的列中有无法作为数值使用的内容",
            ),
            Self::LabelMissing => (
                "label_missing",
                "the input has rows without a label",
                "输入表中有缺少标签的行",
            ),
            Self::LabelValues => (
                "label_values",
                "the label must have exactly two different values",
                "标签必须恰好有两种取值",
            ),
            Self::LabelConstant => (
                "label_constant",
                "all training rows have the same label; use more rows or another seed",
                "所有训练行的标签都相同，请使用更多行或更换随机种子",
            ),
            Self::RowCount => (
                "row_count",
                "the input has too few or too many rows to train on",
                "输入表的行数过少或过多，无法训练",
            ),
            Self::DuplicateIds => (
                "input_duplicate_ids",
                "the input has ids that stand in more than one row",
                "输入表中有重复的 ID",
            ),
            Self::NothingToLearn => (
                "nothing_to_learn",
                "the input has no column to learn from",
                "输入表没有可用于学习的列",
            ),
            Self::Memory => (
                "memory",
                "training on the input needs more memory than is granted to it",
                "训练所需内存超过允许的上限",
            ),
            Self::Output => ("output", "the output cannot be written", "输出无法写入"),
        }
    }
}

/// An error about the operator's data: for the partner its kind alone, for our operator the whole story.
pub(crate) fn data_error(fault: Fault, story: impl Into<Text>) -> EngineError {
    let (code, en, zh) = fault.public();
    let error = EngineError::fatal(Text::new(en).with_zh(zh)).with_code(code);
    error.with_private(story)
}

/// Whether an error is one of a kind.
pub(crate) fn is_fault(error: &EngineError, fault: Fault) -> bool {
    error.failure().and_then(|failure| failure.valid_code()) == Some(fault.public().0)
}

/// What our own operator is told of an error.
pub(crate) fn private_text(error: &EngineError) -> Text {
    match error.failure() {
        Some(failure) => failure.for_our_operators().clone(),
        None => error.to_string().into(),
    }
}

/// An error of the table as one of the engine. `Unreadable` says nothing about the data: another attempt may go well.
pub(crate) fn table_error(error: tables::TableError) -> EngineError {
    let fault = match error.fault {
        tables::Fault::Setting => Fault::Config,
        tables::Fault::Empty => Fault::Empty,
        tables::Fault::NotATable => Fault::NotATable,
        tables::Fault::Encoding => Fault::Encoding,
        tables::Fault::Quote => Fault::Quote,
        tables::Fault::CutOff => Fault::CutOff,
        tables::Fault::RowLength => Fault::RowLength,
        tables::Fault::TooLarge => Fault::TooLarge,
        tables::Fault::ColumnMissing => Fault::ColumnMissing,
        tables::Fault::ColumnTwice => Fault::ColumnTwice,
        tables::Fault::Unreadable => {
            let text = both("the input cannot be read", "输入无法读取");
            let unreadable = EngineError::retryable(text).with_code("input_unreadable");
            let unreadable = unreadable.with_private(error.story);
            return unreadable.with_detail(error.detail.unwrap_or_default());
        }
    };
    let mut told = data_error(fault, error.story);
    if let Some(line) = error.line {
        told = told.with_param("line", line);
    }
    if let Some(column) = error.column {
        told = told.with_param("column", column);
    }
    told
}

/// An error while bytes of an input were read.
pub(crate) fn read_error(error: &io::Error) -> EngineError {
    table_error(tables::read_error(error))
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
            let failure = error.failure().unwrap();
            let (told, zh) = (failure.message.en.clone(), failure.message.zh.clone().unwrap());
            assert!(
                codes.insert(failure.valid_code().unwrap().to_owned()),
                "{fault:?} has the code of another"
            );
            for told in [told, zh] {
                assert!(
                    !told.contains(|character: char| character.is_ascii_digit() || character == '`'),
                    "{told}"
                );
                assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
            }
            assert_eq!(failure.private, Some(secrets.join(" ").into()));
        }
    }
}
