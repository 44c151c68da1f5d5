//! Why a value does not fit a type, as a code. Parsers say it in words only; an error type of our own is told by `serde`
//! through the method that it calls.

use std::fmt;

use console_model::FieldCode;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Why a value does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) code: FieldCode,
    /// The field that is not there, if that is the matter.
    pub(super) missing: Option<&'static str>,
}

impl Misfit {
    /// Why a value that was refused does not fit `T`.
    pub(super) fn of<T: DeserializeOwned>(value: Value) -> Self {
        // What fits here and was refused before was given twice.
        T::deserialize(Given(value)).map_or_else(|misfit| misfit, |_| Self::new(FieldCode::NotAllowed))
    }

    const fn new(code: FieldCode) -> Self {
        Self { code, missing: None }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new(FieldCode::Malformed)
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new(FieldCode::WrongType)
    }

    fn invalid_value(found: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new(match found {
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) => FieldCode::OutOfRange,
            _ => FieldCode::Malformed,
        })
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new(FieldCode::UnknownValue)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new(FieldCode::UnknownField)
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            code: FieldCode::Required,
            missing: Some(field),
        }
    }
}

/// A value to be read with our error type.
struct Given(Value);

impl IntoDeserializer<'_, Misfit> for Given {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Given))),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Given(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Given(value)));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(members)))
            }
            _ => Err(Misfit::new(FieldCode::WrongType)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only whether it can be read counts")]
    enum Kind {
        Left,
        Right(u8),
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read counts")]
    struct Sample {
        number: u8,
        kinds: Option<Vec<Kind>>,
    }

    #[test]
    fn each_way_not_to_fit_has_its_code() {
        let cases = [
            (json!({}), FieldCode::Required),
            (json!({"number": "1"}), FieldCode::WrongType),
            (json!({"number": 256}), FieldCode::OutOfRange),
            (json!({"number": -1}), FieldCode::OutOfRange),
            (json!({"number": 1, "x": 1}), FieldCode::UnknownField),
            (json!({"number": 1, "kinds": ["up"]}), FieldCode::UnknownValue),
            (json!({"number": 1, "kinds": [7]}), FieldCode::WrongType),
            (
                json!({"number": 1, "kinds": [{"right": "1"}]}),
                FieldCode::WrongType,
            ),
            // All of it fits.
            (
                json!({"number": 1, "kinds": ["left", {"right": 1}]}),
                FieldCode::NotAllowed,
            ),
            (json!({"number": 1, "kinds": null}), FieldCode::NotAllowed),
        ];
        for (value, code) in cases {
            assert_eq!(Misfit::of::<Sample>(value.clone()).code, code, "{value}");
        }
        assert_eq!(Misfit::of::<Sample>(json!({})).missing, Some("number"));
    }
}
