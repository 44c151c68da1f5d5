//! What an operator should know of a join that went well.

use task_interface::{Text, Warning};

use super::rows::InputFacts;
use super::shape::Outline;
use crate::config::DuplicateRule;

/// From this share of the rows on, in percent, it is said that rows were left out.
const SHARE: u64 = 1;
/// Fewer common ids than this share of the smaller side, in percent, are hardly meant ...
const FEW: u64 = 1;
/// ... when the smaller side has at least so many ids.
const ENOUGH_IDS: u64 = 100;

/// What is known at the end of a join.
pub(super) struct Found<'a> {
    pub(super) facts: &'a InputFacts,
    pub(super) duplicates: DuplicateRule,
    pub(super) peer_ids: u64,
    /// Not known to the side that does not learn it.
    pub(super) common: Option<u64>,
    /// How the other side's ids look, if it told.
    pub(super) theirs: Option<&'a Outline>,
}

/// Whether next to nothing is in common.
pub(super) fn is_poor(common: u64, own_ids: u64, peer_ids: u64) -> bool {
    let smaller = own_ids.min(peer_ids);
    common == 0 || (smaller >= ENOUGH_IDS && common * 100 < smaller * FEW)
}

/// Everything that is to be said.
pub(super) fn of(found: &Found<'_>) -> Vec<Warning> {
    let facts = found.facts;
    let mut warnings: Vec<Warning> = facts.warning.iter().cloned().collect();
    if let Some(common) = found.common
        && is_poor(common, facts.ids, found.peer_ids)
    {
        warnings.push(poor(found, common));
    } else if facts.shape.header_in_data {
        warnings.push(Warning::new(
            "header_in_data",
            Text::new("The header stands among the rows, so a row has the column's name for an id. Look at the input.")
                .with_zh("数据行中出现了表头，有一行的 ID 就是列名。请检查输入表。"),
        ));
    }
    let share = |count: u64| count * 100 / facts.rows.max(1);
    if share(facts.duplicates) >= SHARE {
        let (kept, kept_zh) = match found.duplicates {
            DuplicateRule::Last => ("last", "最后一行"),
            DuplicateRule::First | DuplicateRule::Refuse => ("first", "第一行"),
        };
        warnings.push(Warning::new(
            "duplicate_ids",
            Text::new(format!(
                "{} of {} rows ({} %) repeat an id of another row and were left out; of each id the {kept} row stays.",
                facts.duplicates,
                facts.rows,
                share(facts.duplicates)
            ))
            .with_zh(format!(
                "{} 行中有 {} 行（{}%）的 ID 与其他行重复，已略去；每个 ID 保留{kept_zh}。",
                facts.rows,
                facts.duplicates,
                share(facts.duplicates)
            )),
        ));
    }
    if share(facts.empty) >= SHARE {
        warnings.push(Warning::new(
            "rows_without_id",
            Text::new(format!(
                "{} of {} rows ({} %) have no id and were left out.",
                facts.empty,
                facts.rows,
                share(facts.empty)
            ))
            .with_zh(format!(
                "{} 行中有 {} 行（{}%）没有 ID，已略去。",
                facts.rows,
                facts.empty,
                share(facts.empty)
            )),
        ));
    }
    warnings
}

fn poor(found: &Found<'_>, common: u64) -> Warning {
    let own = found.facts.ids;
    let (code, mut en, mut zh) = match common {
        0 => (
            "nothing_in_common",
            format!(
                "None of {own} ids here is on the other side, which has {}.",
                found.peer_ids
            ),
            format!("我方 {own} 个 ID 与对方 {} 个 ID 没有交集。", found.peer_ids),
        ),
        _ => (
            "few_in_common",
            format!(
                "Only {common} of {own} ids here are on the other side, which has {}.",
                found.peer_ids
            ),
            format!(
                "我方 {own} 个 ID 与对方 {} 个 ID 仅有 {common} 个相同。",
                found.peer_ids
            ),
        ),
    };
    let reasons = found.facts.shape.reasons(found.theirs);
    for reason in &reasons {
        en = format!("{en} {}", reason.en);
        zh.push_str(reason.zh.as_deref().unwrap_or_default());
    }
    if reasons.is_empty() {
        en.push_str(" Compare a few ids with the partner's operators: do both sides name the same column?");
        zh.push_str("请与对方操作员核对几个 ID，确认双方选择的是同一列。");
    } else {
        en.push_str(" If both sides name the right column, agree with the partner on `id_normalization`, or mend the table.");
        zh.push_str("如果双方选择的列无误，请与对方商定 `id_normalization`（ID 规范化），或修正数据表。");
    }
    Warning::new(code, Text::new(en).with_zh(zh))
}
