//! Label and field selectors.

use serde_json::Value;

use crate::answer::Refusal;
use crate::store::text;

/// What a list or a watch is limited to.
#[derive(Debug, Default, Clone)]
pub(crate) struct Selector {
    labels: Vec<Need>,
    fields: Vec<(String, bool, String)>,
}

#[derive(Debug, Clone)]
enum Need {
    OneOf(String, Vec<String>),
    NoneOf(String, Vec<String>),
    There(String),
    NotThere(String),
}

impl Selector {
    pub(crate) fn parse(labels: &str, fields: &str) -> Result<Self, Refusal> {
        let labels = split(labels).into_iter().map(need).collect::<Result<_, _>>()?;
        let fields = split(fields)
            .into_iter()
            .map(|part| {
                let (name, equal, value) = comparison(part).ok_or_else(|| {
                    Refusal::bad_request(format!("invalid selector: '{part}'; can't understand '{part}'"))
                })?;
                if ![
                    "metadata.name",
                    "metadata.namespace",
                    "status.phase",
                    "spec.nodeName",
                    "reason",
                    "type",
                ]
                .contains(&name)
                    && !name.starts_with("involvedObject.")
                {
                    return Err(Refusal::bad_request(format!("field label not supported: {name}")));
                }
                Ok((name.to_owned(), equal, value.to_owned()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { labels, fields })
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        let label = |key: &str| object["metadata"]["labels"][key].as_str();
        let labels = self.labels.iter().all(|need| match need {
            Need::OneOf(key, values) => {
                label(key).is_some_and(|found| values.iter().any(|value| value == found))
            }
            Need::NoneOf(key, values) => {
                !label(key).is_some_and(|found| values.iter().any(|value| value == found))
            }
            Need::There(key) => label(key).is_some(),
            Need::NotThere(key) => label(key).is_none(),
        });
        let fields = self.fields.iter().all(|(name, equal, value)| {
            (text(object, &format!("/{}", name.replace('.', "/"))) == value) == *equal
        });
        labels && fields
    }
}

/// The parts between commas that are not in brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
    .collect()
}

fn comparison(part: &str) -> Option<(&str, bool, &str)> {
    if let Some((key, value)) = part.split_once("!=") {
        return Some((key.trim(), false, value.trim()));
    }
    let (key, value) = part.split_once("==").or_else(|| part.split_once('='))?;
    Some((key.trim(), true, value.trim()))
}

fn need(part: &str) -> Result<Need, Refusal> {
    if let Some((key, equal, value)) = comparison(part) {
        let values = vec![value.to_owned()];
        return Ok(if equal {
            Need::OneOf(key.into(), values)
        } else {
            Need::NoneOf(key.into(), values)
        });
    }
    if let Some((head, values)) = part.split_once('(') {
        let values = values
            .trim_end_matches(')')
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect();
        return match head.split_whitespace().collect::<Vec<_>>().as_slice() {
            [key, "in"] => Ok(Need::OneOf((*key).into(), values)),
            [key, "notin"] => Ok(Need::NoneOf((*key).into(), values)),
            _ => Err(Refusal::bad_request(format!(
                "unable to parse requirement: {part}"
            ))),
        };
    }
    Ok(match part.strip_prefix('!') {
        Some(key) => Need::NotThere(key.into()),
        None => Need::There(part.into()),
    })
}
