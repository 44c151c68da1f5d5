//! The label's column.

use csv::StringRecord;
use task_interface::EngineError;

use super::{Cells, LabelColumn, NO_LABEL};
use crate::input::{Fault, data_error, is_same_label, shown};

/// Labels as they come: each as 0 or 1 in the order in which the two texts were first seen.
#[derive(Default)]
pub(super) struct Labels {
    seen: Vec<String>,
    values: Vec<u8>,
}

impl Labels {
    pub(super) fn take(
        &mut self,
        text: &str,
        row: &StringRecord,
        cells: &Cells<'_>,
    ) -> Result<(), EngineError> {
        if cells.is_missing(text) {
            if cells.leaves_out_unlabelled {
                self.values.push(NO_LABEL);
                return Ok(());
            }
            let text = format!(
                "{} has no label (`{}`); give it one, leave the row out before the join, or set \
                 `unlabelled_rows` to `leave_out`",
                cells.place(row),
                shown(text)
            );
            return Err(data_error(Fault::LabelMissing, text));
        }
        let known = self.seen.iter().position(|seen| is_same_label(seen, text));
        let class = known.unwrap_or_else(|| {
            self.seen.push(text.to_owned());
            self.seen.len() - 1
        });
        if class > 1 {
            let text = format!(
                "the label has a third value, `{}`, besides `{}` and `{}`, in {}; there must be exactly two",
                shown(text),
                shown(&self.seen[0]),
                shown(&self.seen[1]),
                cells.place(row)
            );
            return Err(data_error(Fault::LabelValues, text));
        }
        self.values.push(class as u8);
        Ok(())
    }

    /// Orders the two texts: the one of the config means 1, else the greater one, as numbers if both are, else as text.
    pub(super) fn finish(self, name: String, positive: Option<&str>) -> Result<LabelColumn, EngineError> {
        let Ok([first, second]) = <[String; 2]>::try_from(self.seen) else {
            let text = "the label has the same value in all rows; there must be exactly two values";
            return Err(data_error(Fault::LabelValues, text));
        };
        let swapped = match positive.map(str::trim) {
            Some(positive) if is_same_label(positive, &first) => true,
            Some(positive) if is_same_label(positive, &second) => false,
            Some(positive) => {
                let text = format!(
                    "`positive_label` is `{}`, the label's values are `{}` and `{}`",
                    shown(positive),
                    shown(&first),
                    shown(&second)
                );
                return Err(data_error(Fault::LabelValues, text));
            }
            None => match (first.parse::<f64>(), second.parse::<f64>()) {
                (Ok(first), Ok(second)) => first > second,
                _ => first > second,
            },
        };
        let mut values = self.values;
        if swapped {
            let labels = values.iter_mut().filter(|value| **value != NO_LABEL);
            labels.for_each(|value| *value = 1 - *value);
        }
        let classes = if swapped { [second, first] } else { [first, second] };
        Ok(LabelColumn {
            name,
            values,
            classes,
        })
    }
}
