//! Reading a config, and saying everything that is wrong with it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;

use csv::StringRecord;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use task_interface::{EngineError, FileBeginning, Problem, TaskInfo, TaskKind};

use super::{SampleConfig, TrainConfig, hints};
use crate::input::{
    Dialect, Fault, Input, Limit, Table, data_error, delimiter_byte, find_file, is_fault, is_same_label,
    named_encoding, open_file, private_text, shown,
};

/// What both configs have.
pub(crate) trait Config: DeserializeOwned + JsonSchema {
    /// The smallest config that is accepted.
    fn smallest() -> Value;
    /// What is wrong in its values, by key.
    fn problems(&self, found: &mut Problems);
}

/// Problems by top-level key.
#[derive(Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn unless(&mut self, good: bool, key: &str, message: &str) {
        if !good {
            self.0.push(Problem::at(format!("/{key}"), message));
        }
    }

    pub(super) fn names(&mut self, key: &str, names: &[String]) {
        let mut sorted: Vec<_> = names.iter().collect();
        sorted.sort();
        sorted.dedup();
        self.unless(sorted.len() == names.len(), key, "names a column twice");
        self.unless(
            !names.iter().any(String::is_empty),
            key,
            "has an empty column name",
        );
    }

    pub(super) fn common(&mut self, input: &str, output: Option<&str>, dialect: &Dialect) {
        self.unless(
            !input.is_empty() && input != "file:",
            "input",
            "must name a resource or a file",
        );
        self.unless(
            output.is_none_or(is_object_name),
            "output",
            "must be a plain object name: 1 to 200 characters, no slash, not beginning with a dot",
        );
        for (key, problem) in [
            ("delimiter", delimiter_byte(&dialect.delimiter).err()),
            ("encoding", named_encoding(&dialect.encoding).err()),
        ] {
            if let Some(problem) = problem {
                self.unless(false, key, &problem);
            }
        }
    }
}

fn is_object_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && !name
            .chars()
            .any(|character| character.is_control() || "/\\".contains(character))
}

/// The JSON Schema (2020-12) of a config.
pub(crate) fn schema<C: Config>() -> Value {
    let generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let mut schema = generator.into_root_schema_for::<C>().to_value();
    hints::add(&mut schema);
    schema
}

/// Reads a config, or finds everything that is wrong with it.
pub(super) fn parse<C: Config>(config: &Value) -> Result<C, Vec<Problem>> {
    let Value::Object(members) = config else {
        return Err(vec![Problem::at("", "the config must be a JSON object")]);
    };
    match serde_json::from_value::<C>(config.clone()) {
        Ok(parsed) => {
            let mut found = Problems::default();
            parsed.problems(&mut found);
            if found.0.is_empty() {
                Ok(parsed)
            } else {
                Err(found.0)
            }
        }
        Err(error) => {
            let found = misfits::<C>(members);
            // The whole does not fit, though each part seems to: say at least that.
            Err(if found.is_empty() {
                vec![Problem::at("", error.to_string())]
            } else {
                found
            })
        }
    }
}

/// Tries every member alone in the smallest config, so that each one that does not fit is named.
fn misfits<C: Config>(members: &Map<String, Value>) -> Vec<Problem> {
    let smallest = C::smallest();
    let mut found = Vec::new();
    for (key, value) in members {
        let mut probe = smallest.clone();
        probe[key] = value.clone();
        if let Err(error) = serde_json::from_value::<C>(probe) {
            let pointer = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
            found.push(Problem::at(pointer, error.to_string()));
        }
    }
    let required = smallest.as_object().into_iter().flatten().map(|(key, _)| key);
    for key in required.filter(|key| !members.contains_key(*key)) {
        found.push(Problem::at("", format!("`{key}` is missing")));
    }
    found
}

/// What a config says about its table.
struct TableUse {
    input: String,
    dialect: Dialect,
    /// Keys and the columns that they name.
    columns: Vec<(&'static str, Vec<String>)>,
    label: Option<String>,
    missing: Vec<String>,
}

impl TableUse {
    fn of(task: &TaskInfo) -> Result<Self, Vec<Problem>> {
        match task.kind {
            TaskKind::Sample => parse::<SampleConfig>(&task.config).map(Self::from),
            TaskKind::Train => parse::<TrainConfig>(&task.config).map(Self::from),
        }
    }
}

impl From<SampleConfig> for TableUse {
    fn from(config: SampleConfig) -> Self {
        Self {
            dialect: config.dialect(),
            input: config.input,
            columns: vec![
                ("id_columns", config.id_columns),
                ("columns", config.columns.unwrap_or_default()),
            ],
            label: None,
            missing: Vec::new(),
        }
    }
}

impl From<TrainConfig> for TableUse {
    fn from(config: TrainConfig) -> Self {
        Self {
            dialect: config.dialect(),
            input: config.input,
            columns: vec![
                ("label", config.label.clone().into_iter().collect()),
                ("features", config.features.unwrap_or_default()),
                ("id_column", config.id_column.into_iter().collect()),
            ],
            label: config.label,
            missing: config.missing,
        }
    }
}

/// Everything that is wrong with a task's config. Of a file in a data folder the beginning is read, to see whether it is a
/// table and has the columns. Blocks while it reads.
pub(crate) fn validate(task: &TaskInfo, data_dirs: &[PathBuf], limit: Limit) -> Vec<Problem> {
    let table_use = match TableUse::of(task) {
        Ok(table_use) => table_use,
        Err(problems) => return problems,
    };
    let Some(path) = table_use.input.strip_prefix("file:") else {
        return Vec::new();
    };
    let file = find_file(path, data_dirs).and_then(|path| open_file(&path));
    match file {
        Ok(file) => table_problems(Box::new(file), &table_use, limit),
        Err(reason) => vec![Problem::at("/input", reason)],
    }
}

/// What the beginning of the attached table shows.
pub(crate) fn validate_files(task: &TaskInfo, files: &[FileBeginning], limit: Limit) -> Vec<Problem> {
    let Ok(table_use) = TableUse::of(task) else {
        return Vec::new();
    };
    let Some(file) = files.iter().find(|file| file.name == table_use.input) else {
        return Vec::new();
    };
    table_problems(Box::new(Cursor::new(file.bytes.clone())), &table_use, limit)
}

fn table_problems(input: Input, table_use: &TableUse, limit: Limit) -> Vec<Problem> {
    let mut table = match Table::new(input, &table_use.dialect, limit) {
        Ok(table) => table,
        // A compressed file whose beginning ends within the first line, or a disk that does not answer: the run will tell.
        Err(error) if error.is_retryable() || is_fault(&error, Fault::CutOff) => return Vec::new(),
        Err(error) => return vec![Problem::at("/input", private_text(&error))],
    };
    let mut found = Vec::new();
    for (key, names) in &table_use.columns {
        let wrong = names.iter().filter_map(|name| table.column(name).err());
        found.extend(wrong.map(|error| Problem::at(format!("/{key}"), private_text(&error))));
    }
    if found.is_empty()
        && let Some(label) = &table_use.label
    {
        found.extend(label_problem(&mut table, label, &table_use.missing));
    }
    found
}

/// Rows of the beginning in which a third value of a label is looked for.
const LABEL_ROWS: usize = 1000;

/// Says that the label has more than two values, when the first rows show it.
fn label_problem(table: &mut Table, label: &str, missing: &[String]) -> Option<Problem> {
    let place = table.column(label).ok()?;
    let (mut row, mut seen) = (StringRecord::new(), Vec::<String>::new());
    for _ in 0..LABEL_ROWS {
        // The beginning may be cut off anywhere.
        if !table.read(&mut row).unwrap_or(false) {
            return None;
        }
        let value = row[place].trim();
        let is_missing = value.is_empty()
            || missing
                .iter()
                .any(|marker| value.eq_ignore_ascii_case(marker.trim()));
        if !is_missing && !seen.iter().any(|known| is_same_label(known, value)) {
            seen.push(value.to_owned());
        }
        if let [first, second, third] = &seen[..] {
            let values = [first, second, third]
                .map(|value| format!("`{}`", shown(value)))
                .join(", ");
            let text = format!(
                "column `{}` has more than two values ({values}, …); a label must have two",
                shown(label)
            );
            return Some(Problem::at("/label", text));
        }
    }
    None
}

/// Reads a config at the start of a job.
pub(crate) fn parse_for_run<C: Config>(config: &Value) -> Result<C, EngineError> {
    parse(config).map_err(|problems| {
        let by_pointer: BTreeMap<_, _> = problems.into_iter().map(|p| (p.pointer, p.message)).collect();
        data_error(Fault::Config, format!("the config is not valid: {by_pointer:?}"))
    })
}
