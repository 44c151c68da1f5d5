//! What an engine reports.

use console_db::{instances as rows, metrics, results, warnings};
use console_model::{ErrorCode, TaskType};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use task_interface::host::Report;
use task_interface::{CallBack, LogLevel, MAX_WARNINGS, ReportedStatus, Text, Warning};

use super::ConsoleHost;
use crate::AppError;
use crate::instances::engine_events;
use crate::pairings::fit::kind_of;

/// So many metric points wait in memory at most.
const METRIC_POINTS: usize = 500;

impl ConsoleHost {
    pub(super) async fn take(&self, report: Report) -> Result<(), AppError> {
        let mut waiting = self.waiting.lock().await;
        match report {
            Report::Log { level, role, text } => {
                if waiting
                    .log
                    .push(self.app.settings().runs.log_limit_bytes, level, &role, &text)
                {
                    waiting.log.flush(&self.app).await?;
                }
            }
            Report::Metric { name, step, value } => {
                waiting.metrics.push(metrics::NewPoint {
                    name,
                    step,
                    value,
                    at: chrono::Utc::now(),
                });
                if waiting.metrics.len() >= METRIC_POINTS {
                    let tx = self.app.db().begin().await?;
                    metrics::insert(&tx, &self.instance, self.attempt, &waiting.metrics).await?;
                    tx.commit().await?;
                    waiting.metrics.clear();
                    waiting.untold = true;
                }
            }
            Report::Progress { fraction, text } => waiting.progress = Some((fraction, text)),
            Report::Result { name, value } => {
                let tx = self.app.db().begin().await?;
                results::put(&tx, &self.instance, self.attempt, &name, &value).await?;
                if let Some(figure) = self.main_figure(&tx, &name, &value).await? {
                    let facts = rows::Facts {
                        main_figure: Some(figure),
                        ..rows::Facts::default()
                    };
                    rows::set_facts(&tx, &self.instance, self.attempt, facts).await?;
                }
                tx.commit().await?;
                waiting.untold = true;
            }
            Report::Warning(warning) => {
                let limit = self.app.settings().runs.log_limit_bytes;
                if waiting.log.push(limit, LogLevel::Warn, "engine", &warning.text) {
                    waiting.log.flush(&self.app).await?;
                }
                self.keep_warning(&warning).await?;
            }
            Report::Handle(handle) => {
                let owner = &self.app.settings().node_id;
                let tx = self.app.db().begin().await?;
                let ours = rows::set_handle(&tx, &self.instance, self.attempt, owner, &handle).await?;
                tx.commit().await?;
                if !ours {
                    return Err(AppError::conflict(
                        ErrorCode::NotOurs,
                        "Another process looks after this run.",
                    ));
                }
            }
            Report::CallBack(call_back) => {
                drop(waiting);
                self.call_back(call_back).await?;
            }
        }
        Ok(())
    }

    /// The figure that lists show of a run, when a result has it and the engine says so.
    async fn main_figure(
        &self,
        tx: &console_db::Tx,
        result: &str,
        value: &Value,
    ) -> Result<Option<(String, f64)>, AppError> {
        let engines = self.app.engines();
        if !engines.any_main_figure_in(result) {
            return Ok(None);
        }
        let Some(row) = rows::find_listed(tx, &self.instance).await? else {
            return Ok(None);
        };
        let kind = row
            .task_type
            .and_then(|number| TaskType::from_number(number).ok());
        let engine = row.row.engine.as_deref().and_then(|name| engines.get(name));
        let described = engine
            .zip(kind)
            .and_then(|(engine, kind)| engine.description.types.get(&kind_of(kind)));
        Ok(described
            .and_then(|described| described.main_figure.as_ref())
            .filter(|main| main.result == result)
            .and_then(|main| Some((main.name.clone(), main.value_in(value)?))))
    }

    async fn keep_warning(&self, warning: &Warning) -> Result<(), AppError> {
        let Text { en, zh, .. } = &warning.text;
        let mut hash = Sha256::new();
        for part in [&warning.code, en] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let new = warnings::NewWarning {
            digest: &hex::encode(hash.finalize()),
            code: &warning.code,
            en,
            zh: zh.as_deref(),
        };
        let tx = self.app.db().begin().await?;
        warnings::put(&tx, &self.instance, self.attempt, MAX_WARNINGS as u64, new).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn call_back(&self, call_back: CallBack) -> Result<(), AppError> {
        let CallBack {
            message,
            error,
            gmt_start,
            gmt_error,
            status,
        } = call_back;
        if message.is_some() || error.is_some() || gmt_start.is_some() || gmt_error.is_some() {
            let tx = self.app.db().begin().await?;
            if let Some(row) = rows::find(&tx, &self.instance)
                .await?
                .filter(|row| row.attempt == self.attempt)
            {
                let facts = rows::Facts {
                    message: message.map(|new| merged(row.message, new)),
                    error: error.map(|new| merged(row.error, new)),
                    gmt_start: gmt_start.map(|at| at.naive_utc()),
                    gmt_error: gmt_error.map(|at| at.naive_utc()),
                    main_figure: None,
                };
                rows::set_facts(&tx, &self.instance, self.attempt, facts).await?;
            }
            tx.commit().await?;
        }
        match status {
            Some(ReportedStatus::Running) => {
                engine_events::started(&self.app, &self.instance, self.attempt).await?;
            }
            Some(end) => *self.said.lock().await = Some(end),
            None => {}
        }
        Ok(())
    }
}

/// An object with the new keys laid over the old ones, as the original console merges call-backs.
fn merged(old: Option<Value>, new: Map<String, Value>) -> Value {
    let old = match old {
        Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or(Value::Null),
        Some(value) => value,
        None => Value::Null,
    };
    match old {
        Value::Object(mut all) => {
            all.extend(new);
            Value::Object(all)
        }
        _ => Value::Object(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn call_backs_merge_by_key_over_objects_texts_and_nothing() {
        let new = || json!({"b": 2}).as_object().unwrap().clone();
        assert_eq!(merged(None, new()), json!({"b": 2}));
        assert_eq!(
            merged(Some(json!({"a": 1, "b": 1})), new()),
            json!({"a": 1, "b": 2})
        );
        assert_eq!(merged(Some(json!("{\"a\": 1}")), new()), json!({"a": 1, "b": 2}));
        assert_eq!(merged(Some(json!("not json")), new()), json!({"b": 2}));
    }
}
