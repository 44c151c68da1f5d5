//! Whether our half of a task and the partner's fit together, as far as both sides say in public.

use console_model::TaskType;
use console_peer::Word;
use serde_json::Value;
use task_interface::TaskKind;

use crate::engines::Engines;

/// What a side says of its half in public.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Theirs<'a> {
    /// The type, where the other side told it.
    pub(crate) task_type: Option<&'a Word<TaskType>>,
    /// The public meta, where the other side told it.
    pub(crate) meta: Option<&'a Value>,
}

/// The task kind of an engine that belongs to a task type.
pub(crate) const fn kind_of(task_type: TaskType) -> TaskKind {
    match task_type {
        TaskType::Sample => TaskKind::Sample,
        TaskType::Train => TaskKind::Train,
    }
}

/// The keys of both metas that must agree, as the engine that runs the task says.
pub(crate) fn matching_keys(engines: &Engines, engine: &str, task_type: TaskType) -> Vec<String> {
    engines
        .get(engine)
        .and_then(|registered| registered.description.types.get(&kind_of(task_type)))
        .map_or_else(Vec::new, |described| described.matching_keys.clone())
}

/// Why the halves do not fit, in words that both sides may read; nothing when they do. What a side does not say is not
/// compared.
pub(crate) fn misfit(
    our_type: TaskType,
    our_meta: Option<&Value>,
    keys: &[String],
    theirs: Theirs<'_>,
) -> Option<String> {
    if let Some(their_type) = theirs.task_type
        && their_type.as_str() != our_type.word()
    {
        return Some(format!(
            "the task is of type {} on one side and {} on the other",
            our_type,
            their_type.as_str()
        ));
    }
    let (Some(ours), Some(theirs)) = (our_meta, theirs.meta) else {
        return None;
    };
    let differing: Vec<&str> = keys
        .iter()
        .filter(|key| matches!((ours.get(key), theirs.get(key)), (Some(a), Some(b)) if a != b))
        .map(String::as_str)
        .collect();
    if differing.is_empty() {
        return None;
    }
    Some(format!(
        "the two metas state different values for: {}",
        differing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_both_sides_state_must_agree() {
        let keys = ["id_column".to_owned(), "rows".to_owned()];
        let ours = json!({"id_column": "id", "private": 1});
        let word = Word::Known(TaskType::Sample);
        let check = |meta: Value, word: Option<&Word<TaskType>>| {
            misfit(
                TaskType::Sample,
                Some(&ours),
                &keys,
                Theirs {
                    task_type: word,
                    meta: Some(&meta),
                },
            )
        };
        assert_eq!(
            check(json!({"id_column": "id", "private": 2, "rows": 3}), Some(&word)),
            None
        );
        assert_eq!(check(json!({}), None), None);
        assert!(
            check(json!({"id_column": "key"}), None)
                .unwrap()
                .contains("id_column")
        );
        assert!(
            check(json!({}), Some(&Word::Known(TaskType::Train)))
                .unwrap()
                .contains("train")
        );
        assert!(
            check(json!({}), Some(&Word::Other("infer".to_owned())))
                .unwrap()
                .contains("infer")
        );
    }
}
