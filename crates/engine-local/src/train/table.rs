//! Reading aligned rows into columns of numbers.

use csv::StringRecord;
use serde::Serialize;
use task_interface::EngineError;

use crate::config::TrainConfig;
use crate::input::{Input, Table, data_error, line_of};
use crate::work::Crew;

/// Rows between two looks at the stop token.
const ROWS: usize = 4096;

/// A column of numbers.
pub(super) struct Column {
    pub(super) name: String,
    /// One value per row; NaN where it is missing.
    pub(super) values: Vec<f64>,
}

/// The label's column.
pub(super) struct LabelColumn {
    pub(super) name: String,
    /// 0 or 1 per row.
    pub(super) values: Vec<u8>,
    /// The texts that mean 0 and 1.
    pub(super) classes: [String; 2],
}

/// A column that is not learnt from because it holds text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Ignored {
    pub(super) column: String,
    /// The first line with a value that is no number.
    pub(super) line: u64,
}

/// Everything that training needs of the table.
pub(super) struct Columns {
    pub(super) rows: usize,
    pub(super) features: Vec<Column>,
    pub(super) ignored: Vec<Ignored>,
    pub(super) label: Option<LabelColumn>,
}

struct Candidate {
    place: usize,
    column: Column,
    /// The config names it, so it must be numeric.
    named: bool,
    /// Values that are numbers, and values that are none.
    numbers: u64,
    texts: u64,
    /// The line of the first value that is no number.
    first_text: u64,
}

/// Reads the table once.
pub(super) fn read(crew: &Crew, config: &TrainConfig, input: Input) -> Result<Columns, EngineError> {
    let mut table = Table::new(input, config.delimiter as u8, config.has_header)?;
    let label_place = config
        .label
        .as_deref()
        .map(|label| table.column(label))
        .transpose()?;
    let mut candidates = candidates(&table, config, label_place)?;
    let mut labels = Labels::default();
    let mut row = StringRecord::new();
    let mut rows = 0;
    while table.read(&mut row)? {
        if rows % ROWS == 0 {
            crew.check()?;
        }
        rows += 1;
        crew.meter.add(1);
        for candidate in candidates.iter_mut().filter(|candidate| !candidate.is_text()) {
            candidate.take(&row)?;
        }
        if let Some(place) = label_place {
            labels.take(row[place].trim(), line_of(&row))?;
        }
    }
    if rows < 2 || u32::try_from(rows).is_err() {
        return Err(EngineError::fatal(format!(
            "the input has {rows} rows; training takes from 2 to 4294967295"
        )));
    }
    let (mut features, mut ignored) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match candidate.finish()? {
            Kind::Feature(column) => features.push(column),
            Kind::Text(column) => ignored.push(column),
            Kind::Empty => {}
        }
    }
    let label = config.label.clone().map(|name| labels.finish(name)).transpose()?;
    if features.is_empty() && label.is_none() {
        return Err(EngineError::fatal(
            "the input has no numeric column to learn from",
        ));
    }
    Ok(Columns {
        rows,
        features,
        ignored,
        label,
    })
}

fn candidates(
    table: &Table,
    config: &TrainConfig,
    label: Option<usize>,
) -> Result<Vec<Candidate>, EngineError> {
    let places = match &config.features {
        Some(names) => table.columns(names)?,
        None => {
            let free =
                |place: &usize| Some(*place) != label && !config.exclude.contains(&table.names[*place]);
            let places: Vec<_> = (0..table.names.len()).filter(free).collect();
            for place in &places {
                // Two columns of one name could not be told apart in the model.
                table.column(&table.names[*place])?;
            }
            places
        }
    };
    let candidate = |place: usize| Candidate {
        place,
        column: Column {
            name: table.names[place].clone(),
            values: Vec::new(),
        },
        named: config.features.is_some(),
        numbers: 0,
        texts: 0,
        first_text: 0,
    };
    Ok(places.into_iter().map(candidate).collect())
}

fn is_missing(text: &str) -> bool {
    text.is_empty()
        || ["na", "n/a", "nan", "null"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// What a column turned out to be.
enum Kind {
    Feature(Column),
    Text(Ignored),
    /// No value at all.
    Empty,
}

/// So many values that are no numbers, where they are at least a quarter, make a column one of text for good.
const TEXTS: u64 = 1000;

impl Candidate {
    /// Whether nothing that may follow makes it numeric; its values need not be kept.
    fn is_text(&self) -> bool {
        self.texts > TEXTS && !self.is_mostly_numeric()
    }

    fn is_mostly_numeric(&self) -> bool {
        self.numbers >= 3 * self.texts
    }

    /// A few bad values in a column of numbers are mistakes, which must not cost a feature in silence.
    fn finish(self) -> Result<Kind, EngineError> {
        if self.texts == 0 {
            let is_feature = self.named || self.numbers > 0;
            return Ok(if is_feature {
                Kind::Feature(self.column)
            } else {
                Kind::Empty
            });
        }
        let (column, line) = (self.column.name.clone(), self.first_text);
        if !self.is_mostly_numeric() {
            return Ok(Kind::Text(Ignored { column, line }));
        }
        Err(data_error(
            format!("line {line} of the input: a column of numbers has a value that is none"),
            format!(
                "column `{column}` has {} numbers and {} other values, the first on line {line}; correct them, leave them \
                 empty, or name the column in `exclude`",
                self.numbers, self.texts
            ),
        ))
    }

    fn take(&mut self, row: &StringRecord) -> Result<(), EngineError> {
        let text = row[self.place].trim();
        if is_missing(text) {
            self.column.values.push(f64::NAN);
            return Ok(());
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => {
                self.numbers += 1;
                self.column.values.push(value);
                Ok(())
            }
            _ if self.named => {
                let line = line_of(row);
                Err(data_error(
                    format!("line {line} of the input: a value of a feature is not a number"),
                    format!(
                        "line {line} of the input: the value of `{}` is not a number",
                        self.column.name
                    ),
                ))
            }
            _ => {
                self.texts += 1;
                if self.first_text == 0 {
                    self.first_text = line_of(row);
                }
                if self.is_text() {
                    self.column.values = Vec::new();
                } else {
                    self.column.values.push(f64::NAN);
                }
                Ok(())
            }
        }
    }
}

/// Whether two texts are the same label: `1` and `1.0` are.
fn is_same_label(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    one == other || number(one).is_some_and(|one| Some(one) == number(other))
}

/// Labels as they come: each as 0 or 1 in the order in which the two texts were first seen.
#[derive(Default)]
struct Labels {
    seen: Vec<String>,
    values: Vec<u8>,
}

impl Labels {
    fn take(&mut self, text: &str, line: u64) -> Result<(), EngineError> {
        if is_missing(text) {
            return Err(EngineError::fatal(format!(
                "line {line} of the input has no label"
            )));
        }
        let known = self.seen.iter().position(|seen| is_same_label(seen, text));
        let class = known.unwrap_or_else(|| {
            self.seen.push(text.to_owned());
            self.seen.len() - 1
        });
        if class > 1 {
            return Err(EngineError::fatal(format!(
                "line {line} of the input has a third value of the label; there must be exactly two"
            )));
        }
        self.values.push(class as u8);
        Ok(())
    }

    /// Orders the two texts, as numbers if both are, else as text: the lesser means 0.
    fn finish(self, name: String) -> Result<LabelColumn, EngineError> {
        let Ok([first, second]) = <[String; 2]>::try_from(self.seen) else {
            return Err(EngineError::fatal(
                "the label has the same value in all rows; there must be exactly two values",
            ));
        };
        let swapped = match (first.parse::<f64>(), second.parse::<f64>()) {
            (Ok(first), Ok(second)) => first > second,
            _ => first > second,
        };
        let mut values = self.values;
        if swapped {
            values.iter_mut().for_each(|value| *value = 1 - *value);
        }
        let classes = if swapped { [second, first] } else { [first, second] };
        Ok(LabelColumn {
            name,
            values,
            classes,
        })
    }
}
