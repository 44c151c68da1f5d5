use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::is_code;
use crate::{Document, Text};

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Joins samples of both sides.
    Sample,
    /// Trains a model over both sides.
    Train,
}

/// Who an engine is and what it can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Description {
    /// A short word, unique in a console: tasks name their engine by it.
    pub name: String,
    /// The engine's own version.
    pub version: String,
    /// The task types that it runs.
    pub types: BTreeMap<TaskKind, TypeDescription>,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// One task type of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypeDescription {
    /// A JSON Schema (2020-12) of the task's config; forms are generated from it. A text of the format `resource` is the
    /// name of an attached file, one of the format `column` that of a column of an attached table: forms offer those.
    pub config_schema: Value,
    /// Keys whose values must be equal on both sides where both sides' public `meta` state them.
    pub matching_keys: Vec<String>,
    /// The figure of its results that lists of runs show; none when no figure stands out.
    pub main_figure: Option<MainFigure>,
}

/// A figure of a result, which says in one number how a run went: the AUC of a training, the size of an intersection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MainFigure {
    /// The name of the result, which is [`Counts`](crate::Counts) or [`Scores`](crate::Scores).
    pub result: String,
    /// The name of the number in it.
    pub name: String,
    /// Whether a larger number is better; none where neither is.
    pub larger_is_better: Option<bool>,
}

impl MainFigure {
    /// A number in a result; whether a larger one is better is not said.
    pub fn new(result: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            result: result.into(),
            name: name.into(),
            larger_is_better: None,
        }
    }

    /// Says whether a larger number is better.
    #[must_use]
    pub fn with_larger_is_better(mut self, larger_is_better: bool) -> Self {
        self.larger_is_better = Some(larger_is_better);
        self
    }

    /// The number, when a result is of a form that has numbers and this one is among them.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    pub fn value_in(&self, result: &Value) -> Option<f64> {
        match Document::read(result.clone()) {
            Document::Counts(counts) => {
                let count = counts.counts.iter().find(|count| count.name == self.name)?;
                Some(count.count as f64)
            }
            Document::Scores(scores) => scores.scores.iter().find(|score| score.name == self.name)?.value,
            _ => None,
        }
    }
}

/// What an engine can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// It takes a job up again after the console restarted: it reports handles, and [`Engine::task_attach`] takes them.
    ///
    /// [`Engine::task_attach`]: crate::Engine::task_attach
    pub attach: bool,
    /// It talks to the other side through the consoles' peer channel.
    pub peer_channel: bool,
    /// Its two halves talk over a transport of their own, of which the console knows nothing. A half may then end well although
    /// the console of the other side never came.
    #[serde(default)]
    pub own_transport: bool,
}

impl Description {
    /// An engine that runs the given types, any config accepted, without capabilities.
    pub fn new(
        name: impl Into<String>,
        version: impl Into<String>,
        kinds: impl IntoIterator<Item = TaskKind>,
    ) -> Self {
        let any = TypeDescription::new(serde_json::json!({"type": "object"}));
        Self {
            name: name.into(),
            version: version.into(),
            types: kinds.into_iter().map(|kind| (kind, any.clone())).collect(),
            capabilities: Capabilities::default(),
        }
    }

    /// Adds a task type, or describes one more closely.
    #[must_use]
    pub fn with_type(mut self, kind: TaskKind, of_type: TypeDescription) -> Self {
        self.types.insert(kind, of_type);
        self
    }

    /// Sets what the engine can do.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }
}

impl TypeDescription {
    /// A task type whose configs have this JSON Schema, without matching keys and without a main figure.
    #[must_use]
    pub fn new(config_schema: Value) -> Self {
        Self {
            config_schema,
            matching_keys: Vec::new(),
            main_figure: None,
        }
    }

    /// Sets the keys of the public `meta` that must be equal on both sides.
    #[must_use]
    pub fn with_matching_keys<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.matching_keys = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the figure that lists of runs show.
    #[must_use]
    pub fn with_main_figure(mut self, figure: MainFigure) -> Self {
        self.main_figure = Some(figure);
        self
    }
}

impl Capabilities {
    /// It takes a job up again after the console restarted.
    #[must_use]
    pub const fn with_attach(mut self) -> Self {
        self.attach = true;
        self
    }

    /// It talks to the other side through the consoles' peer channel.
    #[must_use]
    pub const fn with_peer_channel(mut self) -> Self {
        self.peer_channel = true;
        self
    }

    /// Its two halves talk over a transport of their own.
    #[must_use]
    pub const fn with_own_transport(mut self) -> Self {
        self.own_transport = true;
        self
    }
}

/// One thing that is wrong with a task's config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// A JSON Pointer (RFC 6901) to the offending key of the config; empty for the whole.
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: Text,
    /// The same for programs: lower-case words joined by `_`, at most 64 bytes. None from an engine that has no words for
    /// what it finds.
    pub code: Option<String>,
    /// The names and numbers of the message, for programs. A setting that is missing is a problem of the whole: `setting` names it,
    /// so that a form can say it at its field.
    #[serde(default)]
    pub params: Map<String, Value>,
}

impl Problem {
    /// A problem at a place.
    pub fn at(pointer: impl Into<String>, message: impl Into<Text>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            code: None,
            params: Map::new(),
        }
    }

    /// With a word for programs, see [`code`](Self::code).
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// With a name or a number of the message, for programs.
    #[must_use]
    pub fn with_param(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.params.insert(name.into(), value.into());
        self
    }

    /// The code, if it has the form of one.
    #[must_use]
    pub fn valid_code(&self) -> Option<&str> {
        self.code.as_deref().filter(|code| is_code(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Counts, Scores};

    #[test]
    fn the_main_figure_is_found_in_counts_and_scores() {
        let main = MainFigure::new("evaluation", "auc").with_larger_is_better(true);
        let scores = Document::from(Scores::new([("log_loss", Some(0.5)), ("auc", Some(0.9))]));
        assert_eq!(main.value_in(&scores.into()), Some(0.9));
        let undefined = Document::from(Scores::new([("auc", None)]));
        assert_eq!(main.value_in(&undefined.into()), None);
        let counts = Document::from(Counts::new([("auc", 3)]));
        assert_eq!(main.value_in(&counts.into()), Some(3.0));
        assert_eq!(main.value_in(&serde_json::json!({"auc": 1})), None);
    }
}
