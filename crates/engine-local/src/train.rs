//! TRAIN: logistic regression over the columns of both sides, row by row aligned. The crate's documentation defines it.

mod aligned;
mod checkpoint;
mod metrics;
mod model;
mod noise;
mod prepare;
mod rounds;
mod rows;
mod shuffle;
mod table;
mod warnings;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use task_interface::{EngineError, File, LogLevel, TaskContext, Text};

use crate::config::TrainConfig;
use crate::handshake::{self, Terms, compare};
use crate::input;
use crate::mark::{self, Marks};
use crate::output::{check, default_name};
use crate::progress::{self, begin};
use crate::words::both;
use crate::work::{Crew, bug};
use checkpoint::State;
use model::Half;
use prepare::Prepared;
use rounds::{Job, Settings};
use table::{Columns, Ignored};

#[derive(Debug, Serialize, Deserialize)]
struct TrainTerms {
    has_label: bool,
    epochs: u32,
    batch_size: u32,
    learning_rate: f64,
    l2: f64,
    validation_fraction: f64,
    seed: u64,
    /// This console can follow a label's side that leaves rows out or splits them.
    #[serde(default)]
    follows: bool,
    /// Our config may ask for that.
    #[serde(skip)]
    may_decide: bool,
}

impl Terms for TrainTerms {
    fn disagreements(&self, theirs: &Self) -> Vec<Text> {
        let mut reasons = Vec::new();
        match (self.has_label, theirs.has_label) {
            (true, true) => reasons.push(both(
                "both sides name a label; exactly one must",
                "双方都指定了标签列，只能由一方指定",
            )),
            (false, false) => reasons.push(both(
                "neither side names a label; exactly one must",
                "双方都没有指定标签列，须由一方指定",
            )),
            _ => {}
        }
        compare(&mut reasons, "epochs", &self.epochs, &theirs.epochs);
        compare(&mut reasons, "batch_size", &self.batch_size, &theirs.batch_size);
        compare(
            &mut reasons,
            "learning_rate",
            &self.learning_rate,
            &theirs.learning_rate,
        );
        compare(&mut reasons, "l2", &self.l2, &theirs.l2);
        let (ours, other) = (&self.validation_fraction, &theirs.validation_fraction);
        compare(&mut reasons, "validation_fraction", ours, other);
        compare(&mut reasons, "seed", &self.seed, &theirs.seed);
        if self.may_decide && !theirs.follows {
            reasons.push(both(
                "the other side's console is too old for `unlabelled_rows` and `split`; both must be of this version",
                "另一方的控制台版本过旧，不支持 `unlabelled_rows` 和 `split`，双方版本须一致",
            ));
        }
        reasons
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Farewell {}

/// Runs a training, from its beginning or (`attached`) from where it was.
pub(crate) async fn run(
    context: &TaskContext,
    crew: &Crew,
    data_dirs: &[PathBuf],
    config: &TrainConfig,
    attached: bool,
) -> Result<(), EngineError> {
    let mut state = if attached {
        State::load(context).await?
    } else {
        State::fresh(context).await?
    };
    check(context, &output_name(context, config)).await?;
    context.peer.resume(state.facts.position).await;
    if state.facts.position.sent == 0 {
        handshake::greet(context, &terms(config)).await?;
    }
    begin(context, &crew.meter, progress::READING, (0.0, 0.05), 0).await?;
    let (columns, marks) = read(context, crew, data_dirs, config).await?;
    let parts = aligned::agree(context, config, &columns, marks, &mut state).await?;
    let settings = config.clone();
    let prepared = crew
        .blocking(move |_| prepare::prepare(columns, parts.as_ref(), &settings))
        .await?;
    state.check_input(&prepared.fingerprint)?;
    log_input(context, &prepared).await?;
    let job = Job {
        context,
        crew,
        settings: Settings::new(config),
        split: Arc::clone(&prepared.split),
        half: Arc::new(Mutex::new(Half::new(&prepared, &state)?)),
        labels: prepared.label.as_ref().map(|label| Arc::clone(&label.values)),
        classes: prepared.label.as_ref().map(|label| label.classes.clone()),
        state,
        received: 0,
        saved: Instant::now(),
    };
    let (half, last) = job.train(&prepared.fingerprint).await?;
    finish(context, config, &prepared, &half, last).await
}

/// Reads the input, knowing what a join said of it.
async fn read(
    context: &TaskContext,
    crew: &Crew,
    data_dirs: &[PathBuf],
    config: &TrainConfig,
) -> Result<(Columns, Marks), EngineError> {
    let source = input::open(context, &config.input, data_dirs, &crew.stop).await?;
    let (digest, marks) = mark::of_input(context, crew, source).await?;
    let source = input::open(context, &config.input, data_dirs, &crew.stop).await?;
    let (source, read) = input::hashed(source);
    let (settings, known) = (config.clone(), marks.clone());
    let columns = crew
        .blocking(move |crew| table::read(crew, &settings, &known, source))
        .await?;
    if read.finish() != digest {
        return Err(input::changed());
    }
    Ok((columns, marks))
}

fn output_name(context: &TaskContext, config: &TrainConfig) -> String {
    let default = || default_name(&context.task, "model.json");
    config.output.clone().unwrap_or_else(default)
}

fn terms(config: &TrainConfig) -> TrainTerms {
    TrainTerms {
        has_label: config.label.is_some(),
        epochs: config.epochs,
        batch_size: config.batch_size,
        learning_rate: config.learning_rate,
        l2: config.l2,
        validation_fraction: config.validation_fraction,
        seed: config.seed,
        follows: true,
        may_decide: rows::may_decide(config),
    }
}

/// More columns that are left out than these are not logged; the result names all.
const LOGGED_COLUMNS: usize = 50;

async fn log_input(context: &TaskContext, prepared: &Prepared) -> Result<(), EngineError> {
    let missing: u64 = prepared.features.iter().map(|feature| feature.missing).sum();
    let constant = prepared
        .features
        .iter()
        .filter(|feature| feature.constant)
        .count();
    let (train, validate) = (prepared.split.train.len(), prepared.split.validation.len());
    let features = prepared.features.len();
    let text = both(
        format!(
            "{train} rows train, {validate} validate; {features} features here, {constant} of them constant; {missing} missing \
             values imputed"
        ),
        format!(
            "{train} 行用于训练，{validate} 行用于验证；我方 {features} 个特征，其中 {constant} 个为常数；填补了 {missing} 个缺失值"
        ),
    );
    context.reporter.log(LogLevel::Info, text).await?;
    context
        .reporter
        .log(LogLevel::Info, prepared.form.clone())
        .await?;
    for ignored in prepared.ignored.iter().take(LOGGED_COLUMNS) {
        let Ignored {
            column,
            reason,
            reason_zh,
            ..
        } = ignored;
        let text = both(
            format!("column `{column}` is not learnt from: it {reason}"),
            format!("列 `{column}` 未用于训练：{reason_zh}"),
        );
        context.reporter.log(LogLevel::Info, text).await?;
    }
    for warning in warnings::of(prepared) {
        context.reporter.warn(warning).await?;
    }
    Ok(())
}

async fn finish(
    context: &TaskContext,
    config: &TrainConfig,
    prepared: &Prepared,
    half: &Half,
    last: Option<metrics::Metrics>,
) -> Result<(), EngineError> {
    let document = model::document(config, prepared, half, last);
    let name = output_name(context, config);
    let text = serde_json::to_vec_pretty(&document).map_err(|error| bug().with_detail(error.to_string()))?;
    let uri = context.objects.write_all(&name, text).await?;
    let file = File::written(uri, None);
    let name = file.object.clone();
    context.reporter.result("model", file).await?;
    context
        .reporter
        .result("weights", model::weights(&document))
        .await?;
    context
        .reporter
        .result("training", model::facts(document))
        .await?;
    handshake::part(context, &Farewell {}).await?;
    context
        .reporter
        .log(
            LogLevel::Info,
            both(
                format!("training is done; our half of the model is in {name}"),
                format!("训练完成，我方的模型部分已写入 {name}"),
            ),
        )
        .await?;
    context.reporter.progress(1.0, progress::DONE).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_console_that_cannot_follow_is_refused_when_rows_may_be_left_out() {
        let of = |more: serde_json::Value| {
            let mut config = json!({"input": "rows", "label": "y"});
            for (key, value) in more.as_object().unwrap() {
                config[key] = value.clone();
            }
            terms(&serde_json::from_value(config).unwrap())
        };
        let theirs = |follows: bool| {
            let mut told = serde_json::to_value(of(json!({}))).unwrap();
            told["has_label"] = json!(false);
            if !follows {
                told.as_object_mut().unwrap().remove("follows");
            }
            serde_json::from_value::<TrainTerms>(told).unwrap()
        };
        for more in [
            json!({"unlabelled_rows": "leave_out"}),
            json!({"split": "stratified"}),
        ] {
            assert_eq!(of(more.clone()).disagreements(&theirs(true)), Vec::<Text>::new());
            let reasons = of(more).disagreements(&theirs(false));
            assert!(
                reasons.len() == 1 && reasons[0].en.contains("too old"),
                "{reasons:?}"
            );
        }
        assert_eq!(of(json!({})).disagreements(&theirs(false)), Vec::<Text>::new());
    }
}
