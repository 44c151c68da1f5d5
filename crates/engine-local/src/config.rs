//! The configs of both task types, their JSON Schemas, and what is wrong with a config.

mod hints;
mod reading;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::input::{Decimal, Dialect, USUAL_MISSING};
pub(crate) use crate::join::IdRule;
use reading::{Config, Problems};
pub(crate) use reading::{parse_for_run, schema, validate, validate_files};

/// Who learns the intersection. The other side must say the same from its own point of view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResultMode {
    /// Both sides.
    #[default]
    Both,
    /// This side alone; the other side must say `only_partner`.
    OnlyMe,
    /// The other side alone; it must say `only_me`.
    OnlyPartner,
}

/// Which of several rows with one id stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateRule {
    /// The first one in the table.
    #[default]
    First,
    /// The last one in the table.
    Last,
    /// None: the run fails, and says how many there are.
    Refuse,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DecimalSetting {
    /// Found in the first lines.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// `1,234.5`
    #[serde(rename = ".")]
    Point,
    /// `1.234,5`
    #[serde(rename = ",")]
    Comma,
}

impl DecimalSetting {
    pub(crate) fn fixed(self) -> Option<Decimal> {
        match self {
            Self::Auto => None,
            Self::Point => Some(Decimal::Point),
            Self::Comma => Some(Decimal::Comma),
        }
    }
}

/// What becomes of rows without a label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnlabelledRule {
    /// The run fails, and says which row it is.
    #[default]
    Refuse,
    /// They are left out on both sides.
    LeaveOut,
}

/// How rows for validation are chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitRule {
    /// By the seed alone.
    #[default]
    Random,
    /// By the seed, so that each value of the label has its share.
    Stratified,
}

/// The config of a SAMPLE task: find the rows that both sides have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleConfig {
    /// The input table (CSV): the name of an attached resource, or `file:` and a path below one of the administrator's
    /// data folders.
    #[schemars(extend("format" = "resource"))]
    pub input: String,
    /// One or more columns that together are the id. Values are compared byte by byte after `id_normalization`; the names may differ on the two
    /// sides, the order counts.
    #[schemars(length(min = 1), transform = of_columns)]
    pub id_columns: Vec<String>,
    /// Own columns that go into the output, in this order. All columns when not given.
    #[serde(default)]
    #[schemars(transform = of_columns)]
    pub columns: Option<Vec<String>>,
    /// The object name of the aligned rows; made of the task's name and id when not given. An object of that name that
    /// another task or an operator wrote is not replaced.
    #[serde(default)]
    pub output: Option<String>,
    /// Who learns the intersection.
    #[serde(default)]
    pub result: ResultMode,
    /// What is done to ids before they are compared. Must be equal on both sides; the order does not count.
    #[serde(default = "trimmed")]
    #[schemars(extend("uniqueItems" = true))]
    pub id_normalization: Vec<IdRule>,
    /// Which of several rows with one id stays.
    #[serde(default)]
    pub duplicates: DuplicateRule,
    /// Texts that stand for a missing id, in any letter case: such rows belong to nobody. An empty field always does.
    #[serde(default = "usual_missing")]
    pub missing: Vec<String>,
    /// The character between two fields; `\t` is a tab. `auto` finds it in the first lines.
    #[serde(default = "auto")]
    pub delimiter: String,
    /// The text encoding, such as `utf-8`, `utf-16le`, `gb18030` or `windows-1252`. `auto` finds it in the first bytes.
    #[serde(default = "auto")]
    pub encoding: String,
    /// Whether the first line names the columns. Without one they are named 1, 2, 3 and so on.
    #[serde(default = "yes")]
    pub has_header: bool,
    /// Whether the output has a last column `efls_source_line`: the line of your file from which a row comes. Messages to you
    /// name it; nothing is learnt from it, and the partner never sees it.
    #[serde(default = "yes")]
    pub source_lines: bool,
}

/// The config of a TRAIN task: logistic regression over both sides' columns of aligned rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// The aligned rows (CSV): the name of an attached resource, or `file:` and a path below one of the administrator's
    /// data folders.
    #[schemars(extend("format" = "resource"))]
    pub input: String,
    /// The column to be predicted; given on exactly one side. It must have two different values.
    #[serde(default)]
    #[schemars(extend("format" = "column"))]
    pub label: Option<String>,
    /// Own columns to learn from. When not given, all but the label, ids, dates and texts with very many different values.
    #[serde(default)]
    #[schemars(transform = of_columns)]
    pub features: Option<Vec<String>>,
    /// Columns that are never learnt from, such as numeric ids.
    #[serde(default)]
    #[schemars(transform = of_columns)]
    pub exclude: Vec<String>,
    /// How often training goes through all rows. Must be equal on both sides.
    #[serde(default = "default_epochs")]
    #[schemars(range(min = 1, max = 100_000))]
    pub epochs: u32,
    /// Rows of one step. Must be equal on both sides.
    #[serde(default = "default_batch_size")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub batch_size: u32,
    /// How far one step goes. Must be equal on both sides.
    #[serde(default = "default_learning_rate")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// The strength of the pull of the weights towards zero. Must be equal on both sides.
    #[serde(default = "default_l2")]
    #[schemars(range(min = 0))]
    pub l2: f64,
    /// The share of the rows that training never sees and that validates the model. Must be equal on both sides.
    #[serde(default = "default_validation_fraction")]
    #[schemars(range(min = 0, max = 0.9))]
    pub validation_fraction: f64,
    /// Decides on the split and on the order of the rows. Must be equal on both sides.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// The standard deviation of Gaussian noise added to every number that we send. 0: none.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub noise_sigma: f64,
    /// The object name of our half of the model; made of the task's name and id when not given. An object of that name
    /// that another task or an operator wrote is not replaced.
    #[serde(default)]
    pub output: Option<String>,
    /// The character between two fields; `\t` is a tab. `auto` finds it in the first lines.
    #[serde(default = "auto")]
    pub delimiter: String,
    /// The text encoding, such as `utf-8`, `utf-16le`, `gb18030` or `windows-1252`. `auto` finds it in the first bytes.
    #[serde(default = "auto")]
    pub encoding: String,
    /// Whether the first line names the columns. Without one they are named 1, 2, 3 and so on.
    #[serde(default = "yes")]
    pub has_header: bool,
    /// The character before decimal places. `auto` finds it in the first lines.
    #[serde(default)]
    pub decimal: DecimalSetting,
    /// Texts that stand for a missing value, in any letter case. An empty field always does.
    #[serde(default = "usual_missing")]
    pub missing: Vec<String>,
    /// The value of the label that means 1. The greater one when not given.
    #[serde(default)]
    pub positive_label: Option<String>,
    /// What becomes of rows without a label; for the side that names it. `leave_out` tells the partner which of the aligned rows
    /// have no label, because both sides must leave out the same ones.
    #[serde(default)]
    pub unlabelled_rows: UnlabelledRule,
    /// How rows for validation are chosen; for the side that names the label. `stratified` gives each of its values the same share,
    /// and tells the partner which of the aligned rows validate.
    #[serde(default)]
    pub split: SplitRule,
    /// The column that names the rows in messages to you; never learnt from. When not given, the id by which
    /// the join aligned the rows, or the column `id`.
    #[serde(default)]
    #[schemars(extend("format" = "column"))]
    pub id_column: Option<String>,
    /// A column of text with at most so many different values is learnt from, as one feature for each value. 0: none.
    #[serde(default = "default_max_categories")]
    #[schemars(range(max = 1000))]
    pub max_categories: u32,
}

/// Says that a list's entries are names of columns, so that a form can offer them.
fn of_columns(list: &mut Schema) {
    if let Some(Value::Object(items)) = list.get_mut("items") {
        items.insert("format".to_owned(), json!("column"));
    }
}

fn auto() -> String {
    "auto".to_owned()
}
fn trimmed() -> Vec<IdRule> {
    vec![IdRule::Trim]
}
pub(crate) fn usual_missing() -> Vec<String> {
    USUAL_MISSING.map(str::to_owned).to_vec()
}
fn default_max_categories() -> u32 {
    20
}
fn yes() -> bool {
    true
}
fn default_epochs() -> u32 {
    30
}
fn default_batch_size() -> u32 {
    256
}
fn default_learning_rate() -> f64 {
    0.1
}
fn default_l2() -> f64 {
    1e-4
}
fn default_validation_fraction() -> f64 {
    0.2
}
fn default_seed() -> u64 {
    1
}

impl SampleConfig {
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: self.delimiter.clone(),
            encoding: self.encoding.clone(),
            has_header: self.has_header,
            ..Dialect::default()
        }
    }
}

impl TrainConfig {
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: self.delimiter.clone(),
            encoding: self.encoding.clone(),
            has_header: self.has_header,
            decimal: self.decimal.fixed(),
            ..Dialect::default()
        }
    }
}

const NAMES_NONE: reading::Words = ("empty_list", "must name at least one column", "至少指定一列");

impl Config for SampleConfig {
    fn smallest() -> Value {
        json!({"input": "rows", "id_columns": ["id"]})
    }

    fn problems(&self, found: &mut Problems) {
        found.common(&self.input, self.output.as_deref(), &self.dialect());
        found.unless(!self.id_columns.is_empty(), "id_columns", NAMES_NONE);
        found.names("id_columns", &self.id_columns);
        if let Some(columns) = &self.columns {
            found.unless(
                !columns.is_empty(),
                "columns",
                (
                    "empty_list",
                    "must name at least one column, or be left out",
                    "至少指定一列，或留空",
                ),
            );
            found.names("columns", columns);
        }
    }
}

impl Config for TrainConfig {
    fn smallest() -> Value {
        json!({"input": "rows"})
    }

    fn problems(&self, found: &mut Problems) {
        found.common(&self.input, self.output.as_deref(), &self.dialect());
        found.unless(
            self.label.as_deref() != Some(""),
            "label",
            (
                "empty",
                "must name a column, or be left out",
                "请指定一列，或留空",
            ),
        );
        if let Some(features) = &self.features {
            found.names("features", features);
            let label_is_feature = self.label.as_ref().is_some_and(|label| features.contains(label));
            let is_label = ("label_is_feature", "must not contain the label", "不能包含标签列");
            found.unless(!label_is_feature, "features", is_label);
            let excluded = features.iter().any(|feature| self.exclude.contains(feature));
            let both = (
                "excluded_feature",
                "must not contain a column of `features`",
                "不能包含 `features` 中的列",
            );
            found.unless(!excluded, "exclude", both);
        }
        found.unless(
            (1..=100_000).contains(&self.epochs),
            "epochs",
            (
                "out_of_range",
                "must be from 1 to 100000",
                "必须在 1 到 100000 之间",
            ),
        );
        found.unless(
            (1..=1_000_000).contains(&self.batch_size),
            "batch_size",
            (
                "out_of_range",
                "must be from 1 to 1000000",
                "必须在 1 到 1000000 之间",
            ),
        );
        let positive = self.learning_rate.is_finite() && self.learning_rate > 0.0;
        let above_zero = ("out_of_range", "must be greater than 0", "必须大于 0");
        found.unless(positive, "learning_rate", above_zero);
        let not_negative = ("out_of_range", "must be 0 or greater", "必须大于或等于 0");
        found.unless(self.l2.is_finite() && self.l2 >= 0.0, "l2", not_negative);
        let fraction = (0.0..=0.9).contains(&self.validation_fraction);
        let share = ("out_of_range", "must be from 0 to 0.9", "必须在 0 到 0.9 之间");
        found.unless(fraction, "validation_fraction", share);
        found.unless(
            self.max_categories <= 1000,
            "max_categories",
            ("out_of_range", "must be from 0 to 1000", "必须在 0 到 1000 之间"),
        );
        let alone = self.positive_label.is_none() || self.label.is_some();
        let needs_label = (
            "needs_label",
            "is for the side that names the label",
            "只用于指定标签列的一方",
        );
        found.unless(alone, "positive_label", needs_label);
        let labelled = self.label.is_some();
        let refuses = self.unlabelled_rows == UnlabelledRule::default();
        found.unless(labelled || refuses, "unlabelled_rows", needs_label);
        let plain = self.split == SplitRule::default();
        found.unless(labelled || plain, "split", needs_label);
        let noise = self.noise_sigma.is_finite() && self.noise_sigma >= 0.0;
        found.unless(noise, "noise_sigma", not_negative);
    }
}

#[cfg(test)]
mod tests;
