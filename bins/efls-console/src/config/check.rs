//! Finds every problem of a configuration at once.

use std::fmt;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Num, Tag, Value};
use figment::{Figment, Provider};
use serde::Serialize;

use super::rules::{RANGES, TEXTS, WORDS};
use super::{Config, DEFAULT, Sources, layers};
use crate::engines::Registry;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// The setting, for example `service.port`.
    pub key: String,
    /// Where its value comes from, if it was set.
    pub source: Option<String>,
    /// What is wrong and what to do.
    pub detail: String,
}

/// Everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Problems(pub Vec<Problem>);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.detail)?;
        self.source
            .as_ref()
            .map_or(Ok(()), |source| write!(f, " (from {source})"))
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(
            f,
            "the configuration has {count} problem{}",
            if count == 1 { "" } else { "s" }
        )?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}

/// The defaults as a tree, which is also the list of all settings and their kinds.
pub(super) fn defaults(engines: &Registry) -> Value {
    let data = Toml::string(DEFAULT).data().unwrap_or_default();
    let mut defaults = data.into_values().next().unwrap_or_default();
    if let Some(Value::Dict(_, sections)) = defaults.get_mut("engines") {
        sections.extend(engines.defaults());
    }
    Value::from(defaults)
}

/// Sources laid over each other, with all that is wrong in them; settings that are wrong have their default.
pub(super) struct Checked {
    pub(super) figment: Figment,
    pub(super) tree: Value,
    pub(super) problems: Vec<Problem>,
}

impl Checked {
    pub(super) fn new(sources: &Sources, engines: &Registry) -> Self {
        let defaults = defaults(engines);
        let (figment, problems) = layers::gather(sources, engines, &defaults);
        let tree = figment.find_value("").unwrap_or_else(|_| defaults.clone());
        let mut walk = Walk {
            figment: &figment,
            problems,
        };
        let tree = walk.node("", tree, &defaults);
        let problems = walk.problems;
        Self {
            figment,
            tree,
            problems,
        }
    }

    /// Names where a setting comes from.
    pub(super) fn source(&self, key: &str) -> Option<String> {
        self.figment
            .find_metadata(key)
            .map(|metadata| metadata.name.to_string())
    }
}

pub(super) fn load(sources: &Sources, engines: &Registry) -> Result<Config, Problems> {
    let checked = Checked::new(sources, engines);
    let mut problems = checked.problems.clone();
    match checked.tree.deserialize::<Config>() {
        Ok(mut config) => {
            let sections = std::mem::take(&mut config.engine_sections);
            let (enabled, of_engines) = engines.resolve(&sections);
            config.engines = enabled;
            let more = of_engines
                .into_iter()
                .chain(config.problems())
                .map(|(key, detail)| {
                    let source = checked.source(&key);
                    Problem { key, source, detail }
                });
            for problem in more {
                if !problems.iter().any(|known| known.key == problem.key) {
                    problems.push(problem);
                }
            }
            if problems.is_empty() {
                Ok(config)
            } else {
                Err(Problems(problems))
            }
        }
        Err(error) => {
            problems.extend(error.into_iter().map(|error| Problem {
                key: error.path.join("."),
                source: None,
                detail: error.kind.to_string(),
            }));
            Err(Problems(problems))
        }
    }
}

struct Walk<'a> {
    figment: &'a Figment,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn report(&mut self, key: &str, tag: Tag, detail: impl Into<String>) {
        let source = self
            .figment
            .get_metadata(tag)
            .map(|metadata| metadata.name.to_string());
        self.problems.push(Problem {
            key: key.to_owned(),
            source,
            detail: detail.into(),
        });
    }

    /// The value if it is right, else its default.
    fn node(&mut self, key: &str, value: Value, default: &Value) -> Value {
        let tag = value.tag();
        let checked = match (value, default) {
            // Its members have names that administrators choose. Only engines have such sections; they look after them.
            (value @ Value::Dict(..), Value::Dict(_, known)) if known.is_empty() => return value,
            (Value::Dict(tag, members), Value::Dict(_, known)) => {
                return self.members(key, tag, members, known);
            }
            (value @ Value::Num(..), Value::Num(_, Num::F32(_) | Num::F64(_))) => Ok(value),
            // Only engines have settings without a default; they look after these.
            (value, Value::Empty(..)) => Ok(value),
            (Value::Num(_, number), Value::Num(..)) => number_rule(key, number),
            (Value::String(_, text), Value::String(..)) => text_rule(key, text),
            (value @ Value::Bool(..), Value::Bool(..)) => Ok(value),
            (value @ Value::Array(..), Value::Array(..)) => list_rule(value),
            (_, Value::Dict(..)) => Err(format!("is a section; write [{key}] and its settings below")),
            (_, Value::Num(_, Num::F32(_) | Num::F64(_))) => Err("must be a number".to_owned()),
            (_, Value::Num(..)) => Err("must be a whole number".to_owned()),
            (_, Value::Bool(..)) => Err("must be true or false".to_owned()),
            (_, Value::Array(..)) => Err("must be a list of texts in brackets".to_owned()),
            (_, _) => Err("must be a text in quotes".to_owned()),
        };
        checked.unwrap_or_else(|detail| {
            self.report(key, tag, detail);
            default.clone()
        })
    }

    fn members(&mut self, key: &str, tag: Tag, members: Dict, known: &Dict) -> Value {
        let mut checked = Dict::new();
        for (name, value) in members {
            let path = if key.is_empty() {
                name.clone()
            } else {
                format!("{key}.{name}")
            };
            if let Some(default) = known.get(&name) {
                let value = self.node(&path, value, default);
                checked.insert(name, value);
            } else {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                let at = if key.is_empty() {
                    "at the top".to_owned()
                } else {
                    format!("in [{key}]")
                };
                let (path, tag) = first_leaf(path, &value);
                self.report(
                    &path,
                    tag,
                    format!("there is no such setting; {at} there are {}", names.join(", ")),
                );
            }
        }
        Value::Dict(tag, checked)
    }
}

/// A section that does not exist is told by the first setting in it, which says where it comes from.
fn first_leaf(path: String, value: &Value) -> (String, Tag) {
    match value.as_dict().and_then(|members| members.iter().next()) {
        Some((name, value)) => first_leaf(format!("{path}.{name}"), value),
        None => (path, value.tag()),
    }
}

fn number_rule(key: &str, number: Num) -> Result<Value, String> {
    let (_, least, most) =
        RANGES
            .iter()
            .find(|(name, ..)| *name == key)
            .copied()
            .unwrap_or((key, 0, u64::MAX));
    number
        .to_u128()
        .or_else(|| u128::try_from(number.to_i128()?).ok())
        .and_then(|number| u64::try_from(number).ok())
        .filter(|number| (least..=most).contains(number))
        .map(Value::from)
        .ok_or_else(|| format!("must be a whole number from {least} to {most}"))
}

fn text_rule(key: &str, text: String) -> Result<Value, String> {
    if let Some((_, words)) = WORDS.iter().find(|(name, _)| *name == key)
        && !words.contains(&text.as_str())
    {
        return Err(format!("must be one of: {}", words.join(", ")));
    }
    if let Some((_, rule)) = TEXTS.iter().find(|(name, _)| *name == key) {
        rule(&text)?;
    }
    Ok(Value::from(text))
}

fn list_rule(value: Value) -> Result<Value, String> {
    let texts = value
        .as_array()
        .is_some_and(|items| items.iter().all(|item| item.as_str().is_some()));
    if texts {
        Ok(value)
    } else {
        Err("must be a list of texts in brackets".to_owned())
    }
}
