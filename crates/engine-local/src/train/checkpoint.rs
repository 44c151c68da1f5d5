//! What a training needs to be taken up again.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::json;
use task_interface::{ChannelPosition, EngineError, LogLevel, TaskContext};

use super::metrics::Metrics;
use crate::words::both;
use crate::work::{bug, damaged_checkpoint};
use crate::{input, seed};

const STATE: &str = "train-state";
/// The checkpoint holds a number per row at most, and a row has a number of 32 bits.
const STATE_BYTES: usize = 48 << 30;

/// The small part of a checkpoint.
#[derive(Serialize, Deserialize)]
pub(super) struct Facts {
    /// 32 secret bytes, from which the noise is derived.
    pub(super) seed: String,
    pub(super) position: ChannelPosition,
    /// Nothing before the first step.
    fingerprint: Option<String>,
    /// Epochs that are done, metrics included.
    pub(super) epoch: u32,
    /// Steps of the present epoch that are done.
    pub(super) step: usize,
    pub(super) last: Option<Metrics>,
    /// The other side has decided which rows take part; they are in a file of their own.
    #[serde(default)]
    pub(super) follows: bool,
    weights: usize,
}

/// Where a training is.
pub(super) struct State {
    pub(super) facts: Facts,
    pub(super) weights: Vec<f64>,
    pub(super) bias: f64,
    /// Logits of the other side that came in the present evaluation.
    pub(super) pending: Vec<f64>,
}

impl State {
    /// A state before the first step, already stored.
    pub(super) async fn fresh(context: &TaskContext) -> Result<Self, EngineError> {
        let facts = Facts {
            seed: seed::fresh(),
            position: ChannelPosition::default(),
            fingerprint: None,
            epoch: 0,
            step: 0,
            last: None,
            follows: false,
            weights: 0,
        };
        let state = Self {
            facts,
            weights: Vec::new(),
            bias: 0.0,
            pending: Vec::new(),
        };
        state.store(context).await?;
        Ok(state)
    }

    pub(super) async fn load(context: &TaskContext) -> Result<Self, EngineError> {
        let mut bytes = context.scratch.read_all(STATE, STATE_BYTES).await?;
        let damaged = damaged_checkpoint;
        let length = bytes.try_get_u32_le().map_err(|_| damaged())? as usize;
        if bytes.len() < length {
            return Err(damaged());
        }
        let facts: Facts = serde_json::from_slice(&bytes.split_to(length)).map_err(|_| damaged())?;
        let mut floats = floats(&bytes).ok_or_else(damaged)?;
        if floats.len() < facts.weights + 1 {
            return Err(damaged());
        }
        let pending = floats.split_off(facts.weights + 1);
        let bias = floats.pop().unwrap_or_default();
        let epoch = facts.epoch;
        let text = both(
            format!("the console came back; training goes on after epoch {epoch}"),
            format!("控制台已恢复，训练从第 {epoch} 轮之后继续"),
        );
        context.reporter.log(LogLevel::Info, text).await?;
        Ok(Self {
            facts,
            weights: floats,
            bias,
            pending,
        })
    }

    /// Fails when this checkpoint was made with another input.
    pub(super) fn check_input(&self, fingerprint: &str) -> Result<(), EngineError> {
        match &self.facts.fingerprint {
            Some(known) if known != fingerprint => Err(input::changed()),
            _ => Ok(()),
        }
    }

    /// Stores everything up to now, and lets go of the messages up to now.
    pub(super) async fn save(&mut self, context: &TaskContext, fingerprint: &str) -> Result<(), EngineError> {
        self.facts.position = context.peer.position().await;
        self.facts.fingerprint = Some(fingerprint.to_owned());
        self.facts.weights = self.weights.len();
        context.peer.flush().await?;
        self.store(context).await
    }

    async fn store(&self, context: &TaskContext) -> Result<(), EngineError> {
        let facts = serde_json::to_vec(&self.facts).map_err(|error| bug().with_detail(error.to_string()))?;
        let mut bytes = BytesMut::new();
        bytes.put_u32_le(facts.len() as u32);
        bytes.put_slice(&facts);
        for value in self.weights.iter().chain([&self.bias]).chain(&self.pending) {
            bytes.put_f64_le(*value);
        }
        context.scratch.write_all(STATE, bytes.freeze()).await?;
        context
            .reporter
            .handle(json!({ "engine": "local", "state": STATE }))
            .await?;
        context.peer.acknowledge().await
    }
}

/// Numbers as bytes.
pub(super) fn bytes(values: &[f64]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(8 * values.len());
    for value in values {
        bytes.put_f64_le(*value);
    }
    bytes.freeze()
}

/// Bytes as numbers.
pub(super) fn floats(bytes: &[u8]) -> Option<Vec<f64>> {
    let (values, rest) = bytes.as_chunks::<8>();
    rest.is_empty()
        .then(|| values.iter().map(|value| f64::from_le_bytes(*value)).collect())
}
