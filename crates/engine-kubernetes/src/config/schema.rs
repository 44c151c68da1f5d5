//! The JSON Schemas of the configs, with titles and help in English and Chinese.

use serde_json::{Map, Value, json};
use task_interface::TaskKind;

mod settings;

use settings::{GENERIC, INCREMENT, JOIN, ROLE, Setting, Shared, TRAIN, TRAIN_ROLE};

/// The settings of one `job_type`.
type Branch = (&'static str, &'static [Setting]);

/// The schema of a kind of tasks. Which settings mean something follows from `job_type`.
pub(crate) fn of(kind: TaskKind, clusters: &[&str]) -> Value {
    let branches: &[Branch] = match kind {
        TaskKind::Sample => &[
            ("join", JOIN),
            (super::INCREMENT, INCREMENT),
            (super::GENERIC, GENERIC),
        ],
        TaskKind::Train => &[("federal", TRAIN), (super::GENERIC, GENERIC)],
    };
    let choices: Vec<_> = branches.iter().map(|(job_type, _)| choice(job_type)).collect();
    let mut properties = json!({
        "job_type": {
            "title": "Kind of job", "x-order": 10, "default": branches[0].0, "oneOf": choices, "x-shared": true,
            "description": "What runs on the cluster.",
            "x-i18n": {"zh": {"title": "任务种类", "description": "在集群上运行什么。"}},
        },
        "cluster": {
            "title": "Cluster", "x-order": 20, "type": "string", "examples": clusters,
            "description": "A cluster of the console's configuration; the default one when not given.",
            "x-i18n": {"zh": {"title": "集群", "description": "控制台配置中的集群；不填则使用默认集群。"}},
        },
    });
    let mut required = Vec::new();
    let all = branches.iter().flat_map(|(_, settings)| *settings);
    for (number, setting) in all.enumerate() {
        let has = |settings: &[Setting]| settings.iter().any(|other| other.key == setting.key);
        if properties.get(setting.key).is_some() {
            continue;
        }
        let mut property = property(number, setting);
        let of: Vec<_> = branches.iter().filter(|(_, settings)| has(settings)).collect();
        if of.len() < branches.len() {
            property["x-when"] = when(branches, |job_type| of.iter().any(|(of, _)| of == job_type));
        } else if setting.needed {
            required.push(setting.key);
        }
        if setting.shared != Shared::No && of.len() > 1 {
            // Only the first kind of job shares it.
            let first = of[0].0;
            property["x-shared-when"] = when(branches, |job_type| *job_type == first);
        }
        properties[setting.key] = property;
    }
    json!({"type": "object", "properties": properties, "required": required})
}

/// Which values of `job_type` something is for. The first kind of job is that of all values that are not another's.
fn when(branches: &[Branch], is: impl Fn(&&'static str) -> bool) -> Value {
    let (first, others) = (branches[0].0, &branches[1..]);
    let chosen = |wanted: bool| -> Vec<_> {
        let names = others.iter().map(|(job_type, _)| *job_type);
        names.filter(|job_type| is(job_type) == wanted).collect()
    };
    match is(&first) {
        true => json!({"setting": super::JOB_TYPE, "is_not": chosen(false)}),
        false => json!({"setting": super::JOB_TYPE, "is": chosen(true)}),
    }
}

/// What a setting is called, in English and in Chinese; its key for one that no form has.
pub(crate) fn title(key: &str) -> (&str, &str) {
    let all = [JOIN, INCREMENT, TRAIN, TRAIN_ROLE, GENERIC, ROLE];
    let found = all.into_iter().flatten().find(|setting| setting.key == key);
    match key {
        "cluster" => ("Cluster", "集群"),
        key => found.map_or((key, key), |setting| setting.title),
    }
}

fn choice(job_type: &str) -> Value {
    let (title, zh) = match job_type {
        "join" => ("Join (EFLS SAMPLE image)", "样本求交（EFLS SAMPLE 镜像）"),
        super::INCREMENT => (
            "Feature increment (EFLS SAMPLE image)",
            "特征增量（EFLS SAMPLE 镜像）",
        ),
        "federal" => (
            "Federated training (EFLS TRAIN image)",
            "联邦训练（EFLS TRAIN 镜像）",
        ),
        _ => ("Any image", "任意镜像"),
    };
    json!({"const": job_type, "title": title, "x-i18n": {"zh": {"title": zh}}})
}

fn properties(settings: &[Setting]) -> Map<String, Value> {
    let numbered = settings.iter().enumerate();
    numbered
        .map(|(number, setting)| (setting.key.to_owned(), property(number, setting)))
        .collect()
}

fn property(number: usize, setting: &Setting) -> Value {
    let mut property = form(setting.form);
    let fields = [
        ("title", json!(setting.title.0)),
        ("description", json!(setting.help.0)),
        (
            "x-i18n",
            json!({"zh": {"title": setting.title.1, "description": setting.help.1}}),
        ),
        ("x-order", json!(100 + number)),
    ];
    for (key, value) in fields {
        property[key] = value;
    }
    if !setting.default.is_empty() {
        property["default"] = json!(setting.default);
    }
    if setting.advanced {
        property["x-advanced"] = json!(true);
    }
    if setting.needed {
        property["x-needed"] = json!(true);
    }
    match setting.shared {
        Shared::No => {}
        Shared::Equal => property["x-shared"] = json!(true),
        Shared::Mirrored(one, other) => {
            property["x-shared"] = json!({"mirrored": {one: other, other: one}});
        }
    }
    property
}

/// How a value is written. What the original has as text may be a number, and the other way round.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// A whole number, as a number or as a text.
    Whole,
    /// `true` or `false`, also as a text in any letter case.
    Flag,
    Words(&'static [&'static str]),
    /// A list of texts, or one text with commas.
    Texts,
    /// Texts by name.
    Variables,
    /// Anything.
    Json,
    /// Cores and memory of a role of a training.
    TrainRole,
    /// The roles of a generic job.
    Roles,
}

/// A form writes texts where the original's does; what is read may be a number or a truth value as well.
fn form(form: Form) -> Value {
    match form {
        Form::Text => json!({"type": ["string", "number"]}),
        Form::Whole => json!({"type": ["string", "integer"], "pattern": "^ *[0-9]+ *$"}),
        Form::Flag => json!({"oneOf": [
            {"const": "true", "title": "Yes", "x-i18n": {"zh": {"title": "是"}}},
            {"const": "false", "title": "No", "x-i18n": {"zh": {"title": "否"}}},
        ]}),
        Form::Words(words) => json!({"type": "string", "enum": words}),
        Form::Texts => json!({"type": ["array", "string"], "items": {"type": "string"}}),
        Form::Variables => {
            let value = json!({"type": ["string", "number", "boolean"]});
            json!({"type": "object", "additionalProperties": value})
        }
        Form::Json => json!({}),
        Form::TrainRole => object(TRAIN_ROLE),
        Form::Roles => json!({"type": "array", "minItems": 1, "items": object(ROLE)}),
    }
}

fn object(settings: &[Setting]) -> Value {
    let required: Vec<_> = settings
        .iter()
        .filter(|setting| setting.needed)
        .map(|setting| setting.key)
        .collect();
    json!({"type": "object", "properties": properties(settings), "required": required})
}
