//! Reading a config: what the original wrote as texts may be numbers, and the other way round.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};
use task_interface::{Problem, Text};

use super::schema;
use crate::words::both;

/// The settings of a config, and what was found wrong with them.
pub(crate) struct Fields<'a> {
    values: &'a Map<String, Value>,
    /// Where these settings are in the config, as a JSON Pointer.
    place: String,
    pub(crate) problems: Vec<Problem>,
    read: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(values: &'a Map<String, Value>, place: impl Into<String>) -> Self {
        Self {
            values,
            place: place.into(),
            problems: Vec::new(),
            read: Vec::new(),
        }
    }

    /// Says that a setting is wrong. The pointer leads to what is there: a setting that is missing is a fault of the whole.
    pub(crate) fn wrong(&mut self, key: &str, code: &str, text: Text) {
        let pointer = match self.values.contains_key(key) {
            true => format!("{}/{}", self.place, key.replace('~', "~0").replace('/', "~1")),
            false => self.place.clone(),
        };
        let problem = Problem::at(pointer, text)
            .with_code(code)
            .with_param("setting", key);
        self.problems.push(problem);
    }

    /// A setting's value; an empty text is none.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.read.push(key);
        self.values
            .get(key)
            .filter(|value| !value.is_null() && *value != "")
    }

    /// A text; numbers and truth values are written as the original's forms write them.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(true) => Some("True".to_owned()),
            Value::Bool(false) => Some("False".to_owned()),
            _ => {
                let text = titled(key, "must be a text", "必须是文本");
                self.wrong(key, "not_a_text", text);
                None
            }
        }
    }

    /// A text that must be there. Without it there is a problem, and an empty text.
    pub(crate) fn needed(&mut self, key: &'static str) -> String {
        self.text(key).unwrap_or_else(|| {
            self.missing(key);
            String::new()
        })
    }

    pub(crate) fn text_or(&mut self, key: &'static str, default: &str) -> String {
        self.text(key).unwrap_or_else(|| default.to_owned())
    }

    /// Says that a setting is missing, unless something is said of it already.
    pub(crate) fn missing(&mut self, key: &'static str) {
        let said = self
            .problems
            .iter()
            .any(|problem| problem.params.get("setting").is_some_and(|of| of == key));
        if !said {
            let text = titled(key, "is missing", "未填写");
            self.wrong(key, "setting_missing", text);
        }
    }

    /// A whole number within bounds.
    pub(crate) fn whole(&mut self, key: &'static str, bounds: RangeInclusive<u32>) -> Option<u32> {
        let value = self.get(key)?;
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_u64(),
        };
        let fitting = number
            .and_then(|number: u64| u32::try_from(number).ok())
            .filter(|number| bounds.contains(number));
        if fitting.is_none() {
            let (least, most) = (bounds.start(), bounds.end());
            let text = titled(
                key,
                &format!("must be a whole number from {least} to {most}"),
                &format!("必须是 {least} 到 {most} 之间的整数"),
            );
            self.wrong(key, "not_in_range", text);
        }
        fitting
    }

    /// A whole number that must be there.
    pub(crate) fn needed_whole(&mut self, key: &'static str, bounds: RangeInclusive<u32>) -> u32 {
        let least = *bounds.start();
        self.whole(key, bounds).unwrap_or_else(|| {
            self.missing(key);
            least
        })
    }

    /// Yes or no; as a text in any letter case.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let found = match self.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        if found.is_none() {
            let text = titled(key, "must be true or false", "必须是 true 或 false");
            self.wrong(key, "not_a_flag", text);
        }
        found
    }

    /// A text that is one of a few words.
    pub(crate) fn word(&mut self, key: &'static str, words: &[&str]) -> Option<String> {
        let text = self.text(key)?;
        if words.contains(&text.as_str()) {
            return Some(text);
        }
        let all = words.join(", ");
        let told = titled(
            key,
            &format!("must be one of {all}"),
            &format!("必须是以下之一：{all}"),
        );
        self.wrong(key, "not_a_word", told);
        None
    }

    /// Texts: a list, or one text with commas, as the original's forms write it.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let texts = match self.get(key) {
            None => return Vec::new(),
            Some(Value::String(text)) => Some(
                text.split(',')
                    .map(|part| part.trim().to_owned())
                    .collect::<Vec<_>>(),
            ),
            Some(Value::Array(parts)) => parts
                .iter()
                .map(|part| part.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        texts.unwrap_or_else(|| {
            let text = titled(key, "must be a list of texts", "必须是文本列表");
            self.wrong(key, "not_texts", text);
            Vec::new()
        })
    }

    /// Settings in a setting.
    pub(crate) fn within(&mut self, key: &'static str) -> Option<Fields<'a>> {
        match self.get(key)? {
            Value::Object(values) => Some(Fields::new(values, format!("{}/{key}", self.place))),
            _ => {
                let text = titled(key, "must be an object", "必须是对象");
                self.wrong(key, "not_an_object", text);
                None
            }
        }
    }

    /// Settings that mean something, though not in this config.
    pub(crate) fn known(&mut self, keys: &[&'static str]) {
        self.read.extend(keys);
    }

    /// Settings that nobody has asked for.
    pub(crate) fn unread(&self) -> Vec<String> {
        let keys = self.values.keys();
        keys.filter(|key| !self.read.contains(&key.as_str()))
            .cloned()
            .collect()
    }
}

/// A sentence about a setting, by its title.
fn titled(key: &str, en: &str, zh: &str) -> Text {
    let (title, title_zh) = schema::title(key);
    both(format!("{title} {en}"), format!("“{title_zh}”{zh}"))
}
