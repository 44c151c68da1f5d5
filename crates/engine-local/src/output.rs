//! What a job writes for the operator, and under which name.

use task_interface::{EngineError, TaskContext, TaskInfo, Text};

use crate::input::{Fault, data_error};

/// The longest part of a task's name that goes into an object's name, in bytes.
const NAME_BYTES: usize = 120;
/// So much of a task's id tells equally named tasks apart.
const ID_CHARACTERS: usize = 8;

/// The object's name when the config gives none: of the task's name what may stand in an object's name, and the beginning
/// of its id, because tasks of different projects can have the same name.
pub(crate) fn default_name(task: &TaskInfo, ending: &str) -> String {
    let mut name = String::new();
    for character in task.name.chars() {
        let plain = character.is_alphanumeric() || "-_+=@(). ".contains(character);
        let character = if plain { character } else { '_' };
        if name.len() + character.len_utf8() > NAME_BYTES {
            break;
        }
        name.push(character);
    }
    let name = name.trim_start_matches('.');
    let id: String = task.id.chars().take(ID_CHARACTERS).collect();
    format!("{name}-{id}-{ending}")
}

/// Makes sure, before any work, that the output can be written under its name.
pub(crate) async fn check(context: &TaskContext, name: &str) -> Result<(), EngineError> {
    context.objects.check(name).await.map_err(|error| match error {
        EngineError::Failed(failure) if !failure.retryable => {
            let reason = match &failure.detail {
                Some(serde_json::Value::String(reason)) => reason,
                _ => &failure.message.en,
            };
            let text = Text::new(format!("the output {name} cannot be written: {reason}"));
            data_error(
                Fault::Output,
                text.with_zh(format!("输出 {name} 无法写入：{reason}")),
            )
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use task_interface::TaskKind;

    fn named(name: &str) -> String {
        let task = TaskInfo::new("0123456789abcdef", name, "V1", TaskKind::Sample);
        default_name(&task, "joined.csv")
    }

    #[test]
    fn every_name_of_a_task_gives_an_object_name() {
        assert_eq!(named("join patients"), "join patients-01234567-joined.csv");
        assert_eq!(named("a/b\\c:d"), "a_b_c_d-01234567-joined.csv");
        assert_eq!(named("..x"), "x-01234567-joined.csv");
        assert_eq!(named("客户"), "客户-01234567-joined.csv");
        let long = named(&"é".repeat(256));
        assert!(
            long.len() <= 200 && long.ends_with("é-01234567-joined.csv"),
            "{long}"
        );
    }
}
