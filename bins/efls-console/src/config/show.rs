//! What holds and where it comes from, without secrets.

use console_db::DbUrl;
use figment::value::Value;
use serde::Serialize;
use url::Url;

use super::Sources;
use super::check::{Checked, Problem};
use crate::engines::Registry;

/// Settings whose value is never shown.
const SECRETS: [&str; 1] = ["storage.s3.secret_key"];
const HIDDEN: &str = "(hidden)";

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Entry {
    /// Its name, for example `service.port`.
    pub key: String,
    /// Its value; a secret is replaced.
    pub value: serde_json::Value,
    /// Where the value comes from.
    pub source: String,
}

/// Every setting as it holds, and what is wrong with the configuration.
#[must_use]
pub(crate) fn entries(sources: &Sources, engines: &Registry) -> (Vec<Entry>, Vec<Problem>) {
    let checked = Checked::new(sources, engines);
    let mut entries = Vec::new();
    flatten("", &checked.tree, &mut |key, value| {
        let source = checked.source(key).unwrap_or_else(|| "default".to_owned());
        entries.push(Entry {
            key: key.to_owned(),
            value: shown(key, value),
            source,
        });
    });
    let problems = super::load(sources, engines)
        .err()
        .map(|problems| problems.0)
        .unwrap_or_default();
    (entries, problems)
}

fn flatten(key: &str, value: &Value, emit: &mut impl FnMut(&str, &Value)) {
    let Some(members) = value.as_dict() else {
        return emit(key, value);
    };
    for (name, value) in members {
        let path = if key.is_empty() {
            name.clone()
        } else {
            format!("{key}.{name}")
        };
        flatten(&path, value, emit);
    }
}

/// Whether a setting of an engine is to be hidden. Only its name says so.
fn is_secret_of_an_engine(key: &str) -> bool {
    let Some((_, setting)) = key.strip_prefix("engines.").and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    ["secret", "password", "token", "key"]
        .iter()
        .any(|word| setting.contains(word))
}

fn shown(key: &str, value: &Value) -> serde_json::Value {
    let text = value.as_str().unwrap_or_default();
    if SECRETS.contains(&key) || is_secret_of_an_engine(key) {
        return if value.as_str() == Some("") {
            "".into()
        } else {
            HIDDEN.into()
        };
    }
    if key == "database.url" {
        return DbUrl::parse(text).map_or_else(|_| HIDDEN.into(), |url| url.to_string().into());
    }
    if key == "federation.proxy_url" {
        return without_password(text).into();
    }
    serde_json::to_value(value).unwrap_or_default()
}

/// An address whose password is not shown.
fn without_password(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some("***")) {
            Ok(()) => url.to_string(),
            Err(()) => HIDDEN.to_owned(),
        },
        _ => text.to_owned(),
    }
}
