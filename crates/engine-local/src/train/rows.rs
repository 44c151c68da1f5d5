//! Which rows of the inputs take part. As long as all of them do, and the split goes by the seed alone, both sides know without
//! a word. Otherwise the label's side decides and tells the other side each row's part, by its position.

use bytes::Bytes;
use task_interface::{EngineError, LogLevel, TaskContext};

use super::shuffle::Split;
use super::table::{Columns, LabelColumn, NO_LABEL};
use crate::config::{SplitRule, TrainConfig, UnlabelledRule};
use crate::handshake::strange_message;
use crate::input::{self, Fault, data_error};
use crate::words::both;

const FILE: &str = "train-rows";
/// Two bits for each row: what is not acknowledged yet must stay well below what a console holds for the other side.
const MOST_ROWS: usize = 1 << 27;
const ROWS_OF_A_MESSAGE: usize = 1 << 20;
const ROWS_OF_A_BYTE: usize = 4;

const LEFT_OUT: u8 = 0;
const TRAINS: u8 = 1;
const VALIDATES: u8 = 2;

/// The part of each row of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts(Vec<u8>);

/// Whether a config may make the label's side decide, which the other side must be able to follow.
pub(super) fn may_decide(config: &TrainConfig) -> bool {
    config.unlabelled_rows == UnlabelledRule::LeaveOut || config.split == SplitRule::Stratified
}

/// The parts as the label's side decides; nothing when both sides know them anyway.
pub(super) fn decide(columns: &Columns, config: &TrainConfig) -> Result<Option<Parts>, EngineError> {
    let Some(label) = &columns.label else {
        return Ok(None);
    };
    let unlabelled = label.values.contains(&NO_LABEL);
    if !unlabelled && config.split == SplitRule::Random {
        return Ok(None);
    }
    if columns.rows > MOST_ROWS {
        let rows = columns.rows;
        let text = both(
            format!(
                "the input has {rows} rows; rows are left out, or split by the label, in tables of at most {MOST_ROWS} rows"
            ),
            format!("输入表有 {rows} 行；排除行或按标签划分时最多 {MOST_ROWS} 行"),
        );
        return Err(data_error(Fault::RowCount, text));
    }
    Ok(Some(Parts::decide(label, config)))
}

impl Parts {
    /// Both values of the label are there, so two rows at least take part.
    fn decide(label: &LabelColumn, config: &TrainConfig) -> Self {
        let kept: Vec<u32> = (0..)
            .zip(&label.values)
            .filter(|(_, value)| **value != NO_LABEL)
            .map(|(row, _)| row)
            .collect();
        let (fraction, seed) = (config.validation_fraction, config.seed);
        let split = match config.split {
            SplitRule::Random => Split::new(kept.len() as u32, fraction, seed),
            SplitRule::Stratified => {
                let labels: Vec<u8> = kept.iter().map(|row| label.values[*row as usize]).collect();
                Split::stratified(&labels, fraction, seed)
            }
        };
        let mut parts = vec![LEFT_OUT; label.values.len()];
        for (rows, part) in [(split.train, TRAINS), (split.validation, VALIDATES)] {
            for row in rows {
                parts[kept[row as usize] as usize] = part;
            }
        }
        Self(parts)
    }

    pub(super) fn left_out(&self) -> usize {
        self.0.iter().filter(|part| **part == LEFT_OUT).count()
    }

    pub(super) fn rows(&self) -> usize {
        self.0.len()
    }

    pub(super) fn takes_part(&self, row: usize) -> bool {
        self.0[row] != LEFT_OUT
    }

    /// The split of the rows that take part, which are counted anew.
    pub(super) fn split(&self) -> Split {
        let of = |wanted: u8| -> Vec<u32> {
            let taking_part = self.0.iter().filter(|part| **part != LEFT_OUT);
            (0..)
                .zip(taking_part)
                .filter(|(_, part)| **part == wanted)
                .map(|(row, _)| row)
                .collect()
        };
        Split {
            train: of(TRAINS),
            validation: of(VALIDATES),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |four: &[u8]| {
            (0..)
                .zip(four)
                .fold(0, |byte, (place, part)| byte | part << (2 * place))
        };
        self.0.chunks(ROWS_OF_A_BYTE).map(byte).collect()
    }

    /// Nothing when the bytes are not the parts of so many rows.
    fn parse(bytes: &[u8], rows: usize) -> Option<Self> {
        if bytes.len() != rows.div_ceil(ROWS_OF_A_BYTE) {
            return None;
        }
        let four = bytes
            .iter()
            .flat_map(|byte| (0..4).map(move |place| byte >> (2 * place) & 3));
        let mut parts: Vec<u8> = four.collect();
        let rest = parts.split_off(rows);
        let trains = parts.contains(&TRAINS) && parts.iter().all(|part| *part <= VALIDATES);
        (trains && rest.iter().all(|part| *part == 0)).then_some(Self(parts))
    }

    /// Tells the other side.
    pub(super) async fn send(&self, context: &TaskContext) -> Result<(), EngineError> {
        for part in self.bytes().chunks(ROWS_OF_A_MESSAGE / ROWS_OF_A_BYTE) {
            context.peer.send(Bytes::copy_from_slice(part)).await?;
        }
        Ok(())
    }

    /// Takes what the label's side decided, and keeps it for a restart.
    pub(super) async fn receive(context: &TaskContext, rows: usize) -> Result<Self, EngineError> {
        if rows > MOST_ROWS {
            return Err(strange_message());
        }
        let (mut bytes, length) = (Vec::new(), rows.div_ceil(ROWS_OF_A_BYTE));
        while bytes.len() < length {
            let message = context.peer.receive().await?;
            if message.is_empty() || message.len() > length - bytes.len() {
                return Err(strange_message());
            }
            bytes.extend_from_slice(&message);
        }
        let parts = Self::parse(&bytes, rows).ok_or_else(strange_message)?;
        context.scratch.write_all(FILE, bytes).await?;
        let text = match parts.left_out() {
            0 => both(
                "the partner splits the rows by its label",
                "合作方按其标签划分各行",
            ),
            count => both(
                format!("the partner leaves out {count} of {rows} rows, as they have no label there"),
                format!("{rows} 行中有 {count} 行在合作方没有标签，已被其排除"),
            ),
        };
        context.reporter.log(LogLevel::Info, text).await?;
        Ok(parts)
    }

    /// What was kept before a restart.
    pub(super) async fn load(context: &TaskContext, rows: usize) -> Result<Self, EngineError> {
        let bytes = context.scratch.read_all(FILE, MOST_ROWS / ROWS_OF_A_BYTE).await?;
        Self::parse(&bytes, rows).ok_or_else(input::changed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_travel_unchanged(mut parts in prop::collection::vec(0u8..3, 0..40)) {
            parts.push(TRAINS);
            let parts = Parts(parts);
            let rows = parts.rows();
            prop_assert_eq!(Parts::parse(&parts.bytes(), rows), Some(Parts(parts.0.clone())));
            prop_assert_eq!(parts.split().rows() + parts.left_out(), rows);
        }

        #[test]
        fn no_bytes_of_a_partner_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..12), rows in 0usize..50) {
            if let Some(parts) = Parts::parse(&bytes, rows) {
                prop_assert_eq!(parts.rows(), rows);
                prop_assert!(!parts.split().train.is_empty());
                prop_assert_eq!(parts.bytes(), bytes);
            }
        }
    }
}
