//! What a column turns out to be while its cells are read: numbers, categories, or nothing to learn from.

use csv::StringRecord;
use task_interface::{EngineError, Text, Warning};

use super::{Cells, Column, Encoded, Ignored};
use crate::input::{Fault, Habits, Number, data_error, parse_number, shown};
use crate::words::{both, zh};

/// So many values that are no numbers, where they are at least a quarter, make a column one of text for good.
const TEXTS: u64 = 1000;
/// A column with so many values, all of them different, is an id and not a feature.
const ALL_DIFFERENT_FROM: usize = 10;
/// Whole numbers from here on are as long as ids are.
const LONG: f64 = 1e6;
/// Larger whole numbers are not told apart when they are read as numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// The code of a missing value.
const NONE: u16 = u16::MAX;

/// What a column turned out to be.
pub(super) enum Found {
    Feature(Column),
    Categories(Encoded, Vec<Column>),
    Ignored(Ignored),
}

/// The different texts of a column, while they are few.
#[derive(Default)]
struct Categories {
    texts: Vec<String>,
    codes: Vec<u16>,
}

/// A column that may be learnt from.
pub(super) struct Candidate {
    place: usize,
    column: Column,
    /// The config names it, so it must not be left out.
    named: bool,
    /// Values that are numbers, and values that are none.
    numbers: u64,
    texts: u64,
    /// Where the first value that is no number is, and what it is.
    first_text: Option<(Text, String)>,
    categories: Option<Categories>,
    are_whole: bool,
    are_exact: bool,
    /// The smallest value, without its sign.
    least: f64,
    habits: Habits,
}

impl Candidate {
    pub(super) fn new(place: usize, name: &str, named: bool) -> Self {
        Self {
            place,
            column: Column {
                name: name.to_owned(),
                values: Vec::new(),
            },
            named,
            numbers: 0,
            texts: 0,
            first_text: None,
            categories: Some(Categories::default()),
            are_whole: true,
            are_exact: true,
            least: f64::INFINITY,
            habits: Habits::default(),
        }
    }

    /// Bytes of memory that its values take, and those of the features that its texts may become.
    pub(super) fn bytes(&self) -> usize {
        let of_texts = self.categories.as_ref().map_or(0, |categories| {
            let becomes_features = self.texts > 0 && !self.is_mostly_numeric();
            let features = usize::from(becomes_features) * categories.texts.len();
            categories.codes.capacity() * 2 + categories.codes.len() * 8 * features
        });
        self.column.values.capacity() * 8 + of_texts
    }

    /// Whether nothing that may follow makes it a feature; its values need not be kept.
    pub(super) fn is_lost(&self) -> bool {
        self.categories.is_none() && self.texts > TEXTS && !self.is_mostly_numeric()
    }

    fn is_mostly_numeric(&self) -> bool {
        self.numbers >= 3 * self.texts
    }

    pub(super) fn take(&mut self, row: &StringRecord, cells: &Cells) -> Result<(), EngineError> {
        let text = row[self.place].trim();
        if cells.is_missing(text) {
            self.column.values.push(f64::NAN);
            if let Some(categories) = &mut self.categories {
                categories.codes.push(NONE);
            }
            return Ok(());
        }
        self.categorise(text, cells.max_categories);
        match parse_number(text, cells.decimal) {
            Number::Is(value) => {
                self.numbers += 1;
                self.are_whole &= value.fract() == 0.0;
                self.are_exact &= value.abs() < EXACT;
                self.least = self.least.min(value.abs());
                self.habits.take(text, value);
                self.column.values.push(value);
            }
            Number::Ambiguous => {
                let (place, value, column) = (cells.place(row), shown(text), shown(&self.column.name));
                let story = both(
                    format!(
                        "{place}: `{value}` of column `{column}` could be a number with decimals or with thousands; set `decimal`"
                    ),
                    format!(
                        "{}：列 `{column}` 的 `{value}` 既可能带小数也可能带千位分隔符，请设置 `decimal`",
                        zh(&place)
                    ),
                );
                return Err(data_error(Fault::NotANumber, story).with_param("column", column));
            }
            Number::IsNot => {
                self.texts += 1;
                if self.first_text.is_none() {
                    self.first_text = Some((cells.place(row), shown(text)));
                }
                self.column.values.push(f64::NAN);
            }
        }
        if self.is_lost() {
            self.column.values = Vec::new();
        }
        Ok(())
    }

    fn categorise(&mut self, text: &str, most: usize) {
        let Some(categories) = &mut self.categories else {
            return;
        };
        let known = categories.texts.iter().position(|known| known == text);
        let code = known.unwrap_or_else(|| {
            categories.texts.push(text.to_owned());
            categories.texts.len() - 1
        });
        // Two are looked at whatever the setting says: they may be yes and no.
        if categories.texts.len() > most.max(2) {
            self.categories = None;
        } else {
            categories.codes.push(code as u16);
        }
    }

    pub(super) fn finish(self, cells: &Cells) -> Result<Found, EngineError> {
        if self.texts == 0 {
            return Ok(self.finish_numbers());
        }
        // A few bad values in a column of numbers are mistakes, which must not cost a feature in silence.
        if self.is_mostly_numeric() {
            let (place, value) = self.first_text.unwrap_or_else(|| (both("", ""), String::new()));
            let (column, numbers, texts) = (shown(&self.column.name), self.numbers, self.texts);
            let story = both(
                format!(
                    "column `{column}` has {numbers} numbers and {texts} other values, the first is `{value}` in {place}; \
                     correct them, add them to `missing` if they stand for no value, or name the column in `exclude`"
                ),
                format!(
                    "列 `{column}` 有 {numbers} 个数值和 {texts} 个其他内容，第一个是{}的 `{value}`；请更正，若表示缺失请加入 `missing`，或在 `exclude` 中排除该列",
                    zh(&place)
                ),
            );
            return Err(data_error(Fault::NotANumber, story).with_param("column", column));
        }
        self.finish_texts(cells)
    }

    fn finish_numbers(self) -> Found {
        if self.named {
            return Found::Feature(self.column);
        }
        if self.numbers == 0 {
            return self.ignored("empty", both("has no values", "没有任何值"));
        }
        if self.are_whole && !self.are_exact {
            return self.ignored(
                "too_long",
                both(
                    "holds numbers that are too long to compute with, as ids are",
                    "数值过长，像是 ID",
                ),
            );
        }
        if self.are_whole && self.are_all_different() {
            let reason = both(
                "has a different whole number in each row, as an id or a row number",
                "各行整数均不相同，像是 ID 或行号",
            );
            return self.ignored("all_different", reason);
        }
        Found::Feature(self.column)
    }

    /// What our operator should know of the column if it is learnt from as numbers.
    pub(super) fn warnings(&self, cells: &Cells) -> Vec<Warning> {
        let mut found = self.habits.warnings(&self.column.name, cells.decimal);
        if !self.named && self.are_whole && self.least >= LONG && self.are_mostly_different() {
            let column = shown(&self.column.name);
            let text = Text::new(format!(
                "Column `{column}` has long whole numbers that are nearly all different, as ids or phone numbers, and is learnt \
                 from. Name it in `exclude` to leave it out, or in `features` to hide this warning."
            ));
            found.push(Warning::new(
                "column_like_ids",
                text.with_zh(format!(
                    "列 `{column}` 是几乎各不相同的长整数，像是 ID 或电话号码，目前会用于训练。如需排除，请加入 `exclude`；如需隐藏此提示，\
                     请在 `features` 中列出。"
                )),
            ));
        }
        found
    }

    fn are_mostly_different(&self) -> bool {
        let values = self.sorted();
        let repeated = values.windows(2).filter(|pair| pair[0] == pair[1]).count();
        is_full(values.len(), self.column.values.len()) && repeated * 10 <= values.len()
    }

    fn are_all_different(&self) -> bool {
        let values = self.sorted();
        is_full(values.len(), self.column.values.len()) && values.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// The values that are there, in their order.
    fn sorted(&self) -> Vec<f64> {
        let mut values: Vec<f64> = self
            .column
            .values
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    }

    fn finish_texts(mut self, cells: &Cells) -> Result<Found, EngineError> {
        let Some(categories) = self.categories.take() else {
            return self.too_many(cells);
        };
        if let Some(column) = as_yes_or_no(&self.column.name, &categories) {
            return Ok(Found::Feature(column));
        }
        if categories.texts.len() > cells.max_categories {
            return self.too_many(cells);
        }
        let present = categories.codes.iter().filter(|code| **code != NONE).count();
        if !self.named && is_full(present, categories.codes.len()) && present == categories.texts.len() {
            let reason = both(
                "has a different text in each row, as an id",
                "各行文本均不相同，像是 ID",
            );
            return Ok(self.ignored("all_different", reason));
        }
        Ok(one_hot(&self.column.name, &categories))
    }

    fn too_many(self, cells: &Cells) -> Result<Found, EngineError> {
        let most = cells.max_categories;
        let first = self.first_text.clone();
        let (place, value) = first.unwrap_or_else(|| (both("", ""), String::new()));
        if self.named {
            let column = shown(&self.column.name);
            if is_date(&value) {
                let story = both(
                    format!(
                        "column `{column}` holds dates, which are not learnt from; turn them into numbers, such as days, or leave \
                         the column out of `features`"
                    ),
                    format!(
                        "列 `{column}` 是日期，不能用于训练；请转换为数值（例如天数），或从 `features` 中去掉该列"
                    ),
                );
                return Err(data_error(Fault::NotANumber, story).with_param("column", column));
            }
            let story = both(
                format!(
                    "column `{column}` holds text with more than {most} different values; raise `max_categories`, or leave the \
                     column out of `features`"
                ),
                format!(
                    "列 `{column}` 的文本有超过 {most} 种取值；请调高 `max_categories`，或从 `features` 中去掉该列"
                ),
            );
            return Err(data_error(Fault::NotANumber, story).with_param("column", column));
        }
        Ok(if is_date(&value) {
            let reason = both(
                "holds dates; turn them into numbers, such as days, to use them",
                "是日期；如需使用，请转换为数值，例如天数",
            );
            self.ignored("date", reason)
        } else {
            let reason = both(
                format!(
                    "holds text with more than {most} different values, the first is `{value}` in {place}"
                ),
                format!("文本取值超过 {most} 种，第一个是{}的 `{value}`", zh(&place)),
            );
            self.ignored("text", reason)
        })
    }

    fn ignored(self, code: &'static str, reason: Text) -> Found {
        Found::Ignored(Ignored::new(self.column.name, code, reason))
    }
}

/// Whether a column has enough values, and hardly misses one, as the ids of rows do.
fn is_full(present: usize, rows: usize) -> bool {
    present >= ALL_DIFFERENT_FROM && present * 10 >= rows * 9
}

/// A column of `true` and `false`, or of `yes` and `no`, as 1 and 0.
fn as_yes_or_no(name: &str, categories: &Categories) -> Option<Column> {
    let meaning = |text: &String| match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(1.0),
        "false" | "no" => Some(0.0),
        _ => None,
    };
    let meanings: Vec<f64> = categories.texts.iter().map(meaning).collect::<Option<_>>()?;
    let value = |code: &u16| meanings.get(usize::from(*code)).copied().unwrap_or(f64::NAN);
    Some(Column {
        name: name.to_owned(),
        values: categories.codes.iter().map(value).collect(),
    })
}

/// One feature for each text, in the order of the texts, so that it does not depend on that of the rows.
fn one_hot(name: &str, categories: &Categories) -> Found {
    let mut order: Vec<usize> = (0..categories.texts.len()).collect();
    order.sort_by(|a, b| categories.texts[*a].cmp(&categories.texts[*b]));
    let columns = order.iter().map(|text| {
        let value = |code: &u16| match *code {
            NONE => f64::NAN,
            code => f64::from(u8::from(usize::from(code) == *text)),
        };
        Column {
            name: format!("{name}={}", categories.texts[*text]),
            values: categories.codes.iter().map(value).collect(),
        }
    });
    let columns = columns.collect();
    let encoded = Encoded {
        column: name.to_owned(),
        values: order.iter().map(|text| categories.texts[*text].clone()).collect(),
    };
    Found::Categories(encoded, columns)
}

/// Whether a text has the form of a date: three numbers with the same mark between them.
fn is_date(text: &str) -> bool {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    ['-', '/', '.'].iter().any(|mark| {
        let parts: Vec<_> = day.split(*mark).collect();
        let is_number =
            |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_number)
    })
}
