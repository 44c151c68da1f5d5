use serde_json::{Map, Value};

use super::{BaseError, ConfigText};
use crate::refusal::SharedSettings;
use crate::{Vocabulary, Word};

/// The members of a request body, taken out one by one. Members that nobody takes are ignored.
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// Reads a body and checks that all the required members are there.
    pub(crate) fn read(body: &[u8], required: &[&str]) -> Result<Self, BaseError> {
        // An empty body is what a caller sends that forgot it: name the members rather than the syntax.
        let value = if body.is_empty() {
            Value::Object(Map::new())
        } else {
            crate::json::parse(body)?
        };
        let Value::Object(members) = value else {
            return Err(BaseError::invalid(
                "incorrect params, the body is not a JSON object",
            ));
        };
        if required.iter().any(|name| !members.contains_key(*name)) {
            return Err(BaseError::missing(required));
        }
        Ok(Self(members))
    }

    /// A text that a typed parser accepts.
    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, BaseError> {
        let Some(Value::String(text)) = self.0.remove(name) else {
            return Err(wrong(name, "it is not a text"));
        };
        parse(&text).map_err(|error| wrong(name, error))
    }

    /// As [`parsed`](Self::parsed), or nothing when the member is absent or null.
    pub(crate) fn parsed_if_given<T, E: std::fmt::Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, BaseError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.parsed(name, parse).map(Some),
        }
    }

    /// A text of limited length, not empty unless `may_be_empty`.
    pub(crate) fn text(
        &mut self,
        name: &str,
        longest: usize,
        may_be_empty: bool,
    ) -> Result<String, BaseError> {
        self.parsed(name, |text| {
            if text.chars().count() > longest {
                Err(format!("it has more than {longest} characters"))
            } else if text.is_empty() && !may_be_empty {
                Err("it is empty".to_owned())
            } else {
                Ok(text.to_owned())
            }
        })
    }

    /// A truth value; 0 and 1 pass as well.
    pub(crate) fn truth(&mut self, name: &str) -> Result<bool, BaseError> {
        match self.0.remove(name) {
            Some(Value::Bool(truth)) => Ok(truth),
            Some(Value::Number(number)) if number.as_u64() == Some(0) => Ok(false),
            Some(Value::Number(number)) if number.as_u64() == Some(1) => Ok(true),
            _ => Err(wrong(name, "it is neither true nor false")),
        }
    }

    /// As [`truth`](Self::truth), or nothing when the member is absent or null.
    pub(crate) fn truth_if_given(&mut self, name: &str) -> Result<Option<bool>, BaseError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.truth(name).map(Some),
        }
    }

    /// A whole number; text of one passes as well, as it does with the consoles in the field.
    pub(crate) fn whole(&mut self, name: &str) -> Result<i64, BaseError> {
        let number = match self.0.remove(name) {
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| wrong(name, "it is not a whole number"))
    }

    /// A number from 0, or nothing when the member is absent or null.
    pub(crate) fn count_if_given(&mut self, name: &str) -> Result<Option<u32>, BaseError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => {
                let number = self.whole(name)?;
                // Attempts are stored in 31 bits.
                let number = i32::try_from(number).ok().and_then(|n| u32::try_from(n).ok());
                number.map(Some).ok_or_else(|| wrong(name, "it is out of range"))
            }
        }
    }

    /// A word of a vocabulary, or nothing when the member is absent or null.
    pub(crate) fn word_if_given<T: Vocabulary>(&mut self, name: &str) -> Result<Option<Word<T>>, BaseError> {
        self.parsed_if_given(name, |word| {
            if word.chars().count() > 64 {
                Err("it has more than 64 characters")
            } else {
                Ok(Word::parse(word))
            }
        })
    }

    /// A config.
    pub(crate) fn config(&mut self, name: &str) -> Result<ConfigText, BaseError> {
        ConfigText::read(self.0.remove(name))
            .ok_or_else(|| wrong(name, "it is not the text of a JSON object"))
    }

    /// Shared settings, or nothing when the member is absent or null.
    pub(crate) fn settings_if_given(&mut self, name: &str) -> Result<Option<SharedSettings>, BaseError> {
        match self.value_if_given(name) {
            None => Ok(None),
            Some(Value::Object(settings)) => SharedSettings::new(settings)
                .map(Some)
                .map_err(|why| wrong(name, format!("it {why}"))),
            Some(_) => Err(wrong(name, "it is not a JSON object")),
        }
    }

    /// Any value but null.
    pub(crate) fn value_if_given(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }
}

/// 400 for a member that is there but wrong.
pub(crate) fn wrong(name: &str, why: impl std::fmt::Display) -> BaseError {
    BaseError::invalid(format!("incorrect params, '{name}' is not valid: {why}"))
}
