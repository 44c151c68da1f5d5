//! Whether our half of a task and the partner's fit together, as far as both sides say in public.

use console_db::entity::task_intra;
use console_model::TaskType;
use console_peer::Word;
use console_peer::refusal::{Reason, SharedSettings};
use serde_json::{Map, Value};
use task_interface::TaskKind;

use super::shared::{ComparedSetting, SharedSchema};
use crate::engines::Engines;
use crate::projects::meant;
use crate::{App, AppError, tasks};

/// What a side says of its half in public.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Theirs<'a> {
    /// The type, where the other side told it.
    pub(crate) task_type: Option<&'a Word<TaskType>>,
    /// The public meta, where the other side told it.
    pub(crate) meta: Option<&'a Value>,
    /// The settings that both sides must agree on, where the other side told them.
    pub(crate) shared_settings: Option<&'a SharedSettings>,
}

/// The task kind of an engine that belongs to a task type.
pub(crate) const fn kind_of(task_type: TaskType) -> TaskKind {
    match task_type {
        TaskType::Sample => TaskKind::Sample,
        TaskType::Train => TaskKind::Train,
    }
}

/// The keys of both metas that must agree, as the engine that runs the task says.
fn matching_keys(engines: &Engines, engine: &str, task_type: TaskType) -> Vec<String> {
    engines
        .get(engine)
        .and_then(|registered| registered.description.types.get(&kind_of(task_type)))
        .map_or_else(Vec::new, |described| described.matching_keys.clone())
}

/// Our half, as far as it is compared.
#[derive(Debug, Clone)]
pub(crate) struct Half {
    task_type: TaskType,
    meta: Option<Value>,
    /// Private; of it only the shared settings are compared.
    config: Option<Value>,
    engine: String,
}

impl Half {
    /// Of a task version.
    pub(crate) fn of(app: &App, task: &task_intra::Model) -> Result<Self, AppError> {
        Ok(Self {
            task_type: task.r#type,
            meta: task.meta.clone().map(meant),
            config: task.config.clone().map(meant),
            engine: tasks::engine_of(app, task).to_owned(),
        })
    }

    fn shared_schema(&self, engines: &Engines) -> SharedSchema {
        SharedSchema::of(engines, &self.engine, self.task_type)
    }

    /// What the partner is told of the settings that both sides must agree on.
    pub(crate) fn shared_settings(&self, engines: &Engines) -> Option<SharedSettings> {
        self.shared_schema(engines).of_config(self.config.as_ref())
    }

    /// The shared settings of both sides side by side.
    pub(crate) fn compare(&self, engines: &Engines, theirs: &SharedSettings) -> Vec<ComparedSetting> {
        self.shared_schema(engines).compare(self.config.as_ref(), theirs)
    }

    /// The keys of the shared settings that differ.
    pub(crate) fn differing(&self, engines: &Engines, theirs: &SharedSettings) -> Vec<String> {
        self.shared_schema(engines)
            .differing(self.config.as_ref(), theirs)
    }

    /// Our config with the partner's values of what differs.
    pub(crate) fn take(&self, engines: &Engines, theirs: &SharedSettings) -> Map<String, Value> {
        self.shared_schema(engines).take(self.config.as_ref(), theirs)
    }

    /// Why the halves do not fit; nothing when they do. What a side does not say is not compared.
    pub(crate) fn misfit(&self, engines: &Engines, theirs: Theirs<'_>) -> Option<Misfit> {
        let misfit = |reason, message| Some(Misfit { reason, message });
        if let Some(their_type) = theirs.task_type
            && their_type.as_str() != self.task_type.word()
        {
            let message = format!(
                "the task is of type {} on one side and {} on the other",
                self.task_type,
                their_type.as_str()
            );
            return misfit(Reason::TypeDiffers, message);
        }
        if let (Some(our_meta), Some(their_meta)) = (&self.meta, theirs.meta) {
            let keys = matching_keys(engines, &self.engine, self.task_type);
            let differs = |key: &&String| matches!((our_meta.get(*key), their_meta.get(*key)), (Some(a), Some(b)) if a != b);
            let differing: Vec<&str> = keys.iter().filter(differs).map(String::as_str).collect();
            if !differing.is_empty() {
                let message = format!(
                    "the two metas state different values for: {}",
                    differing.join(", ")
                );
                return misfit(Reason::MetaDiffers, message);
            }
        }
        let differing = self.differing(engines, theirs.shared_settings?);
        if differing.is_empty() {
            return None;
        }
        misfit(Reason::SettingsDiffer, settings_differ(&differing))
    }
}

/// Why the halves do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// For programs.
    pub(crate) reason: Reason,
    /// In words that both sides may read.
    pub(crate) message: String,
}

/// What both sides read when shared settings differ.
pub(crate) fn settings_differ(keys: &[String]) -> String {
    format!(
        "the two sides have different values for settings that must agree: {}",
        keys.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use task_interface::{Description, Engine, EngineError, TaskContext};

    struct Described;

    impl Engine for Described {
        fn describe(&self) -> Description {
            let mut description = Description::new("described", "1", [TaskKind::Sample]);
            let sample = description.types.get_mut(&TaskKind::Sample).unwrap();
            sample.config_schema = json!({"properties": {"epochs": {"default": 20, "x-shared": true}}});
            sample.matching_keys = vec!["id_column".to_owned(), "rows".to_owned()];
            description
        }

        async fn task_run(&self, _: TaskContext) -> Result<(), EngineError> {
            Ok(())
        }
    }

    #[test]
    fn what_both_sides_state_must_agree() {
        let engines = Engines::default().with(Described);
        let meta = json!({"id_column": "id", "private": 1});
        let check = |their_meta: Value, word: Option<&Word<TaskType>>, settings: Value| {
            let ours = Half {
                task_type: TaskType::Sample,
                meta: Some(meta.clone()),
                config: None,
                engine: "described".to_owned(),
            };
            let settings = SharedSettings::read(settings);
            let theirs = Theirs {
                task_type: word,
                meta: Some(&their_meta),
                shared_settings: settings.as_ref(),
            };
            ours.misfit(&engines, theirs)
                .map(|misfit| (misfit.reason, misfit.message))
        };
        let sample = Word::Known(TaskType::Sample);
        let fitting = json!({"id_column": "id", "private": 2, "rows": 3});
        assert_eq!(check(fitting, Some(&sample), json!({"epochs": 20})), None);
        assert_eq!(check(json!({}), None, Value::Null), None);
        let (reason, message) = check(json!({"id_column": "key"}), None, Value::Null).unwrap();
        assert_eq!(reason, Reason::MetaDiffers);
        assert!(message.contains("id_column"));
        for (word, name) in [
            (Word::Known(TaskType::Train), "train"),
            (Word::Other("infer".to_owned()), "infer"),
        ] {
            let (reason, message) = check(json!({}), Some(&word), Value::Null).unwrap();
            assert_eq!(reason, Reason::TypeDiffers);
            assert!(message.contains(name));
        }
        let (reason, message) = check(json!({}), None, json!({"epochs": 30})).unwrap();
        assert_eq!(reason, Reason::SettingsDiffer);
        assert!(message.contains("epochs"));
    }
}
