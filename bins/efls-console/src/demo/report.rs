//! What came out.

use serde_json::{Value, json};

use super::task::Joined;
use super::train::{Quality, Trained};

/// Everything that came out, and where to look at it.
pub(super) struct Report {
    pub(super) joined: Joined,
    pub(super) trained: Trained,
    pub(super) host_url: String,
    pub(super) peer_url: String,
}

impl Report {
    /// For a program.
    pub(super) fn json(&self) -> Value {
        let quality = |quality: &Quality| json!({ "log_loss": quality.log_loss, "auc": quality.auc });
        json!({
            "join": {
                "host_rows": self.joined.host_rows,
                "peer_rows": self.joined.peer_rows,
                "intersection": self.joined.intersection,
                "seconds": self.joined.seconds,
            },
            "train": {
                "epochs": self.trained.epochs,
                "host": quality(&self.trained.host),
                "peer": quality(&self.trained.peer),
                "seconds": self.trained.seconds,
            },
            "host_url": self.host_url,
            "peer_url": self.peer_url,
        })
    }

    /// For a person.
    pub(super) fn text(&self) -> String {
        let (joined, trained) = (&self.joined, &self.trained);
        format!(
            "\nJoin      {} rows of the host and {} of the peer have {} ids in common ({:.1} s).\n          \
             Neither side learnt the other's remaining ids.\n\
             Training  {} epochs on {} joined rows ({:.1} s): log loss {:.4}, AUC {:.4} on rows kept for validation.\n          \
             Each side has its own half of the model; no column left its console.",
            joined.host_rows,
            joined.peer_rows,
            joined.intersection,
            joined.seconds,
            trained.epochs,
            joined.intersection,
            trained.seconds,
            trained.host.log_loss,
            trained.host.auc
        )
    }
}
