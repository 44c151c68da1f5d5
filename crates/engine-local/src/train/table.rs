//! Reading aligned rows into columns of numbers.

mod column;
mod labels;

use csv::StringRecord;
use serde::Serialize;
use task_interface::{EngineError, Text, Warning};

use crate::config::{TrainConfig, UnlabelledRule};
use crate::input::{
    Decimal, Fault, Input, Markers, SOURCE_LINE, Table, clean_name, data_error, line_of, shown, table_error,
};
use crate::mark::Marks;
use crate::words::{both, zh};
use crate::work::Crew;
use column::{Candidate, Found};
use labels::Labels;

use super::rows::Parts;

/// Rows between two looks at the stop token.
const ROWS: usize = 4096;

/// A column of numbers.
pub(super) struct Column {
    pub(super) name: String,
    /// One value per row; NaN where it is missing.
    pub(super) values: Vec<f64>,
}

/// In place of the label of a row that has none.
pub(super) const NO_LABEL: u8 = 2;

/// The label's column.
pub(super) struct LabelColumn {
    pub(super) name: String,
    /// 0 or 1 per row, or [`NO_LABEL`].
    pub(super) values: Vec<u8>,
    /// The texts that mean 0 and 1.
    pub(super) classes: [String; 2],
}

/// A column that is not learnt from, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Ignored {
    pub(super) column: String,
    /// For programs.
    pub(super) code: &'static str,
    pub(super) reason: String,
    pub(super) reason_zh: String,
}

impl Ignored {
    pub(super) fn new(column: String, code: &'static str, reason: Text) -> Self {
        let reason_zh = zh(&reason).to_owned();
        Self {
            column,
            code,
            reason: reason.en,
            reason_zh,
        }
    }
}

/// A column of text that became one feature for each of its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Encoded {
    pub(super) column: String,
    pub(super) values: Vec<String>,
}

/// Everything that training needs of the table.
pub(super) struct Columns {
    pub(super) rows: usize,
    pub(super) features: Vec<Column>,
    pub(super) ignored: Vec<Ignored>,
    pub(super) encoded: Vec<Encoded>,
    pub(super) label: Option<LabelColumn>,
    /// What our operator should know of how the table was read.
    pub(super) warnings: Vec<Warning>,
    /// What was found out about the file.
    pub(super) form: Text,
}

impl Columns {
    /// Forgets the rows that do not take part.
    pub(super) fn keep(&mut self, parts: &Parts) {
        fn only<T: Copy>(values: &mut Vec<T>, parts: &Parts) {
            let mut row = 0;
            values.retain(|_| {
                row += 1;
                parts.takes_part(row - 1)
            });
        }
        for column in &mut self.features {
            only(&mut column.values, parts);
        }
        if let Some(label) = &mut self.label {
            only(&mut label.values, parts);
        }
        self.rows = parts.rows() - parts.left_out();
    }
}

/// How the cells of a table are read.
struct Cells {
    missing: Markers,
    decimal: Option<Decimal>,
    /// The columns that name the rows.
    ids: Vec<usize>,
    /// The column with the lines of the file that was joined.
    source: Option<usize>,
    max_categories: usize,
    leaves_out_unlabelled: bool,
}

impl Cells {
    fn is_missing(&self, text: &str) -> bool {
        self.missing.is_missing(text)
    }

    /// Where a row is, for its owner: by its id if it has one, and by the line of the file that they gave, if a join says it.
    fn place(&self, row: &StringRecord) -> Text {
        let line = match self.source {
            Some(source) => {
                let line = shown(row[source].trim());
                both(
                    format!("line {line} of the file that was joined"),
                    format!("求交前文件的第 {line} 行"),
                )
            }
            None => {
                let line = line_of(row);
                both(
                    format!("line {line} of this input"),
                    format!("本输入的第 {line} 行"),
                )
            }
        };
        let ids: Vec<_> = self.ids.iter().map(|id| shown(row[*id].trim())).collect();
        if ids.is_empty() {
            return line;
        }
        let ids = ids.join("`, `");
        both(
            format!("the row with id `{ids}` ({line})"),
            format!("ID 为 `{ids}` 的行（{}）", zh(&line)),
        )
    }
}

/// Reads the table once.
pub(super) fn read(
    crew: &Crew,
    config: &TrainConfig,
    marks: &Marks,
    input: Input,
) -> Result<Columns, EngineError> {
    let mut table = Table::new(input, &config.dialect(), crew.limit).map_err(table_error)?;
    let label_place = config
        .label
        .as_deref()
        .map(|label| table.column(label))
        .transpose()
        .map_err(table_error)?;
    let cells = Cells {
        missing: Markers::new(config.missing.iter().cloned()),
        decimal: table.decimal,
        ids: id_places(&table, config, marks)?,
        source: source_place(&table, marks),
        max_categories: config.max_categories as usize,
        leaves_out_unlabelled: config.unlabelled_rows == UnlabelledRule::LeaveOut,
    };
    let mut ignored = Vec::new();
    let mut candidates = candidates(&table, config, label_place, marks, &mut ignored)?;
    let mut labels = Labels::default();
    let mut row = StringRecord::new();
    let mut rows = 0;
    while table.read(&mut row).map_err(table_error)? {
        if rows % ROWS == 0 {
            crew.check()?;
            check_memory(crew, &candidates)?;
        }
        rows += 1;
        crew.meter.add(1);
        for candidate in candidates.iter_mut().filter(|candidate| !candidate.is_lost()) {
            candidate.take(&row, &cells)?;
        }
        if let Some(place) = label_place {
            labels.take(row[place].trim(), &row, &cells)?;
        }
    }
    check_memory(crew, &candidates)?;
    if rows < 2 || u32::try_from(rows).is_err() {
        let text = both(
            format!("the input has {rows} rows; training takes from 2 to 4294967295"),
            format!("输入表有 {rows} 行，训练需要 2 到 4294967295 行"),
        );
        return Err(data_error(Fault::RowCount, text));
    }
    let (mut features, mut encoded) = (Vec::new(), Vec::new());
    let mut warnings: Vec<Warning> = table.warning.take().into_iter().collect();
    for candidate in candidates {
        let of_column = candidate.warnings(&cells);
        match candidate.finish(&cells)? {
            Found::Feature(column) => {
                features.push(column);
                warnings.extend(of_column);
            }
            Found::Categories(of, columns) => {
                encoded.push(of);
                features.extend(columns);
            }
            Found::Ignored(column) => ignored.push(column),
        }
    }
    let label = config
        .label
        .clone()
        .map(|name| labels.finish(name, config.positive_label.as_deref()))
        .transpose()?;
    if features.is_empty() && label.is_none() {
        let reasons = |reason: fn(&Ignored) -> &str, between: &str| -> String {
            let some = ignored.iter().take(20);
            let all: Vec<_> = some
                .map(|ignored| format!("`{}` {}", shown(&ignored.column), reason(ignored)))
                .collect();
            all.join(between)
        };
        let text = both(
            format!(
                "the input has no column to learn from: {}; name columns in `features` to use them all the same",
                reasons(|ignored| &ignored.reason, "; ")
            ),
            format!(
                "输入表没有可用于学习的列：{}；如仍要使用，请在 `features` 中列出",
                reasons(|ignored| &ignored.reason_zh, "；")
            ),
        );
        return Err(data_error(Fault::NothingToLearn, text));
    }
    Ok(Columns {
        rows,
        features,
        ignored,
        encoded,
        label,
        warnings,
        form: table.form,
    })
}

/// The column that names the rows: the one of the config, or the one called `id`.
fn named_id(table: &Table, config: &TrainConfig) -> Result<Option<usize>, EngineError> {
    if let Some(name) = &config.id_column {
        return table.column(name).map(Some).map_err(table_error);
    }
    let is_id = |name: &String| name.eq_ignore_ascii_case("id");
    Ok(table.names.iter().position(is_id))
}

/// The column in which a join says from which line of the joined file a row comes.
fn source_place(table: &Table, marks: &Marks) -> Option<usize> {
    let is_source = |name: &String| name == SOURCE_LINE || marks.is_source_line(name);
    table.names.iter().position(is_source)
}

/// The columns that name the rows: the one of the config, those that a join marked, or the one called `id`.
fn id_places(table: &Table, config: &TrainConfig, marks: &Marks) -> Result<Vec<usize>, EngineError> {
    let marked: Vec<usize> = (0..table.names.len())
        .filter(|place| marks.is_id(&table.names[*place]))
        .collect();
    if config.id_column.is_none() && !marked.is_empty() {
        return Ok(marked);
    }
    Ok(named_id(table, config)?.into_iter().collect())
}

/// What is held of the columns, which the standardised values double, must fit into what the administrator grants.
fn check_memory(crew: &Crew, candidates: &[Candidate]) -> Result<(), EngineError> {
    let held: usize = candidates.iter().map(Candidate::bytes).sum();
    let needed = held.saturating_mul(2);
    if needed <= crew.train_memory_bytes {
        return Ok(());
    }
    let most = crew.train_memory_bytes >> 20;
    let text = both(
        format!(
            "training on this input needs more than {most} MiB, which the console's setting `engines.local.train_memory_mib` \
             grants; use fewer rows, name fewer columns in `features`, or ask the administrator for more"
        ),
        format!(
            "训练所需内存超过 {most} MiB，这是控制台设置 `engines.local.train_memory_mib` 允许的上限；请减少行数、在 `features` 中少列几列，或请管理员调高"
        ),
    );
    Err(data_error(Fault::Memory, text))
}

fn candidates(
    table: &Table,
    config: &TrainConfig,
    label: Option<usize>,
    marks: &Marks,
    ignored: &mut Vec<Ignored>,
) -> Result<Vec<Candidate>, EngineError> {
    let source = source_place(table, marks);
    if let Some(names) = &config.features {
        let places = table.columns(names).map_err(table_error)?;
        if let Some(place) = places.iter().find(|place| Some(**place) == source) {
            let name = shown(&table.names[*place]);
            let story = both(
                format!(
                    "column `{name}` has the lines of the file that was joined; it cannot be learnt from"
                ),
                format!("列 `{name}` 是求交前文件的行号，不能用于学习"),
            );
            return Err(data_error(Fault::Config, story).with_param("column", name));
        }
        return Ok(places
            .into_iter()
            .map(|place| Candidate::new(place, &table.names[place], true))
            .collect());
    }
    let id = named_id(table, config)?;
    let mut found = Vec::new();
    for (place, name) in table.names.iter().enumerate() {
        let is_excluded = config
            .exclude
            .iter()
            .any(|excluded| clean_name(excluded) == *name);
        if Some(place) == label || Some(place) == source || is_excluded {
            continue;
        }
        let reason = if Some(place) == id {
            Some(("id", both("names the rows", "是标识各行的列")))
        } else if marks.is_id(name) {
            Some((
                "join_id",
                both(
                    "is the id by which the join aligned the rows",
                    "是求交时对齐各行的 ID",
                ),
            ))
        } else if name.is_empty() || name.starts_with("Unnamed:") {
            Some((
                "nameless",
                both(
                    "has no name, as the row number that pandas writes",
                    "没有列名，像是 pandas 写出的行号",
                ),
            ))
        } else {
            None
        };
        match reason {
            Some((code, reason)) => ignored.push(Ignored::new(name.clone(), code, reason)),
            None => {
                // Two columns of one name could not be told apart in the model.
                table.column(name).map_err(table_error)?;
                found.push(Candidate::new(place, name, false));
            }
        }
    }
    Ok(found)
}
