//! How good the model is.

use serde::{Deserialize, Serialize};
use task_interface::{ConfusionMatrix, Curve, Document, EngineError, Scores, TaskContext};

/// Points of the ROC curve at most.
const ROC_POINTS: usize = 200;

/// How good the model is on some rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Part {
    rows: u64,
    log_loss: f64,
    /// Nothing when all rows have the same label.
    auc: Option<f64>,
    accuracy: f64,
}

/// How good the model is after an epoch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Metrics {
    train: Part,
    validation: Option<Part>,
}

impl Metrics {
    pub(super) fn new(train: &Scored, validation: &Scored) -> Self {
        Self {
            train: train.part(),
            validation: (!validation.0.is_empty()).then(|| validation.part()),
        }
    }

    pub(super) fn is_finite(&self) -> bool {
        let parts = [Some(&self.train), self.validation.as_ref()];
        parts.into_iter().flatten().all(|part| part.log_loss.is_finite())
    }

    /// Reports them as metric points.
    pub(super) async fn report(&self, context: &TaskContext, epoch: u32) -> Result<(), EngineError> {
        for (name, part) in [
            ("train", Some(&self.train)),
            ("validation", self.validation.as_ref()),
        ] {
            let Some(part) = part else { continue };
            let values = [
                ("log_loss", Some(part.log_loss)),
                ("auc", part.auc),
                ("accuracy", Some(part.accuracy)),
            ];
            for (metric, value) in values {
                let Some(value) = value else { continue };
                let name = format!("{name}/{metric}");
                context.reporter.metric(&name, i64::from(epoch), value).await?;
            }
        }
        Ok(())
    }
}

/// Logits and labels of some rows, by descending logit.
pub(super) struct Scored(Vec<(f64, u8)>);

impl Scored {
    pub(super) fn new(rows: &[u32], logits: &[f64], labels: &[u8]) -> Self {
        let mut scored: Vec<_> = rows
            .iter()
            .map(|row| (logits[*row as usize], labels[*row as usize]))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        Self(scored)
    }

    fn part(&self) -> Part {
        let count = self.0.len() as f64;
        let loss = |(logit, label): &(f64, u8)| softplus(*logit) - f64::from(*label) * logit;
        let right = self
            .0
            .iter()
            .filter(|(logit, label)| (*logit >= 0.0) == (*label == 1))
            .count();
        Part {
            rows: self.0.len() as u64,
            log_loss: self.0.iter().map(loss).sum::<f64>() / count,
            auc: self.auc(),
            accuracy: right as f64 / count,
        }
    }

    /// False and true positives at each threshold, from the highest to the lowest; equal logits are one threshold.
    fn steps(&self) -> Vec<(u64, u64)> {
        let (mut steps, mut now) = (vec![(0, 0)], (0, 0));
        for group in self.0.chunk_by(|a, b| a.0 == b.0) {
            let positive = group.iter().filter(|(_, label)| *label == 1).count() as u64;
            now = (now.0 + group.len() as u64 - positive, now.1 + positive);
            steps.push(now);
        }
        steps
    }

    /// The area under the ROC curve, by the trapezoid rule.
    fn auc(&self) -> Option<f64> {
        let steps = self.steps();
        let (negative, positive) = steps.last().copied().filter(|(no, yes)| *no > 0 && *yes > 0)?;
        let area: f64 = steps
            .windows(2)
            .map(|pair| (pair[1].0 - pair[0].0) as f64 * (pair[1].1 + pair[0].1) as f64 / 2.0)
            .sum();
        Some(area / (negative as f64 * positive as f64))
    }

    /// The final evaluation, as documents with their names.
    pub(super) fn documents(
        &self,
        part: &str,
        classes: Option<&[String; 2]>,
    ) -> [(&'static str, Document); 3] {
        let steps = self.steps();
        let (negative, positive) = steps.last().copied().unwrap_or_default();
        let share = |count: u64, of: u64| if of == 0 { 0.0 } else { count as f64 / of as f64 };
        let roc = thinned(&steps).map(|(no, yes)| [share(no, negative), share(yes, positive)]);
        let metrics = self.part();
        let scores = Scores {
            part: Some(part.to_owned()),
            rows: Some(metrics.rows),
            ..Scores::new([
                ("log_loss", Some(metrics.log_loss)),
                ("auc", metrics.auc),
                ("accuracy", Some(metrics.accuracy)),
            ])
        };
        [
            ("evaluation", scores.into()),
            ("roc", Curve::roc(roc.collect(), metrics.auc).into()),
            ("confusion", self.confusion(classes).into()),
        ]
    }

    fn confusion(&self, classes: Option<&[String; 2]>) -> ConfusionMatrix {
        let count = |label: u8, predicted: bool| {
            let meant = |(logit, class): &&(f64, u8)| (*logit >= 0.0) == predicted && *class == label;
            self.0.iter().filter(meant).count() as u64
        };
        let classes = classes.map_or_else(|| ["0", "1"].map(str::to_owned), Clone::clone);
        ConfusionMatrix {
            classes: classes.to_vec(),
            counts: [0, 1]
                .map(|label| [false, true].map(|predicted| count(label, predicted)).to_vec())
                .to_vec(),
            threshold: Some(0.5),
        }
    }
}

/// At most [`ROC_POINTS`] of the steps, first and last among them.
fn thinned(steps: &[(u64, u64)]) -> impl Iterator<Item = (u64, u64)> {
    let points = steps.len().min(ROC_POINTS);
    (0..points).map(move |point| steps[point * (steps.len() - 1) / (points - 1).max(1)])
}

/// `ln(1 + exp(z))`, without overflow.
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// `1 / (1 + exp(-z))`.
pub(super) fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(logits: &[f64], labels: &[u8]) -> Scored {
        Scored::new(&(0..logits.len() as u32).collect::<Vec<_>>(), logits, labels)
    }

    #[test]
    fn known_values() {
        let part = scored(&[2.0, -1.0, 0.5, -3.0], &[1, 0, 0, 0]).part();
        assert_eq!(part.auc, Some(1.0));
        assert_eq!(part.accuracy, 0.75);
        // (ln(1+e^-2) + ln(1+e^-1) + ln(1+e^0.5) + ln(1+e^-3)) / 4
        assert!((part.log_loss - 0.365_713_5).abs() < 1e-6, "{}", part.log_loss);
        assert_eq!(scored(&[1.0, 1.0, 1.0], &[1, 0, 0]).auc(), Some(0.5));
        assert_eq!(scored(&[1.0, 2.0], &[1, 1]).auc(), None);
        assert!(scored(&[800.0, -800.0], &[0, 1]).part().log_loss.is_finite());
    }

    #[test]
    fn the_documents_are_bounded_and_complete() {
        let logits: Vec<f64> = (0..5000).map(f64::from).collect();
        let labels: Vec<u8> = (0..5000).map(|row| u8::from(row % 3 == 0)).collect();
        let [scores, roc, confusion] = scored(&logits, &labels).documents("validation", None);
        let (Document::Scores(scores), Document::Curve(roc)) = (scores.1, roc.1) else {
            panic!("other forms");
        };
        assert_eq!(scores.rows, Some(5000));
        assert_eq!(roc.points.len(), ROC_POINTS);
        assert_eq!((roc.points[0], roc.points[199]), ([0.0, 0.0], [1.0, 1.0]));
        assert_eq!(roc.area, scores.scores[1].value);
        let Document::ConfusionMatrix(confusion) = confusion.1 else {
            panic!("another form");
        };
        assert_eq!(confusion.counts.iter().flatten().sum::<u64>(), 5000);
        // The first logit is 0, the rest are above it: all are taken for the second class.
        assert_eq!(confusion.counts, [[0, 3333], [0, 1667]]);
    }
}
