//! The steps and evaluations of a training, on both sides.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use task_interface::{EngineError, TaskContext};

use super::checkpoint::{State, bytes, floats};
use super::metrics::{Metrics, Scored, sigmoid};
use super::model::Half;
use super::noise;
use super::shuffle::{Split, epoch_order};
use crate::config::TrainConfig;
use crate::handshake::{receive_json, send_json, strange_message};
use crate::progress::{self, begin};
use crate::seed;
use crate::words::both;
use crate::work::{Crew, bug};

/// Numbers of one message: half a mebibyte.
const CHUNK: usize = 1 << 16;
/// A checkpoint is made so often at most, unless much was received: it waits for both consoles to store, and what is
/// computed again after a restart costs no more than this.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(10);

/// What both sides have agreed on, and our noise.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    epochs: u32,
    batch_size: usize,
    learning_rate: f64,
    l2: f64,
    seed: u64,
    noise_sigma: f64,
}

impl Settings {
    pub(super) fn new(config: &TrainConfig) -> Self {
        Self {
            epochs: config.epochs,
            batch_size: config.batch_size as usize,
            learning_rate: config.learning_rate,
            l2: config.l2,
            seed: config.seed,
            noise_sigma: config.noise_sigma,
        }
    }
}

/// A training under way.
pub(super) struct Job<'a> {
    pub(super) context: &'a TaskContext,
    pub(super) crew: &'a Crew,
    pub(super) settings: Settings,
    pub(super) split: Arc<Split>,
    pub(super) half: Arc<Mutex<Half>>,
    pub(super) labels: Option<Arc<Vec<u8>>>,
    pub(super) classes: Option<[String; 2]>,
    pub(super) state: State,
    /// Bytes received since the last checkpoint.
    pub(super) received: usize,
    /// When the last checkpoint was made.
    pub(super) saved: Instant,
}

impl Job<'_> {
    /// Trains to the end; gives the half of the model and the last metrics.
    pub(super) async fn train(mut self, fingerprint: &str) -> Result<(Half, Option<Metrics>), EngineError> {
        let steps = self.split.train.len().div_ceil(self.settings.batch_size);
        let total = u64::from(self.settings.epochs) * (steps as u64 + 1);
        begin(
            self.context,
            &self.crew.meter,
            progress::TRAINING,
            (0.05, 1.0),
            total,
        )
        .await?;
        let done = u64::from(self.state.facts.epoch) * (steps as u64 + 1) + self.state.facts.step as u64;
        self.crew.meter.add(done);
        while self.state.facts.epoch < self.settings.epochs {
            let epoch = self.state.facts.epoch + 1;
            let (split, seed) = (Arc::clone(&self.split), self.settings.seed);
            let order = self
                .crew
                .blocking(move |_| Ok(epoch_order(&split.train, seed, epoch)))
                .await?;
            let order: Arc<[u32]> = order.into();
            while self.state.facts.step < steps {
                self.step(&order).await?;
                self.state.facts.step += 1;
                self.crew.meter.add(1);
                self.checkpoint_when_due(fingerprint).await?;
            }
            let metrics = match self.labels.clone() {
                Some(labels) => self.judge(labels, fingerprint).await?,
                None => self.be_judged().await?,
            };
            metrics.report(self.context, epoch).await?;
            self.crew.meter.add(1);
            let facts = &mut self.state.facts;
            (facts.epoch, facts.step, facts.last) = (epoch, 0, Some(metrics));
            self.state.pending = Vec::new();
            self.checkpoint_when_due(fingerprint).await?;
        }
        let half = Arc::try_unwrap(self.half).map_err(|_| bug())?;
        Ok((
            half.into_inner().unwrap_or_else(PoisonError::into_inner),
            self.state.facts.last,
        ))
    }

    async fn checkpoint_when_due(&mut self, fingerprint: &str) -> Result<(), EngineError> {
        let much = self.received > 0 && self.received >= self.crew.checkpoint_bytes;
        if much || self.saved.elapsed() >= CHECKPOINT_EVERY {
            self.checkpoint(fingerprint).await?;
        }
        Ok(())
    }

    async fn checkpoint(&mut self, fingerprint: &str) -> Result<(), EngineError> {
        self.received = 0;
        self.saved = Instant::now();
        {
            let half = lock(&self.half);
            self.state.weights.clone_from(&half.weights);
            self.state.bias = half.bias.unwrap_or_default();
        }
        self.state.save(self.context, fingerprint).await
    }

    /// Works with the half away from the async runtime.
    async fn with_half<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Half) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let half = Arc::clone(&self.half);
        self.crew.blocking(move |_| Ok(work(&mut lock(&half)))).await
    }

    async fn step(&mut self, order: &Arc<[u32]>) -> Result<(), EngineError> {
        let Settings {
            batch_size,
            learning_rate,
            l2,
            ..
        } = self.settings;
        let from = self.state.facts.step * batch_size;
        let batch = from..(from + batch_size).min(order.len());
        let order = Arc::clone(order);
        let Some(labels) = self.labels.clone() else {
            let (rows, range) = (Arc::clone(&order), batch.clone());
            let logits = self.with_half(move |half| half.logits(&rows[range])).await?;
            self.send(logits).await?;
            let residuals = self.receive(batch.len()).await?;
            return self
                .with_half(move |half| half.update(&order[batch], &residuals, learning_rate, l2))
                .await;
        };
        let theirs = self.receive(batch.len()).await?;
        let residuals = self
            .with_half(move |half| {
                let rows = &order[batch];
                let mut residuals = half.logits(rows);
                for ((value, theirs), row) in residuals.iter_mut().zip(theirs).zip(rows) {
                    *value = sigmoid(*value + theirs) - f64::from(labels[*row as usize]);
                }
                half.update(rows, &residuals, learning_rate, l2);
                residuals
            })
            .await?;
        self.send(residuals).await
    }

    /// Evaluates an epoch on the label's side.
    async fn judge(&mut self, labels: Arc<Vec<u8>>, fingerprint: &str) -> Result<Metrics, EngineError> {
        let rows = self.split.rows();
        while self.state.pending.len() < rows {
            let count = CHUNK.min(rows - self.state.pending.len());
            let logits = self.receive(count).await?;
            self.state.pending.extend(logits);
            self.checkpoint_when_due(fingerprint).await?;
        }
        let theirs = std::mem::take(&mut self.state.pending);
        let (split, classes) = (Arc::clone(&self.split), self.classes.clone());
        let (metrics, evaluation) = self
            .with_half(move |half| {
                let mut logits = half.logits_of(0..rows);
                logits
                    .iter_mut()
                    .zip(theirs)
                    .for_each(|(value, theirs)| *value += theirs);
                let train = Scored::new(&split.train, &logits, &labels);
                let validation = Scored::new(&split.validation, &logits, &labels);
                let evaluation = if split.validation.is_empty() {
                    train.documents("train", classes.as_ref())
                } else {
                    validation.documents("validation", classes.as_ref())
                };
                (Metrics::new(&train, &validation), evaluation)
            })
            .await?;
        if !metrics.is_finite() {
            return Err(diverged());
        }
        if self.state.facts.epoch + 1 == self.settings.epochs {
            for (name, document) in evaluation {
                self.context.reporter.result(name, document).await?;
            }
        }
        send_json(self.context, &metrics).await?;
        Ok(metrics)
    }

    /// Lets the label's side evaluate an epoch.
    async fn be_judged(&mut self) -> Result<Metrics, EngineError> {
        let rows = self.split.rows();
        for from in (0..rows).step_by(CHUNK) {
            let part = from..(from + CHUNK).min(rows);
            let logits = self.with_half(move |half| half.logits_of(part)).await?;
            self.send(logits).await?;
        }
        receive_json(self.context).await
    }

    async fn send(&self, values: Vec<f64>) -> Result<(), EngineError> {
        let seed = seed::decode(&self.state.facts.seed)?;
        for part in values.chunks(CHUNK) {
            let mut part = part.to_vec();
            let message = self.context.peer.position().await.sent;
            noise::add(&mut part, self.settings.noise_sigma, seed, message);
            self.context.peer.send(bytes(&part)).await?;
        }
        Ok(())
    }

    async fn receive(&mut self, count: usize) -> Result<Vec<f64>, EngineError> {
        let mut values = Vec::with_capacity(count);
        while values.len() < count {
            let message = self.context.peer.receive().await?;
            self.received += message.len();
            let part = floats(&message).ok_or_else(strange_message)?;
            if part.len() != CHUNK.min(count - values.len()) {
                return Err(strange_message());
            }
            if !part.iter().all(|value| value.is_finite()) {
                return Err(diverged());
            }
            values.extend(part);
        }
        Ok(values)
    }
}

fn diverged() -> EngineError {
    EngineError::fatal(both(
        "the training has diverged; use a smaller learning_rate",
        "训练发散，请使用更小的 learning_rate",
    ))
    .with_code("diverged")
}

fn lock(half: &Mutex<Half>) -> MutexGuard<'_, Half> {
    half.lock().unwrap_or_else(PoisonError::into_inner)
}
