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
        let quality = |quality: &Quality| {
            json!({
                "log_loss": quality.log_loss,
                "auc": quality.auc,
                "validated": quality.validated,
            })
        };
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
             Training  {} epochs on {} joined rows ({:.1} s): {}.\n          \
             Each side has its own half of the model. No column of features left its console; the side without\n          \
             the label learnt from the residuals which row has which label (docs/LOCAL-ENGINE.md).",
            joined.host_rows,
            joined.peer_rows,
            joined.intersection,
            joined.seconds,
            trained.epochs,
            joined.intersection,
            trained.seconds,
            measured(&trained.host)
        )
    }
}

fn measured(quality: &Quality) -> String {
    let auc = quality
        .auc
        .map_or_else(|| "no AUC".to_owned(), |auc| format!("AUC {auc:.4}"));
    let rows = if quality.validated {
        "rows kept for validation"
    } else {
        "the rows it was trained on, for none were left to validate it"
    };
    format!("log loss {:.4}, {auc} on {rows}", quality.log_loss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validation_is_claimed_only_where_there_was_any() {
        let quality = |validated, auc| Quality {
            validated,
            log_loss: 0.5,
            auc,
        };
        let said = measured(&quality(true, Some(0.9)));
        assert_eq!(said, "log loss 0.5000, AUC 0.9000 on rows kept for validation");
        let said = measured(&quality(false, None));
        assert!(
            said.contains("no AUC") && !said.contains("kept for validation"),
            "{said}"
        );
    }
}
