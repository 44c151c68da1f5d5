//! How the numbers of a column are written, to say where they may mean something else than they are read as.

use task_interface::{Text, Warning};

use super::error::shown;
use super::number::{Decimal, is_grouped};

/// Fewer values than these of the form `1.234` are said nothing of.
const FEW: u64 = 3;

/// Counts of how the numbers of a column are written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Habits {
    percent: u64,
    /// Without a percent sign; without zeros, which are the same with one.
    without_percent: u64,
    /// With a point before exactly three digits.
    grouped: u64,
    /// With a point that can only be one before decimals.
    decimals: u64,
}

impl Habits {
    /// Counts a field that was read as a number.
    pub fn take(&mut self, text: &str, value: f64) {
        if text.ends_with('%') {
            self.percent += 1;
        } else if value != 0.0 {
            self.without_percent += 1;
        }
        if text.contains('.') {
            let could_be_thousands = is_grouped(text.trim_end_matches('%').trim_end(), '.');
            self.grouped += u64::from(could_be_thousands);
            self.decimals += u64::from(!could_be_thousands);
        }
    }

    /// What our operator should know. `decimal` is the convention that the table was read by, if one is known.
    #[must_use]
    pub fn warnings(&self, column: &str, decimal: Option<Decimal>) -> Vec<Warning> {
        let column = shown(column);
        let mut found = Vec::new();
        if self.percent > 0 && self.without_percent > 0 {
            let (with, without) = (self.percent, self.without_percent);
            let text = Text::new(format!(
                "Column `{column}` has {with} values with a percent sign and {without} without: `12%` is read as 0.12 and `12` \
                 as 12. Write them all in one way."
            ));
            found.push(Warning::new(
                "column_mixes_percent",
                text.with_zh(format!(
                    "列 `{column}` 中有 {with} 个值带百分号，{without} 个不带：`12%` 读作 0.12，`12` 读作 12。请统一写法。"
                )),
            ));
        }
        if decimal.is_none() && self.decimals == 0 && self.grouped >= FEW {
            let text = Text::new(format!(
                "The points in column `{column}` are read as decimal points: `1.234` is a little more than 1. If they separate \
                 thousands, set `decimal` to `,`; if not, `.` hides this warning."
            ));
            found.push(Warning::new(
                "column_decimals_or_thousands",
                text.with_zh(format!(
                    "列 `{column}` 中的点按小数点读取：`1.234` 约为 1.2。如果它是千位分隔符，请把 `decimal` 设为 `,`；否则设为 \
                     `.` 可隐藏此提示。"
                )),
            ));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Number, parse_number};

    fn codes(texts: &[&str], decimal: Option<Decimal>) -> Vec<String> {
        let mut habits = Habits::default();
        for text in texts {
            let Number::Is(value) = parse_number(text, decimal) else {
                panic!("{text} is no number");
            };
            habits.take(text, value);
        }
        let warnings = habits.warnings("x", decimal);
        assert!(warnings.iter().all(|warning| warning.text.zh.is_some()));
        warnings.into_iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn what_may_mean_something_else_is_said() {
        let both = ["column_decimals_or_thousands"];
        assert_eq!(codes(&["12%", "12", "7%"], None), ["column_mixes_percent"]);
        assert_eq!(codes(&["1.234", "56.789", "987", "1.000"], None), both);
        for (quiet, decimal) in [
            (&["12%", "0", "7 %"][..], None),
            (&["12", "7"], None),
            (&["1.234", "2.345", "0.5"], None),
            (&["1.234", "2.345"], None),
            (&["1.234", "2.345", "3.456"], Some(Decimal::Point)),
            (&["1.234", "2.345", "3.456"], Some(Decimal::Comma)),
        ] {
            assert!(codes(quiet, decimal).is_empty(), "{quiet:?}");
        }
    }
}
