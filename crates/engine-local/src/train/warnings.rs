//! What an operator should know of a training that went well: what was left out, and where the figures mean little.

use task_interface::{Text, Warning};

use super::prepare::{Feature, Label, Prepared};
use super::table::Ignored;

/// Fewer rows of a class than these say little about a model.
const FEW_ROWS: usize = 10;

/// Everything that is to be said about a table that is trained on.
pub(super) fn of(prepared: &Prepared) -> Vec<Warning> {
    let mut found: Vec<Warning> = prepared.ignored.iter().filter_map(left_out).collect();
    found.extend(prepared.warnings.iter().cloned());
    let rows = prepared.split.rows() as u64;
    for feature in &prepared.features {
        found.extend(of_feature(feature, rows));
    }
    if prepared.features.iter().all(|feature| feature.constant) {
        let text = Text::new("This side has no column to learn from: the model does not use its data.");
        let text = text.with_zh("我方没有可用于训练的列，模型未使用我方数据。");
        found.push(Warning::new("nothing_to_learn", text));
    }
    if let Some(label) = &prepared.label {
        found.extend(of_unlabelled(prepared));
        let parts = [
            (("train", "用于训练的行"), &prepared.split.train),
            (("validate", "用于验证的行"), &prepared.split.validation),
        ];
        for (part, rows) in parts {
            found.extend(of_classes(label, part, rows));
        }
    }
    found
}

/// A column that was left out; that columns of ids are, everybody expects.
fn left_out(ignored: &Ignored) -> Option<Warning> {
    let Ignored {
        column,
        code,
        reason,
        reason_zh,
    } = ignored;
    if ["id", "key"].contains(code) {
        return None;
    }
    // Dates cannot be used as they are.
    let (use_it, use_it_zh) = match *code {
        "date" => ("Name it in", ""),
        _ => (
            "Name it in `features` to use it, or in",
            "如需使用，请在 `features` 中列出；",
        ),
    };
    let text = Text::new(format!(
        "Column `{column}` is not learnt from: it {reason}. {use_it} `exclude` to hide this warning."
    ));
    let text = text.with_zh(format!(
        "列 `{column}` 未用于训练：{reason_zh}。{use_it_zh}如需隐藏此提示，请加入 `exclude`。"
    ));
    Some(Warning::new("column_left_out", text))
}

/// The rows that the setting `unlabelled_rows` leaves out.
fn of_unlabelled(prepared: &Prepared) -> Option<Warning> {
    let (left_out, taking_part) = (prepared.left_out_rows, prepared.split.rows());
    if left_out == 0 {
        return None;
    }
    let rows = left_out + taking_part;
    let text = Text::new(format!(
        "{left_out} of {rows} rows have no label and were left out. The partner was told which of the aligned rows they are."
    ));
    let text = text.with_zh(format!(
        "{rows} 行中有 {left_out} 行没有标签，已被排除。合作方已被告知是对齐后的哪些行。"
    ));
    Some(Warning::new("rows_without_label", text))
}

fn of_feature(feature: &Feature, rows: u64) -> Vec<Warning> {
    let mut found = Vec::new();
    let name = &feature.name;
    if feature.constant {
        let text =
            format!("Column `{name}` has the same value in all training rows: nothing is learnt from it.");
        let text = Text::new(text).with_zh(format!("列 `{name}` 在所有训练行中取值相同，对训练没有作用。"));
        found.push(Warning::new("column_constant", text));
    }
    if feature.missing * 2 > rows {
        let share = feature.missing * 100 / rows.max(1);
        let text = Text::new(format!("Column `{name}` has no value in {share} % of the rows."));
        let text = text.with_zh(format!("列 `{name}` 在 {share}% 的行中没有值。"));
        found.push(Warning::new("column_mostly_missing", text));
    }
    found
}

fn of_classes(label: &Label, (part, part_zh): (&str, &str), rows: &[u32]) -> Vec<Warning> {
    let ones = rows
        .iter()
        .filter(|row| label.values[**row as usize] == 1)
        .count();
    let classes = [(&label.classes[0], rows.len() - ones), (&label.classes[1], ones)];
    let few = classes
        .into_iter()
        .filter(|(_, count)| !rows.is_empty() && *count < FEW_ROWS);
    few.map(|(class, count)| {
        let (so_what, so_what_zh) = match count {
            0 => ("AUC is not defined there", "无法计算 AUC"),
            _ => ("the figures say little", "指标参考意义不大"),
        };
        let text = format!("Only {count} of the rows that {part} have the label `{class}`: {so_what}.");
        let text = Text::new(text).with_zh(format!(
            "{part_zh}中仅有 {count} 行的标签为 `{class}`，{so_what_zh}。"
        ));
        Warning::new("few_of_a_class", text)
    })
    .collect()
}
