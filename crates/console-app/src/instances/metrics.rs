//! The curves of a run, thinned to what a chart can show.

use chrono::{DateTime, Utc};
use console_db::entity::metric_point::Model;
use console_db::{metrics as rows, utc};
use console_model::InstanceId;

use super::read::brief;
use crate::{App, AppError, Operator};

/// So many points are read at once.
const PAGE: u64 = 5000;

/// Which points.
#[derive(Debug, Clone)]
pub struct MetricQuery {
    /// The attempt; the present one by default.
    pub attempt: Option<i32>,
    /// One curve; all by default.
    pub name: Option<String>,
    /// Points behind a step.
    pub after_step: Option<i64>,
    /// The most points of a curve; at least 2.
    pub points: usize,
}

/// A curve.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSeries {
    /// Its name.
    pub name: String,
    /// How many points it has, behind the step that was asked for.
    pub total: u64,
    /// Its points, by step; some of them when there are too many.
    pub points: Vec<MetricPoint>,
}

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricPoint {
    /// Where.
    pub step: i64,
    /// The value.
    pub value: f64,
    /// When it was reported.
    pub at: DateTime<Utc>,
}

/// The curves of an attempt, by name. Of a curve with more points than are wanted, the first and the last point are
/// kept, and of each of equally many between them the lowest and the highest, so that no peak is lost.
///
/// # Errors
/// `not_found`.
pub async fn metrics(
    app: &App,
    operator: &Operator,
    id: &InstanceId,
    query: &MetricQuery,
) -> Result<Vec<MetricSeries>, AppError> {
    let run = brief(app, operator, id).await?;
    let attempt = query.attempt.unwrap_or(run.attempt);
    let found = rows::counts(app.db().reader(), id, attempt, query.after_step).await?;
    let wanted = |name: &str| query.name.as_deref().is_none_or(|only| only == name);
    let mut series = Vec::new();
    for metric in found.into_iter().filter(|metric| wanted(&metric.name)) {
        let total = metric.points.unsigned_abs();
        let mut thinner = Thinner::new(total, query.points);
        let mut after = query.after_step;
        loop {
            let page = rows::points(app.db().reader(), id, attempt, &metric.name, after, PAGE).await?;
            let full = page.len() as u64 == PAGE;
            after = page.last().map(|row| row.step).or(after);
            page.into_iter()
                .filter_map(point)
                .for_each(|point| thinner.take(point));
            if !full {
                break;
            }
        }
        series.push(MetricSeries {
            name: metric.name,
            total,
            points: thinner.end(),
        });
    }
    Ok(series)
}

/// A value that is no number has no place on a curve.
fn point(row: Model) -> Option<MetricPoint> {
    row.value.map(|value| MetricPoint {
        step: row.step,
        value,
        at: utc(row.at),
    })
}

/// Takes the points of a curve one after the other, and keeps some.
struct Thinner {
    /// So many points make a group, of which two are kept; all are kept when it is 1.
    group: u64,
    kept: Vec<MetricPoint>,
    /// How many points the present group has, and its lowest and highest.
    taken: u64,
    extremes: Option<(MetricPoint, MetricPoint)>,
    last: Option<MetricPoint>,
}

impl Thinner {
    fn new(total: u64, most: usize) -> Self {
        let most = most.max(2) as u64;
        let groups = (most - 2) / 2;
        let group = match groups {
            _ if total <= most => 1,
            0 => u64::MAX,
            _ => (total - 2).div_ceil(groups),
        };
        Self {
            group,
            kept: Vec::new(),
            taken: 0,
            extremes: None,
            last: None,
        }
    }

    fn take(&mut self, point: MetricPoint) {
        if self.group == 1 || self.kept.is_empty() {
            self.kept.push(point);
            return;
        }
        // One behind: the last of all is kept for itself.
        let Some(point) = self.last.replace(point) else {
            return;
        };
        self.taken += 1;
        let (low, high) = self.extremes.unwrap_or((point, point));
        let low = if point.value < low.value { point } else { low };
        let high = if point.value > high.value { point } else { high };
        self.extremes = Some((low, high));
        if self.taken == self.group {
            self.close();
        }
    }

    fn close(&mut self) {
        self.taken = 0;
        if self.group == u64::MAX {
            return;
        }
        let Some((low, high)) = self.extremes.take() else {
            return;
        };
        let (first, second) = if low.step <= high.step {
            (low, high)
        } else {
            (high, low)
        };
        self.kept.push(first);
        if first.step != second.step {
            self.kept.push(second);
        }
    }

    fn end(mut self) -> Vec<MetricPoint> {
        self.close();
        self.kept.extend(self.last);
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinned(values: &[f64], most: usize) -> Vec<(i64, f64)> {
        let mut thinner = Thinner::new(values.len() as u64, most);
        for (step, value) in (0..).zip(values) {
            thinner.take(MetricPoint {
                step,
                value: *value,
                at: DateTime::UNIX_EPOCH,
            });
        }
        thinner
            .end()
            .iter()
            .map(|point| (point.step, point.value))
            .collect()
    }

    #[test]
    fn few_points_are_kept_as_they_are() {
        assert_eq!(thinned(&[], 2), []);
        assert_eq!(thinned(&[1.0, 3.0, 2.0], 3), [(0, 1.0), (1, 3.0), (2, 2.0)]);
    }

    #[test]
    fn of_many_the_ends_and_every_peak_are_kept_in_order() {
        let mut values: Vec<f64> = (0..10_000).map(|step| f64::from(step % 7)).collect();
        values[1234] = 1e6;
        values[1240] = -1e6;
        for most in [2, 3, 4, 10, 99, 100, 1000] {
            let kept = thinned(&values, most);
            assert!(kept.len() <= most, "{} of {most}", kept.len());
            assert_eq!(kept.first(), Some(&(0, 0.0)));
            assert_eq!(kept.last(), Some(&(9999, values[9999])));
            assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
            if most >= 4 {
                assert!(
                    kept.contains(&(1234, 1e6)) && kept.contains(&(1240, -1e6)),
                    "{most}"
                );
                assert!(kept.len() > most / 2, "{} of {most}", kept.len());
            }
        }
    }

    #[test]
    fn more_points_than_were_counted_do_no_harm() {
        let mut thinner = Thinner::new(2, 2);
        for step in 0..5 {
            thinner.take(MetricPoint {
                step,
                value: 0.0,
                at: DateTime::UNIX_EPOCH,
            });
        }
        assert_eq!(thinner.end().len(), 5);
    }
}
