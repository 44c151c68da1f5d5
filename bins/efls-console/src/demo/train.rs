//! The training on the joined tables.

use anyhow::Context;
use serde_json::{Value, json};

use super::api::{Console, text};
use super::data::{Side, Tables};
use super::pair::Link;
use super::progress::Progress;
use super::task::{Half, Joined, Wanted, input, seconds};

const EPOCHS: u64 = 30;
const BATCH_SIZE: u64 = 64;
/// Enough rows of a small table that the quality measured on them does not hang on the order of the rows.
const VALIDATION_FRACTION: f64 = 0.3;

/// How good the model is.
pub(super) struct Quality {
    /// Whether it was measured on rows that it was not trained on.
    pub(super) validated: bool,
    pub(super) log_loss: f64,
    /// None where all those rows have the same label.
    pub(super) auc: Option<f64>,
}

/// What the training gave.
pub(super) struct Trained {
    pub(super) epochs: u64,
    /// As the host sees it.
    pub(super) host: Quality,
    /// As the peer sees it.
    pub(super) peer: Quality,
    pub(super) seconds: f64,
}

/// Trains unless that is done already.
pub(super) async fn train(
    link: &Link,
    tables: &Tables,
    joined: &Joined,
    progress: &Progress,
) -> anyhow::Result<Trained> {
    let half = |side: Side| {
        let mut config = json!({
            "input": input(),
            "exclude": [tables.id],
            "epochs": EPOCHS,
            "batch_size": BATCH_SIZE,
            "validation_fraction": VALIDATION_FRACTION,
        });
        if side == tables.label_side {
            config["label"] = json!(tables.label);
        }
        let [host, peer] = &joined.outputs;
        Half {
            config,
            input: if side == Side::Host {
                host.clone()
            } else {
                peer.clone()
            },
        }
    };
    let wanted = Wanted {
        task_type: "train",
        name: format!("train-{}", tables.key),
        token: format!("demo-train-{}", tables.key),
        meta: json!({ "what": "logistic regression over both sides' columns" }),
        halves: [half(Side::Host), half(Side::Peer)],
        link,
    };
    let ran = wanted.run(progress).await?;
    let (epochs, host) = quality(&link.host, &ran.host).await?;
    let (_, peer) = quality(&link.peer, &ran.peer).await?;
    Ok(Trained {
        epochs,
        host,
        peer,
        seconds: seconds(&ran.host),
    })
}

/// The last epoch and its metrics, as one side reported them.
async fn quality(console: &Console, run: &Value) -> anyhow::Result<(u64, Quality)> {
    let metrics = console
        .get(&format!("instances/{}/metrics", text(run, "id")?))
        .await?;
    let series = metrics.as_array().context("no metrics in the answer")?;
    let last = |name: &str| {
        let points = series.iter().find(|series| series["name"] == name)?["points"].as_array()?;
        let point = points.last()?;
        Some((point["step"].as_u64()?, point["value"].as_f64()?))
    };
    let missing = || format!("the {}'s run reports no metrics", console.side);
    let validation = last("validation/log_loss");
    let part = if validation.is_some() {
        "validation"
    } else {
        "train"
    };
    let (epochs, log_loss) = validation
        .or_else(|| last("train/log_loss"))
        .with_context(missing)?;
    let quality = Quality {
        validated: validation.is_some(),
        log_loss,
        auc: last(&format!("{part}/auc")).map(|(_, auc)| auc),
    };
    Ok((epochs, quality))
}
