//! The checks that run no job: what the engine says of itself, and of configs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::EngineCase;
use super::checks::Kit;
use super::pair::task_of;
use crate::{Engine, Side, TaskKind};

impl<E: Engine> Kit<E> {
    pub(super) async fn description(&mut self, cases: &[EngineCase]) {
        self.require(!cases.is_empty(), || {
            "there is no case, so nothing was checked".to_owned()
        });
        let description = (self.make)().describe();
        let name = &description.name;
        let is_word = (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        self.require(is_word, || {
            format!("describe: the name {name:?} is not a short word of a-z, 0-9 and -")
        });
        self.require(!description.version.is_empty(), || {
            "describe: the version is empty".to_owned()
        });
        self.require(!description.types.is_empty(), || {
            "describe: there is no task type".to_owned()
        });
        let tested: BTreeSet<_> = cases.iter().map(|case| case.kind).collect();
        for (kind, of_type) in &description.types {
            self.require(tested.contains(kind), || {
                format!("there is no case for the task type {kind:?}")
            });
            self.schema(*kind, &of_type.config_schema, cases);
        }
        for kind in tested
            .into_iter()
            .filter(|kind| !description.types.contains_key(kind))
        {
            self.failures.push(format!(
                "describe: there is a case for {kind:?}, but no such task type"
            ));
        }
    }

    fn schema(&mut self, kind: TaskKind, schema: &Value, cases: &[EngineCase]) {
        if !schema.is_object() || schema["type"] != "object" {
            self.failures.push(format!(
                "describe: the schema of {kind:?} does not describe an object"
            ));
            return;
        }
        let validator = match jsonschema::draft202012::new(schema) {
            Ok(validator) => validator,
            Err(error) => {
                self.failures.push(format!(
                    "describe: the schema of {kind:?} is not a JSON Schema: {error}"
                ));
                return;
            }
        };
        for config in cases
            .iter()
            .filter(|case| case.kind == kind)
            .flat_map(|case| &case.sides)
            .map(|side| &side.config)
        {
            if let Err(error) = validator.validate(config) {
                self.failures.push(format!(
                    "describe: the schema of {kind:?} refuses a good config: {error}"
                ));
            }
        }
    }

    pub(super) async fn validation(&mut self, case: &EngineCase) {
        let engine = (self.make)();
        for (side, of_case) in [Side::Initiator, Side::Partner].into_iter().zip(&case.sides) {
            let problems = engine
                .validate(&task_of(case, side, of_case.config.clone()))
                .await;
            self.require(problems.is_empty(), || {
                format!("validate refuses the {side:?}'s good config: {problems:?}")
            });
        }
        let problems = engine
            .validate(&task_of(case, Side::Initiator, case.bad_config.clone()))
            .await;
        self.require(!problems.is_empty(), || {
            format!(
                "validate finds nothing wrong with the bad config of {:?}",
                case.kind
            )
        });
        for problem in problems {
            let points = case.bad_config.pointer(&problem.pointer).is_some();
            self.require(points, || {
                format!("validate points to {:?}, which is not there", problem.pointer)
            });
            self.require(!problem.message.en.is_empty(), || {
                "validate reports a problem without a message".to_owned()
            });
        }
    }
}
