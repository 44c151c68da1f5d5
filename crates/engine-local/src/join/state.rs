//! What a join keeps, so that it can be taken up again.

use serde::{Deserialize, Serialize};
use serde_json::json;
use task_interface::{ChannelPosition, EngineError, LogLevel, TaskContext};

use super::rows::InputFacts;
use crate::seed;
use crate::words::both;
use crate::work::{bug, damaged_checkpoint};

const STATE: &str = "join-state.json";
const STATE_BYTES: usize = 1 << 16;

/// Where a join is; with the journal of the exchange, all that is needed to take it up again.
#[derive(Serialize, Deserialize)]
pub(super) struct State {
    /// 32 secret bytes, from which the scalar is derived.
    pub(super) seed: String,
    pub(super) position: ChannelPosition,
    /// Ids of one message: the smaller of both sides' numbers once they have met.
    pub(super) batch_ids: u32,
    /// Known when our points have been blinded and stored.
    pub(super) input: Option<InputFacts>,
    /// Known when both sides have blinded their points.
    pub(super) peer_ids: Option<u64>,
    /// Parts of the journal so far.
    pub(super) journal_parts: u32,
    /// What both sides' outputs are marked with; known when both sides have met.
    pub(super) mark: Option<String>,
    /// What comes back is cut, see [`cut`](crate::group::cut); known when both sides have met.
    #[serde(default)]
    pub(super) cut: bool,
}

impl State {
    /// Stores the state after all that it builds on, and lets go of the messages that it covers.
    pub(super) async fn save(&self, context: &TaskContext) -> Result<(), EngineError> {
        let text = serde_json::to_vec(self).map_err(|error| bug().with_detail(error.to_string()))?;
        context.scratch.write_all(STATE, text).await?;
        context
            .reporter
            .handle(json!({ "engine": "local", "state": STATE }))
            .await?;
        context.peer.acknowledge().await
    }
}

pub(super) async fn fresh(context: &TaskContext) -> Result<State, EngineError> {
    let state = State {
        seed: seed::fresh(),
        position: ChannelPosition::default(),
        batch_ids: 0,
        input: None,
        peer_ids: None,
        journal_parts: 0,
        mark: None,
        cut: false,
    };
    state.save(context).await?;
    Ok(state)
}

pub(super) async fn load(context: &TaskContext) -> Result<State, EngineError> {
    let text = context.scratch.read_all(STATE, STATE_BYTES).await?;
    let state =
        serde_json::from_slice(&text).map_err(|error| damaged_checkpoint().with_detail(error.to_string()))?;
    let text = both(
        "the console came back; the join goes on from its last checkpoint",
        "控制台已恢复，求交从上一个检查点继续",
    );
    context.reporter.log(LogLevel::Info, text).await?;
    Ok(state)
}
