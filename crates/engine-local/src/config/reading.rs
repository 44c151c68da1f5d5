//! Reading a config, and saying everything that is wrong with it.

use std::io::Cursor;
use std::path::PathBuf;

use csv::StringRecord;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use task_interface::{EngineError, FileBeginning, Problem, TaskInfo, TaskKind, Text};

use super::{SampleConfig, TrainConfig, hints};
use crate::input::{
    Dialect, Fault, Input, Limit, Markers, Table, data_error, delimiter_byte, find_file, is_fault,
    is_same_label, named_encoding, open_file, private_text, shown, table_error,
};
use crate::words::{both, zh};

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

/// What is wrong, as a word for programs, in English and in simplified Chinese.
pub(super) type Words = (&'static str, &'static str, &'static str);

impl Problems {
    pub(super) fn unless(&mut self, good: bool, key: &str, (code, en, zh): Words) {
        if !good {
            self.0
                .push(Problem::at(format!("/{key}"), both(en, zh)).with_code(code));
        }
    }

    pub(super) fn names(&mut self, key: &str, names: &[String]) {
        let mut sorted: Vec<_> = names.iter().collect();
        sorted.sort();
        sorted.dedup();
        let twice = ("column_twice", "names a column twice", "同一列出现两次");
        self.unless(sorted.len() == names.len(), key, twice);
        let empty = ("empty_name", "has an empty column name", "有空的列名");
        self.unless(!names.iter().any(String::is_empty), key, empty);
    }

    pub(super) fn common(&mut self, input: &str, output: Option<&str>, dialect: &Dialect) {
        self.unless(
            !input.is_empty() && input != "file:",
            "input",
            (
                "empty",
                "must name a resource or a file",
                "请指定附加的文件或数据目录中的文件",
            ),
        );
        self.unless(
            output.is_none_or(is_object_name),
            "output",
            (
                "not_an_object_name",
                "must be a plain object name: 1 to 200 characters, no slash, not beginning with a dot",
                "必须是普通文件名：1 到 200 个字符，不含斜杠，不以点开头",
            ),
        );
        for (key, problem) in [
            ("delimiter", delimiter_byte(&dialect.delimiter).err()),
            ("encoding", named_encoding(&dialect.encoding).err()),
        ] {
            if let Some(problem) = problem {
                self.0
                    .push(Problem::at(format!("/{key}"), problem).with_code("unknown_value"));
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
        let text = both("the config must be a JSON object", "设置必须是 JSON 对象");
        return Err(vec![Problem::at("", text).with_code("wrong_type")]);
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
                vec![Problem::at("", unfit(&error)).with_code("unfit")]
            } else {
                found
            })
        }
    }
}

/// Tries every member alone in the smallest config, so that each one that does not fit is named.
fn misfits<C: Config>(members: &Map<String, Value>) -> Vec<Problem> {
    let (smallest, schema) = (C::smallest(), schema::<C>());
    let mut found = Vec::new();
    for (key, value) in members {
        let mut probe = smallest.clone();
        probe[key] = value.clone();
        if let Err(error) = serde_json::from_value::<C>(probe) {
            let pointer = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
            let known = schema["properties"].get(key);
            let code = known.map_or("unknown_setting", |_| "unfit");
            let text = match known {
                Some(known) => both(error.to_string(), format!("值不合要求：{}", expected(known))),
                None => both(
                    format!("there is no setting `{key}`"),
                    format!("没有名为 `{key}` 的设置"),
                ),
            };
            found.push(Problem::at(pointer, text).with_code(code));
        }
    }
    let required = smallest.as_object().into_iter().flatten().map(|(key, _)| key);
    for key in required.filter(|key| !members.contains_key(*key)) {
        let [en, zh] = titles(&schema["properties"][key], key);
        let text = both(format!("\"{en}\" is missing"), format!("“{zh}”未填写"));
        found.push(
            Problem::at("", text)
                .with_code("missing")
                .with_param("setting", key.as_str()),
        );
    }
    found
}

/// What a setting is called in English and in Chinese.
fn titles<'a>(setting: &'a Value, key: &'a str) -> [&'a str; 2] {
    let en = setting["title"].as_str().unwrap_or(key);
    [en, setting["x-i18n"]["zh"]["title"].as_str().unwrap_or(en)]
}

fn unfit(error: &serde_json::Error) -> Text {
    both(error.to_string(), format!("设置不合要求（{error}）"))
}

/// What the schema of a setting asks for, in Chinese; the library's own words are English.
fn expected(setting: &Value) -> String {
    let choices = |list: &Value| -> Vec<String> {
        let of = |choice: &Value| choice.get("const").unwrap_or(choice).to_string();
        list.as_array().into_iter().flatten().map(of).collect()
    };
    let kind = |kind: &str| match kind {
        "string" => "文本",
        "integer" => "整数",
        "number" => "数值",
        "boolean" => "true 或 false",
        "array" => "列表",
        _ => "空值",
    };
    let named = [&setting["enum"], &setting["oneOf"]].map(choices).concat();
    if !named.is_empty() {
        return format!("应为以下之一：{}", named.join("、"));
    }
    match &setting["type"] {
        Value::String(word) => format!("应为{}", kind(word)),
        Value::Array(words) => {
            let words: Vec<_> = words.iter().filter_map(Value::as_str).map(kind).collect();
            format!("应为{}", words.join("或"))
        }
        _ => "请参照说明".to_owned(),
    }
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
        Err(reason) => vec![Problem::at("/input", reason).with_code("file_unreadable")],
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
    let mut table = match Table::new(input, &table_use.dialect, limit).map_err(table_error) {
        Ok(table) => table,
        // A compressed file whose beginning ends within the first line, or a disk that does not answer: the run will tell.
        Err(error) if error.is_retryable() || is_fault(&error, Fault::CutOff) => return Vec::new(),
        Err(error) => return vec![problem_of("/input", &error)],
    };
    let mut found = Vec::new();
    for (key, names) in &table_use.columns {
        let wrong = names
            .iter()
            .filter_map(|name| table.column(name).map_err(table_error).err());
        found.extend(wrong.map(|error| problem_of(&format!("/{key}"), &error)));
    }
    if found.is_empty()
        && let Some(label) = &table_use.label
    {
        found.extend(label_problem(&mut table, label, &table_use.missing));
    }
    found
}

/// An error of the data, at the setting that it concerns.
fn problem_of(pointer: &str, error: &EngineError) -> Problem {
    let mut problem = Problem::at(pointer, private_text(error));
    if let Some(failure) = error.failure() {
        problem.code = failure.code.clone();
        problem.params = failure.params.clone();
    }
    problem
}

/// Rows of the beginning in which a third value of a label is looked for.
const LABEL_ROWS: usize = 1000;

/// Says that the label has more than two values, when the first rows show it.
fn label_problem(table: &mut Table, label: &str, missing: &[String]) -> Option<Problem> {
    let place = table.column(label).ok()?;
    let markers = Markers::new(missing.iter().cloned());
    let (mut row, mut seen) = (StringRecord::new(), Vec::<String>::new());
    for _ in 0..LABEL_ROWS {
        // The beginning may be cut off anywhere.
        if !table.read(&mut row).unwrap_or(false) {
            return None;
        }
        let value = row[place].trim();
        if !markers.is_missing(value) && !seen.iter().any(|known| is_same_label(known, value)) {
            seen.push(value.to_owned());
        }
        if let [first, second, third] = &seen[..] {
            let values = [first, second, third]
                .map(|value| format!("`{}`", shown(value)))
                .join(", ");
            let label = shown(label);
            let text = both(
                format!("column `{label}` has more than two values ({values}, …); a label must have two"),
                format!("列 `{label}` 的取值多于两种（{values}…），标签必须恰好有两种"),
            );
            return Some(Problem::at("/label", text).with_code("label_values"));
        }
    }
    None
}

/// Reads a config at the start of a job.
pub(crate) fn parse_for_run<C: Config>(config: &Value) -> Result<C, EngineError> {
    parse(config).map_err(|problems| {
        let listed = |text: fn(&Text) -> &str| -> String {
            let one = |problem: &Problem| format!("{} {}", problem.pointer, text(&problem.message));
            let all: Vec<_> = problems.iter().map(one).collect();
            all.join("; ")
        };
        let story = both(
            format!("the config is not valid: {}", listed(|text| &text.en)),
            format!("任务的设置无效：{}", listed(zh)),
        );
        data_error(Fault::Config, story)
    })
}
