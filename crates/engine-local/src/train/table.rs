//! Reading aligned rows into columns of numbers.

mod column;
mod labels;

use csv::StringRecord;
use serde::Serialize;
use task_interface::EngineError;

use crate::config::{TrainConfig, UnlabelledRule};
use crate::input::{Decimal, Fault, Input, Table, data_error, line_of, shown};
use crate::mark::Marks;
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
    /// What was found out about the file.
    pub(super) form: String,
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
struct Cells<'a> {
    missing: &'a [String],
    decimal: Option<Decimal>,
    /// The columns that name the rows.
    ids: Vec<usize>,
    max_categories: usize,
    leaves_out_unlabelled: bool,
}

impl Cells<'_> {
    fn is_missing(&self, text: &str) -> bool {
        text.is_empty()
            || self
                .missing
                .iter()
                .any(|marker| text.eq_ignore_ascii_case(marker.trim()))
    }

    /// Where a row is, for its owner: by its id if it has one, because lines of a join's output are not those of the file
    /// that it was made from.
    fn place(&self, row: &StringRecord) -> String {
        let line = line_of(row);
        let ids: Vec<_> = self.ids.iter().map(|id| shown(row[*id].trim())).collect();
        if ids.is_empty() {
            return format!("line {line} of this input");
        }
        format!(
            "the row with id `{}` (line {line} of this input)",
            ids.join("`, `")
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
    let mut table = Table::new(input, &config.dialect(), crew.limit)?;
    let label_place = config
        .label
        .as_deref()
        .map(|label| table.column(label))
        .transpose()?;
    let cells = Cells {
        missing: &config.missing,
        decimal: table.decimal,
        ids: id_places(&table, config, marks)?,
        max_categories: config.max_categories as usize,
        leaves_out_unlabelled: config.unlabelled_rows == UnlabelledRule::LeaveOut,
    };
    let mut ignored = Vec::new();
    let mut candidates = candidates(&table, config, label_place, marks, &mut ignored)?;
    let mut labels = Labels::default();
    let mut row = StringRecord::new();
    let mut rows = 0;
    while table.read(&mut row)? {
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
        let text = format!("the input has {rows} rows; training takes from 2 to 4294967295");
        return Err(data_error(Fault::RowCount, text));
    }
    let (mut features, mut encoded) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match candidate.finish(&cells)? {
            Found::Feature(column) => features.push(column),
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
        let reasons: Vec<_> = ignored
            .iter()
            .take(20)
            .map(|ignored| format!("`{}` {}", shown(&ignored.column), ignored.reason))
            .collect();
        let text = format!(
            "the input has no column to learn from: {}; name columns in `features` to use them all the same",
            reasons.join("; ")
        );
        return Err(data_error(Fault::NothingToLearn, text));
    }
    Ok(Columns {
        rows,
        features,
        ignored,
        encoded,
        label,
        form: table.form,
    })
}

/// The column that names the rows: the one of the config, or the one called `id`.
fn named_id(table: &Table, config: &TrainConfig) -> Result<Option<usize>, EngineError> {
    if let Some(name) = &config.id_column {
        return table.column(name).map(Some);
    }
    let is_id = |name: &String| name.eq_ignore_ascii_case("id");
    Ok(table.names.iter().position(is_id))
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
    let text = format!(
        "training on this input needs more than {} MiB, which the console's setting `engines.local.train_memory_mib` grants; use fewer rows, \
         name fewer columns in `features`, or ask the administrator for more",
        crew.train_memory_bytes >> 20
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
    if let Some(names) = &config.features {
        let places = table.columns(names)?;
        return Ok(places
            .into_iter()
            .map(|place| Candidate::new(place, &table.names[place], true))
            .collect());
    }
    let id = named_id(table, config)?;
    let mut found = Vec::new();
    for (place, name) in table.names.iter().enumerate() {
        if Some(place) == label || config.exclude.contains(name) {
            continue;
        }
        let reason = if Some(place) == id {
            Some(("id", "names the rows"))
        } else if marks.is_id(name) {
            Some(("join_id", "is the id by which the join aligned the rows"))
        } else if name.is_empty() || name.starts_with("Unnamed:") {
            Some(("nameless", "has no name, as the row number that pandas writes"))
        } else {
            None
        };
        match reason {
            Some((code, reason)) => ignored.push(Ignored {
                column: name.clone(),
                code,
                reason: reason.to_owned(),
            }),
            None => {
                // Two columns of one name could not be told apart in the model.
                table.column(name)?;
                found.push(Candidate::new(place, name, false));
            }
        }
    }
    Ok(found)
}
