//! What a request asks for, read from its query, headers and body.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::answer::Refusal;
use crate::delete::Deletion;
use crate::kinds::Kind;
use crate::select::Selector;
use crate::write::Manner;
use crate::{logs, watch};

/// A request, read.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Asked {
    pub(crate) fn value(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        let written = self.value(name);
        if written.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Refusal::bad_request(format!("{name}: Invalid value: \"{written}\""));
        written.parse().map(Some).map_err(wrong)
    }

    fn is_true(&self, name: &str) -> bool {
        ["1", "true"].contains(&self.value(name))
    }

    pub(crate) fn content_type(&self) -> &str {
        let header = self
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        header.split(';').next().unwrap_or_default().trim()
    }

    pub(crate) fn manner(&self) -> Result<Manner, Refusal> {
        let validation = match self.value("fieldValidation") {
            "" => "Warn",
            known @ ("Strict" | "Warn" | "Ignore") => known,
            other => {
                return Err(Refusal::bad_request(format!(
                    "fieldValidation: Unsupported value: \"{other}\""
                )));
            }
        };
        let agent = self
            .headers
            .get("user-agent")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let by_agent = if self.method == "POST" {
            agent.split('/').next().unwrap_or_default()
        } else {
            ""
        };
        let manager = match self.value("fieldManager") {
            "" => by_agent,
            named => named,
        };
        Ok(Manner {
            manager: manager.into(),
            force: self.is_true("force"),
            dry_run: self.value("dryRun") == "All",
            validation: validation.into(),
        })
    }

    pub(crate) fn deletion(&self) -> Deletion {
        let own = |name: &str| {
            let asked = self.value(name);
            let in_body = self.body[name].as_str();
            in_body
                .or(if asked.is_empty() { None } else { Some(asked) })
                .map(String::from)
        };
        let condition = |name: &str| self.body["preconditions"][name].as_str().map(String::from);
        Deletion {
            policy: own("propagationPolicy"),
            uid: condition("uid"),
            version: condition("resourceVersion"),
            grace: self.body["gracePeriodSeconds"]
                .as_i64()
                .or_else(|| self.value("gracePeriodSeconds").parse().ok()),
            dry_run: self.value("dryRun") == "All" || self.body["dryRun"][0] == "All",
        }
    }

    pub(crate) fn collection(
        &self,
        kind: &'static Kind,
        namespace: &str,
        name: &str,
    ) -> Result<watch::Wanted, Refusal> {
        Ok(watch::Wanted {
            kind,
            namespace: namespace.into(),
            name: name.into(),
            selector: Selector::parse(self.value("labelSelector"), self.value("fieldSelector"))?,
            version: self.value("resourceVersion").into(),
            bookmarks: self.is_true("allowWatchBookmarks"),
            initial_events: self.is_true("sendInitialEvents"),
            timeout: self.number("timeoutSeconds")?.map(Duration::from_secs),
        })
    }

    pub(crate) fn log(&self) -> Result<logs::Wanted, Refusal> {
        let ago = self
            .number("sinceSeconds")?
            .map(|seconds| Utc::now() - Duration::from_secs(seconds));
        let since = DateTime::parse_from_rfc3339(self.value("sinceTime"))
            .ok()
            .map(|at| at.with_timezone(&Utc));
        Ok(logs::Wanted {
            container: self.value("container").into(),
            follow: self.is_true("follow"),
            timestamps: self.is_true("timestamps"),
            previous: self.is_true("previous"),
            tail: self.number("tailLines")?,
            since: since.or(ago),
            limit: self.number("limitBytes")?,
        })
    }
}
