//! The label's column.

use csv::StringRecord;
use task_interface::EngineError;

use super::{Cells, LabelColumn, NO_LABEL};
use crate::input::{Fault, data_error, is_same_label, shown};
use crate::words::{both, zh};

/// Labels as they come: each as 0 or 1 in the order in which the two texts were first seen.
#[derive(Default)]
pub(super) struct Labels {
    seen: Vec<String>,
    values: Vec<u8>,
}

impl Labels {
    pub(super) fn take(&mut self, text: &str, row: &StringRecord, cells: &Cells) -> Result<(), EngineError> {
        if cells.is_missing(text) {
            if cells.leaves_out_unlabelled {
                self.values.push(NO_LABEL);
                return Ok(());
            }
            let (place, value) = (cells.place(row), shown(text));
            let story = both(
                format!(
                    "{place} has no label (`{value}`); give it one, leave the row out before the join, or set \
                     `unlabelled_rows` to `leave_out`"
                ),
                format!(
                    "{}没有标签（`{value}`）；请补上标签，在求交前去掉该行，或把 `unlabelled_rows` 设为 `leave_out`",
                    zh(&place)
                ),
            );
            return Err(data_error(Fault::LabelMissing, story));
        }
        let known = self.seen.iter().position(|seen| is_same_label(seen, text));
        let class = known.unwrap_or_else(|| {
            self.seen.push(text.to_owned());
            self.seen.len() - 1
        });
        if class > 1 {
            let (place, third) = (cells.place(row), shown(text));
            let (first, second) = (shown(&self.seen[0]), shown(&self.seen[1]));
            let story = both(
                format!(
                    "the label has a third value, `{third}`, besides `{first}` and `{second}`, in {place}; there must be \
                     exactly two"
                ),
                format!(
                    "标签除 `{first}` 和 `{second}` 外还有第三种取值 `{third}`，位于{}；必须恰好有两种",
                    zh(&place)
                ),
            );
            return Err(data_error(Fault::LabelValues, story));
        }
        self.values.push(class as u8);
        Ok(())
    }

    /// Orders the two texts: the one of the config means 1, else the greater one, as numbers if both are, else as text.
    pub(super) fn finish(self, name: String, positive: Option<&str>) -> Result<LabelColumn, EngineError> {
        let Ok([first, second]) = <[String; 2]>::try_from(self.seen) else {
            let text = both(
                "the label has the same value in all rows; there must be exactly two values",
                "所有行的标签都相同，必须恰好有两种取值",
            );
            return Err(data_error(Fault::LabelValues, text));
        };
        let swapped = match positive.map(str::trim) {
            Some(positive) if is_same_label(positive, &first) => true,
            Some(positive) if is_same_label(positive, &second) => false,
            Some(positive) => {
                let (positive, first, second) = (shown(positive), shown(&first), shown(&second));
                let story = both(
                    format!(
                        "`positive_label` is `{positive}`, the label's values are `{first}` and `{second}`"
                    ),
                    format!("`positive_label` 为 `{positive}`，而标签的取值是 `{first}` 和 `{second}`"),
                );
                return Err(data_error(Fault::LabelValues, story));
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
