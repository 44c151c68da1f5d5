//! What a join leaves on the content of its outputs: a common random identity, and which columns are the id.
//!
//! A mark is the join's identity, and behind a colon a digest of the name of each column of the id in that output, or of the one
//! with the lines of the file that was joined. The identity is told to the other side; what is behind the colon stays here. A
//! mark without a colon names no columns.

use std::io::Read as _;

use sha2::{Digest as _, Sha256};
use task_interface::{EngineError, TaskContext};

use crate::input::{self, Input};
use crate::work::Crew;

/// Hexadecimal digits of a column's digest: columns of one table are told apart, and three fit into a mark.
const DIGITS: usize = 10;
const COLUMNS: usize = 3;
/// Stands before the digest of the column that has the lines of the file that was joined.
const LINE: &str = "line:";
const BUFFER_BYTES: usize = 1 << 16;

/// The marks of a join's output: as many as it takes to hold all columns of the id.
pub(crate) fn of_output(join: &str, id_columns: &[String]) -> Vec<String> {
    let digests: Vec<_> = id_columns.iter().map(|name| digest(name)).collect();
    if digests.is_empty() {
        return vec![join.to_owned()];
    }
    digests
        .chunks(COLUMNS)
        .map(|some| format!("{join}:{}", some.concat()))
        .collect()
}

/// The mark of an output without a header in which a column has the lines of the file that was joined.
pub(crate) fn of_source_line(join: &str, column: &str) -> String {
    format!("{join}:{LINE}{}", digest(column))
}

fn digest(name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update("efls-console id column\0");
    hash.update(name.trim());
    let mut digits = hex::encode(hash.finalize());
    digits.truncate(DIGITS);
    digits
}

/// What is known of an input's content.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    /// The joins that wrote it, the newest first.
    pub(crate) joins: Vec<String>,
    ids: Vec<String>,
    source_lines: Vec<String>,
}

impl Marks {
    pub(crate) fn of(marks: Vec<String>) -> Self {
        let mut known = Self::default();
        for mark in marks {
            let (join, ids) = mark.split_once(':').unwrap_or((&mark, ""));
            if !known.joins.iter().any(|other| other == join) {
                known.joins.push(join.to_owned());
            }
            if let Some(column) = ids.strip_prefix(LINE) {
                known.source_lines.push(column.to_owned());
                continue;
            }
            known
                .ids
                .extend((0..ids.len()).step_by(DIGITS).filter_map(|from| {
                    let part = ids.get(from..from + DIGITS)?;
                    Some(part.to_owned())
                }));
        }
        known
    }

    /// Whether a join marked a column as the one with the lines of the file that was joined.
    pub(crate) fn is_source_line(&self, column: &str) -> bool {
        !self.source_lines.is_empty() && self.source_lines.contains(&digest(column))
    }

    /// Whether a join marked a column as one of its id.
    pub(crate) fn is_id(&self, column: &str) -> bool {
        !self.ids.is_empty() && self.ids.contains(&digest(column))
    }
}

/// The digest of an input's content, and its marks. They must be known before the table is read, so the content is read for
/// itself first.
pub(crate) async fn of_input(
    context: &TaskContext,
    crew: &Crew,
    source: Input,
) -> Result<(String, Marks), EngineError> {
    let digest = crew.blocking(move |crew| digest_of(crew, source)).await?;
    let marks = Marks::of(context.objects.marks(&digest).await?);
    Ok((digest, marks))
}

fn digest_of(crew: &Crew, mut source: Input) -> Result<String, EngineError> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
    loop {
        crew.check()?;
        let count = source
            .read(&mut buffer)
            .map_err(|error| input::read_error(&error))?;
        if count == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..count]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("column {number}")).collect()
    }

    #[test]
    fn every_column_of_an_id_is_known_again_and_no_other() {
        let join = "0123456789abcdef0123456789abcdef";
        for count in 0..8 {
            let marks = of_output(join, &names(count));
            assert!(marks.iter().all(|mark| mark.len() <= 64), "{marks:?}");
            let known = Marks::of(marks);
            assert_eq!(known.joins, [join]);
            for (place, name) in names(8).iter().enumerate() {
                assert_eq!(known.is_id(name), place < count, "{name} of {count}");
            }
        }
    }

    #[test]
    fn the_column_of_lines_is_known_again_and_is_no_id() {
        let mark = of_source_line("0123456789abcdef0123456789abcdef", "4");
        assert!(mark.len() <= 64);
        let known = Marks::of(vec![mark]);
        assert_eq!(known.joins, ["0123456789abcdef0123456789abcdef"]);
        assert!(known.is_source_line("4") && !known.is_source_line("3") && !known.is_id("4"));
    }

    #[test]
    fn marks_of_other_forms_do_no_harm() {
        let marks = ["a", "b:", "c:0123", "d:äöüäöüäöüäöü", "a"].map(str::to_owned);
        let known = Marks::of(marks.to_vec());
        assert_eq!(known.joins, ["a", "b", "c", "d"]);
        assert!(!known.is_id("id"));
    }
}
