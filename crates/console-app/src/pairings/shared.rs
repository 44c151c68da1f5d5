//! Settings that both halves of a task must agree on, as the engine's schema marks them with `x-shared`.
//!
//! | `x-shared` | told to the partner | the halves agree when |
//! | --- | --- | --- |
//! | `true` | the value | the values are equal; the order of a list with `uniqueItems` does not count |
//! | `{"mirrored": {"only_me": "only_partner", …}}` | the value | each is the mirror of the other; a value without a mirror is its own |
//! | `"count"` | how many entries the list has | both lists have as many |
//! | `"one_side"` | whether there is a value | exactly one side has one |
//!
//! A setting that is not given counts with its default. What the other side does not tell is not compared.

use std::collections::BTreeSet;

use console_model::TaskType;
use console_peer::refusal::SharedSettings;
use serde_json::{Map, Value};

use super::fit::kind_of;
use crate::engines::Engines;

/// When two values agree.
#[derive(Debug, Clone, PartialEq)]
enum Rule {
    Equal,
    Set,
    Mirrored(Map<String, Value>),
    Count,
    OneSide,
}

#[derive(Debug, Clone, PartialEq)]
struct Setting {
    key: String,
    rule: Rule,
    default: Value,
    /// All of them must hold.
    conditions: Vec<Condition>,
}

/// What a setting means something for: another one has one of these values, or none of those.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    key: String,
    default: Value,
    is: Option<Vec<Value>>,
    is_not: Vec<Value>,
}

/// The settings of a task type that both sides must agree on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SharedSchema(Vec<Setting>);

/// A setting as both sides have it.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedSetting {
    /// Its key in the config.
    pub key: String,
    /// What we told or would tell the partner.
    pub ours: Value,
    /// What the partner told.
    pub theirs: Value,
    /// Whether the two go together.
    pub agrees: bool,
    /// Whether our config can take what goes with the partner's value.
    pub can_take: bool,
}

impl SharedSchema {
    /// The shared settings of an engine's task type; none where the engine is unknown or marks none.
    pub(crate) fn of(engines: &Engines, engine: &str, task_type: TaskType) -> Self {
        let described = engines
            .get(engine)
            .and_then(|registered| registered.description.types.get(&kind_of(task_type)));
        described.map_or_else(Self::default, |described| Self::read(&described.config_schema))
    }

    fn read(schema: &Value) -> Self {
        let Some(Value::Object(properties)) = schema.get("properties") else {
            return Self::default();
        };
        let setting = |(key, schema): (&String, &Value)| {
            Some(Setting {
                key: key.clone(),
                rule: Rule::read(schema)?,
                default: schema.get("default").cloned().unwrap_or_default(),
                conditions: ["x-when", "x-shared-when"]
                    .iter()
                    .filter_map(|hint| Condition::read(schema.get(*hint)?, properties))
                    .collect(),
            })
        };
        Self(properties.iter().filter_map(setting).collect())
    }

    /// Those that mean something in a config.
    fn settings_of<'a>(&'a self, config: Option<&'a Value>) -> impl Iterator<Item = &'a Setting> {
        let means =
            move |setting: &&Setting| setting.conditions.iter().all(|condition| condition.holds(config));
        self.0.iter().filter(means)
    }

    /// What the partner is told of our config; nothing when no setting is shared.
    pub(crate) fn of_config(&self, config: Option<&Value>) -> Option<SharedSettings> {
        if self.0.is_empty() {
            return None;
        }
        let settings = self
            .settings_of(config)
            .map(|setting| (setting.key.clone(), setting.told(config)));
        // What is too large to be told is compared by the engines.
        SharedSettings::new(settings.collect()).ok()
    }

    /// Our settings beside the partner's, those that differ first.
    pub(crate) fn compare(&self, config: Option<&Value>, theirs: &SharedSettings) -> Vec<ComparedSetting> {
        let compared = self.settings_of(config).filter_map(|setting| {
            let theirs = theirs.get(&setting.key)?;
            let ours = setting.told(config);
            Some(ComparedSetting {
                key: setting.key.clone(),
                agrees: setting.rule.agrees(&ours, theirs),
                can_take: setting.rule.ours_for(theirs).is_some(),
                ours,
                theirs: theirs.clone(),
            })
        });
        let mut compared: Vec<_> = compared.collect();
        compared.sort_by_key(|setting| setting.agrees);
        compared
    }

    /// The keys of the settings that differ.
    pub(crate) fn differing(&self, config: Option<&Value>, theirs: &SharedSettings) -> Vec<String> {
        let compared = self.compare(config, theirs).into_iter();
        compared
            .filter(|setting| !setting.agrees)
            .map(|setting| setting.key)
            .collect()
    }

    /// Our config with the values that go with the partner's, where they differ and can be taken.
    pub(crate) fn take(&self, config: Option<&Value>, theirs: &SharedSettings) -> Map<String, Value> {
        let mut taken = match config {
            Some(Value::Object(config)) => config.clone(),
            _ => Map::new(),
        };
        for setting in self.settings_of(config) {
            let Some(theirs) = theirs.get(&setting.key) else {
                continue;
            };
            let differs = !setting.rule.agrees(&setting.told(config), theirs);
            if let Some(value) = setting.rule.ours_for(theirs).filter(|_| differs) {
                taken.insert(setting.key.clone(), value);
            }
        }
        taken
    }
}

impl Setting {
    fn told(&self, config: Option<&Value>) -> Value {
        let given = config.and_then(|config| config.get(&self.key));
        let value = given.filter(|value| !value.is_null()).unwrap_or(&self.default);
        self.rule.told(value)
    }
}

impl Condition {
    fn read(hint: &Value, properties: &Map<String, Value>) -> Option<Self> {
        let key = hint.get("setting")?.as_str()?.to_owned();
        let default = properties.get(&key).and_then(|property| property.get("default"));
        let values = |word: &str| hint.get(word).and_then(Value::as_array).cloned();
        Some(Self {
            default: default.cloned().unwrap_or_default(),
            key,
            is: values("is"),
            is_not: values("is_not").unwrap_or_default(),
        })
    }

    fn holds(&self, config: Option<&Value>) -> bool {
        let given = config.and_then(|config| config.get(&self.key));
        let value = given.filter(|value| !value.is_null()).unwrap_or(&self.default);
        self.is.as_ref().is_none_or(|values| values.contains(value)) && !self.is_not.contains(value)
    }
}

impl Rule {
    fn read(schema: &Value) -> Option<Self> {
        match schema.get("x-shared")? {
            Value::Bool(true) if schema["uniqueItems"] == true => Some(Self::Set),
            Value::Bool(true) => Some(Self::Equal),
            Value::String(word) if word == "count" => Some(Self::Count),
            Value::String(word) if word == "one_side" => Some(Self::OneSide),
            Value::Object(rule) => Some(Self::Mirrored(rule.get("mirrored")?.as_object()?.clone())),
            _ => None,
        }
    }

    fn told(&self, value: &Value) -> Value {
        match self {
            Self::Equal | Self::Set | Self::Mirrored(_) => value.clone(),
            Self::Count => Value::from(match value {
                Value::Null => 0,
                Value::Array(entries) => entries.len(),
                _ => 1,
            }),
            Self::OneSide => Value::Bool(!matches!(value, Value::Null) && value.as_str() != Some("")),
        }
    }

    fn agrees(&self, ours: &Value, theirs: &Value) -> bool {
        match self {
            Self::Equal | Self::Count => equal(ours, theirs),
            Self::Set => as_set(ours) == as_set(theirs),
            Self::Mirrored(_) => self.ours_for(theirs).is_some_and(|value| equal(ours, &value)),
            Self::OneSide => ours.as_bool().zip(theirs.as_bool()).is_some_and(|(a, b)| a != b),
        }
    }

    /// The value of ours that goes with one of the partner's, where there is just one.
    fn ours_for(&self, theirs: &Value) -> Option<Value> {
        match self {
            Self::Equal | Self::Set => Some(theirs.clone()),
            Self::Mirrored(mirror) => {
                let ours = theirs.as_str().and_then(|word| mirror.get(word));
                Some(ours.unwrap_or(theirs).clone())
            }
            Self::Count | Self::OneSide => None,
        }
    }
}

/// Numbers by their value: 20 is 20.0.
fn equal(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) if a.total_cmp(&b).is_eq() => true,
        _ => a == b,
    }
}

fn as_set(value: &Value) -> Option<BTreeSet<String>> {
    Some(value.as_array()?.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> SharedSchema {
        let mirrored = json!({"mirrored": {"only_me": "only_partner", "only_partner": "only_me"}});
        SharedSchema::read(&json!({"properties": {
            "epochs": {"default": 20, "x-shared": true},
            "rules": {"default": ["trim"], "uniqueItems": true, "x-shared": true},
            "result": {"default": "both", "x-shared": mirrored},
            "id_columns": {"x-shared": "count"},
            "label": {"x-shared": "one_side"},
            "private": {"default": 1},
            "odd": {"x-shared": "sometimes"},
        }}))
    }

    fn told(settings: Value) -> SharedSettings {
        SharedSettings::read(settings).unwrap()
    }

    #[test]
    fn what_is_told_holds_no_private_value() {
        let config = json!({"id_columns": ["name", "born"], "label": "ill", "private": 2});
        let settings = schema().of_config(Some(&config)).unwrap();
        let expected = json!({
            "epochs": 20, "rules": ["trim"], "result": "both", "id_columns": 2, "label": true,
        });
        assert_eq!(settings.to_value(), expected);
        assert_eq!(SharedSchema::default().of_config(Some(&config)), None);
    }

    #[test]
    fn settings_agree_by_their_rules() {
        let schema = schema();
        let config = json!({"result": "only_me", "rules": ["a", "b"], "id_columns": ["x"], "label": "y"});
        let fits = json!({
            "epochs": 20.0, "rules": ["b", "a"], "result": "only_partner", "id_columns": 1, "label": false,
        });
        assert_eq!(schema.differing(Some(&config), &told(fits)), Vec::<String>::new());
        let differs = json!({
            "epochs": 30, "rules": ["a"], "result": "only_me", "id_columns": 2, "label": true, "private": 9,
        });
        let keys = schema.differing(Some(&config), &told(differs));
        assert_eq!(
            BTreeSet::from_iter(keys),
            ["epochs", "rules", "result", "id_columns", "label"]
                .map(str::to_owned)
                .into()
        );
        // What the other side does not tell is not compared.
        assert_eq!(
            schema.differing(None, &told(json!({"new": 1}))),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_partners_values_are_taken_from_our_point_of_view() {
        let theirs = told(json!({"epochs": 30, "result": "only_me", "id_columns": 2, "label": true}));
        let taken = schema().take(Some(&json!({"id_columns": ["x"], "private": 5})), &theirs);
        let expected = json!({"epochs": 30, "result": "only_partner", "id_columns": ["x"], "private": 5});
        assert_eq!(Value::Object(taken), expected);
    }

    #[test]
    fn a_setting_that_means_nothing_in_a_config_is_neither_told_nor_compared() {
        let schema = SharedSchema::read(&json!({"properties": {
            "kind": {"default": "join", "x-shared": true},
            "name": {"x-shared": true, "x-shared-when": {"setting": "kind", "is_not": ["local"]}},
            "roles": {"x-shared": "count", "x-when": {"setting": "kind", "is": ["any"]}},
        }}));
        let told = |config: &Value| schema.of_config(Some(config)).unwrap();
        let join = json!({"name": "a"});
        assert_eq!(told(&join).get("name"), Some(&json!("a")));
        assert_eq!(told(&join).get("roles"), None);
        assert_eq!(told(&json!({"kind": "local", "name": "a"})).get("name"), None);
        assert_eq!(
            told(&json!({"kind": "any", "roles": [1]})).get("roles"),
            Some(&json!(1))
        );
        let local = json!({"kind": "local", "name": "b"});
        assert_eq!(schema.differing(Some(&local), &told(&join)), ["kind"]);
        assert_eq!(
            schema.differing(Some(&json!({"name": "b"})), &told(&join)),
            ["name"]
        );
    }
}
