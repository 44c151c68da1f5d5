//! The JSON Schemas of the configs, with titles and help in English and Chinese.

use serde_json::{Map, Value, json};
use task_interface::TaskKind;

mod settings;

use settings::{GENERIC, INCREMENT, JOIN, ROLE, Setting, Shared, TRAIN, TRAIN_ROLE};

/// The schema of a kind of tasks. Which settings there are follows from `job_type`.
pub(crate) fn of(kind: TaskKind, clusters: &[&str]) -> Value {
    let (default, default_settings, others): (_, _, &[(&str, &[Setting])]) = match kind {
        TaskKind::Sample => (
            "join",
            JOIN,
            &[(super::INCREMENT, INCREMENT), (super::GENERIC, GENERIC)],
        ),
        TaskKind::Train => ("federal", TRAIN, &[(super::GENERIC, GENERIC)]),
    };
    let mut branches = vec![branch(default, false, default_settings)];
    branches.extend(
        others
            .iter()
            .map(|(job_type, settings)| branch(job_type, true, settings)),
    );
    let mut choices = vec![choice(default)];
    choices.extend(others.iter().map(|(job_type, _)| choice(job_type)));
    json!({
        "type": "object",
        "properties": {
            "job_type": {
                "title": "Kind of job", "x-order": 10, "default": default, "oneOf": choices,
                "description": "What runs on the cluster.",
                "x-i18n": {"zh": {"title": "任务种类", "description": "在集群上运行什么。"}},
            },
            "cluster": {
                "title": "Cluster", "x-order": 20, "type": "string", "examples": clusters,
                "description": "A cluster of the console's configuration; the default one when not given.",
                "x-i18n": {"zh": {"title": "集群", "description": "控制台配置中的集群；不填则使用默认集群。"}},
            },
        },
        "allOf": branches,
    })
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

/// The settings of one `job_type`; those of the default one hold for every other value as well, as in the original.
fn branch(job_type: &str, is_named: bool, settings: &[Setting]) -> Value {
    let is = json!({"properties": {"job_type": {"const": job_type}}, "required": ["job_type"]});
    let others = [super::INCREMENT, super::GENERIC];
    let condition = match is_named {
        true => is,
        false => json!({"not": {"properties": {"job_type": {"enum": others}}, "required": ["job_type"]}}),
    };
    let required: Vec<_> = settings
        .iter()
        .filter(|setting| setting.needed)
        .map(|setting| setting.key)
        .collect();
    json!({"if": condition, "then": {"properties": properties(settings), "required": required}})
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
