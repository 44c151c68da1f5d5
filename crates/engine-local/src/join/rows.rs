//! The first passes over the own table: rows to a local file, ids to digests, digests to blinded points.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;

use csv::StringRecord;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use task_interface::{EngineError, Warning};

use super::normalize::{Rules, is_blank};
use super::shape::Shape;
use crate::config::SampleConfig;
use crate::group::{self, BlindingKey, Key, SLICE};
use crate::input::{Fault, Input, Markers, SOURCE_LINE, Table, data_error, line_of, table_error};
use crate::records::{Record, RecordFile, RecordWriter, Sorted, Sorter};
use crate::words::both;
use crate::work::{Crew, disk_error};

/// Records that are blinded between two writes.
const BLOCK: usize = 1 << 16;
/// Rows between two looks at the stop token.
const ROWS: u64 = 4096;

/// What is known of the own input once its ids are blinded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InputFacts {
    pub(super) rows: u64,
    pub(super) empty: u64,
    pub(super) duplicates: u64,
    /// Different ids.
    pub(super) ids: u64,
    /// How the ids look.
    #[serde(default)]
    pub(super) shape: Shape,
    /// What is to be said of the header.
    #[serde(default)]
    pub(super) warning: Option<Warning>,
    /// A hash over all rows, to notice that the input is another one after a restart.
    pub(super) fingerprint: String,
}

/// The digest of each row's id and the columns that go into the output, ready to be written, at a known offset.
pub(super) struct RowStore {
    file: File,
    /// The first line of the output, if it has one.
    pub(super) header: Vec<u8>,
    /// The names that the columns of the id have in the output, as far as they are in it.
    pub(super) id_names: Vec<String>,
    /// The name of the column with the source's lines, where no header tells it.
    pub(super) source_name: Option<String>,
    pub(super) rows: u64,
    empty: u64,
    shape: Shape,
    warning: Option<Warning>,
    pub(super) fingerprint: String,
}

/// The digests of all ids, sorted.
pub(super) type Digests = Sorted;

/// How many different ids there are, and how many rows repeat one.
pub(super) struct IdCounts {
    ids: u64,
    duplicates: u64,
}

impl IdCounts {
    pub(super) fn refuse_duplicates(&self) -> Result<(), EngineError> {
        match self.duplicates {
            0 => Ok(()),
            count => {
                let story = both(
                    format!(
                        "{count} rows repeat an id of another row, and `duplicates` is `refuse`; clean the table, or choose \
                         which row stays"
                    ),
                    format!(
                        "有 {count} 行的 ID 与其他行重复，而 `duplicates` 为 `refuse`；请清理表格，或选择保留哪一行"
                    ),
                );
                Err(data_error(Fault::DuplicateIds, story).with_param("rows", count))
            }
        }
    }
}

impl RowStore {
    pub(super) fn facts(&self, counts: IdCounts) -> InputFacts {
        InputFacts {
            rows: self.rows,
            empty: self.empty,
            duplicates: counts.duplicates,
            ids: counts.ids,
            shape: self.shape.clone(),
            warning: self.warning.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }

    /// The digest of the id of the row at an offset.
    pub(super) fn id(&self, offset: u64) -> std::io::Result<Key> {
        let mut key = [0; 32];
        self.file.read_exact_at(&mut key, offset)?;
        Ok(key)
    }

    /// Appends the row at an offset to `line`.
    pub(super) fn read(&self, offset: u64, line: &mut Vec<u8>) -> std::io::Result<()> {
        let (mut length, offset) = ([0; 4], offset + 32);
        self.file.read_exact_at(&mut length, offset)?;
        let start = line.len();
        line.resize(start + u32::from_le_bytes(length) as usize, 0);
        self.file.read_exact_at(&mut line[start..], offset + 4)
    }
}

/// Reads the table once.
pub(super) fn read(
    crew: &Crew,
    config: &SampleConfig,
    input: Input,
) -> Result<(RowStore, Digests), EngineError> {
    let mut table = Table::new(input, &config.dialect(), crew.limit).map_err(table_error)?;
    let delimiter = table.delimiter;
    let id_columns = table.columns(&config.id_columns).map_err(table_error)?;
    let mut kept = match &config.columns {
        Some(names) => table.columns(names).map_err(table_error)?,
        None => (0..table.names.len()).collect(),
    };
    // Of a table that comes from a join already, the lines are those of the first file.
    let source = table.names.iter().position(|name| name == SOURCE_LINE);
    kept.retain(|place| Some(*place) != source);
    let mut header = Vec::new();
    if config.has_header {
        let source = config.source_lines.then_some(SOURCE_LINE);
        let names = kept.iter().map(|place| table.names[*place].as_str());
        write_line(&mut header, delimiter, names.chain(source));
    }
    let source_name = (config.source_lines && !config.has_header).then(|| (kept.len() + 1).to_string());
    let id_names = names_in_output(&table, config.has_header, &kept, &id_columns);
    let mut file = BufWriter::new(tempfile::tempfile_in(&crew.work_dir).map_err(disk_error)?);
    let mut sorter = Sorter::new(&crew.work_dir, crew.spill_bytes, 0);
    let ids = Ids::new(config, &table, id_columns);
    let mut shape = Shape::default();
    let (mut rows, mut empty, mut offset) = (0, 0, 0);
    let mut hash = Sha256::new();
    let (mut row, mut line) = (StringRecord::new(), Vec::new());
    while table.read(&mut row).map_err(table_error)? {
        if rows % ROWS == 0 {
            crew.check()?;
        }
        rows += 1;
        crew.meter.add(1);
        if ids.is_missing(&row) {
            empty += 1;
            continue;
        }
        ids.look_at(&row, &mut shape);
        line.clear();
        let source = config.source_lines.then(|| match source {
            Some(place) => row[place].to_owned(),
            None => line_of(&row).to_string(),
        });
        let fields = kept.iter().map(|place| &row[*place]);
        write_line(&mut line, delimiter, fields.chain(source.as_deref()));
        let key = ids.digest(&row);
        hash.update(key);
        hash.update(&line);
        let length = u32::try_from(line.len()).map_err(|_| {
            let story = both("a row has more than 4 GiB", "有一行超过 4 GiB");
            data_error(Fault::TooLarge, story)
        })?;
        let written = file
            .write_all(&key)
            .and_then(|()| file.write_all(&length.to_le_bytes()))
            .and_then(|()| file.write_all(&line));
        written
            .and_then(|()| sorter.push(Record { key, row: offset }))
            .map_err(disk_error)?;
        offset += 36 + u64::from(length);
    }
    let file = file
        .into_inner()
        .map_err(|error| disk_error(error.into_error()))?;
    let fingerprint = hex::encode(hash.finalize());
    let store = RowStore {
        file,
        header,
        id_names,
        source_name,
        warning: table.warning.take(),
        rows,
        empty,
        shape,
        fingerprint,
    };
    Ok((store, sorter.finish().map_err(disk_error)?))
}

/// Without a header, columns are named by their places in the output.
fn names_in_output(table: &Table, has_header: bool, kept: &[usize], ids: &[usize]) -> Vec<String> {
    let written = kept.iter().enumerate().filter(|(_, place)| ids.contains(place));
    let name = |(number, place): (usize, &usize)| {
        if has_header {
            table.names[*place].clone()
        } else {
            (number + 1).to_string()
        }
    };
    written.map(name).collect()
}

/// Finds the id of a row.
struct Ids {
    places: Vec<usize>,
    /// The columns' names; empty without a header.
    names: Vec<String>,
    rules: Rules,
    missing: Markers,
}

impl Ids {
    fn new(config: &SampleConfig, table: &Table, places: Vec<usize>) -> Self {
        let named = config
            .has_header
            .then(|| places.iter().map(|place| table.names[*place].clone()));
        Self {
            names: named.map(Iterator::collect).unwrap_or_default(),
            places,
            rules: Rules::new(&config.id_normalization),
            missing: Markers::new(config.missing.iter().cloned()),
        }
    }

    /// Whether the row is nobody's: all columns of its id are empty, or say that there is none.
    fn is_missing(&self, row: &StringRecord) -> bool {
        let mut fields = self.places.iter().map(|place| row[*place].trim_matches(is_blank));
        fields.all(|text| self.missing.is_missing(text))
    }

    fn look_at(&self, row: &StringRecord, shape: &mut Shape) {
        for place in &self.places {
            shape.add(&row[*place]);
        }
        let is_header = |(place, name): (&usize, &String)| row[*place].trim() == name;
        if !self.names.is_empty() && self.places.iter().zip(&self.names).all(is_header) {
            shape.header_in_data = true;
        }
    }

    fn digest(&self, row: &StringRecord) -> Key {
        let columns: Vec<_> = self
            .places
            .iter()
            .map(|place| self.rules.apply(&row[*place]))
            .collect();
        group::digest_id(columns.iter().map(AsRef::as_ref))
    }
}

/// Writes one line of CSV (RFC 4180), with a line feed at its end.
fn write_line<'a>(line: &mut Vec<u8>, delimiter: u8, fields: impl Iterator<Item = &'a str>) {
    let mut fields = fields.enumerate().peekable();
    while let Some((number, field)) = fields.next() {
        let alone = number == 0 && fields.peek().is_none();
        if number > 0 {
            line.push(delimiter);
        }
        let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
        // A line that is empty would be taken for no line at all.
        if field.bytes().any(special) || (alone && field.is_empty()) {
            line.push(b'"');
            line.extend_from_slice(field.replace('"', "\"\"").as_bytes());
            line.push(b'"');
        } else {
            line.extend_from_slice(field.as_bytes());
        }
    }
    line.push(b'\n');
}

/// Drops repeated ids (the first row stays, or the last one), blinds the others and sorts them by their blinded points.
pub(super) fn blind(
    crew: &Crew,
    key: &BlindingKey,
    mut digests: Digests,
    keep_last: bool,
) -> Result<(RecordFile, IdCounts), EngineError> {
    let mut sorter = Sorter::new(&crew.work_dir, crew.spill_bytes, 0);
    let mut counts = IdCounts {
        ids: 0,
        duplicates: 0,
    };
    let mut last: Option<Key> = None;
    let mut block: Vec<Record> = Vec::with_capacity(BLOCK);
    loop {
        let next = digests.next().map_err(disk_error)?;
        // The last one may still be replaced by another row of its id.
        let repeats = next.is_some_and(|record| last == Some(record.key));
        if (block.len() >= BLOCK && !repeats) || next.is_none() {
            blind_block(crew, key, &mut block)?;
            for record in block.drain(..) {
                sorter.push(record).map_err(disk_error)?;
            }
        }
        let Some(record) = next else { break };
        if last == Some(record.key) {
            counts.duplicates += 1;
            crew.meter.add(1);
            // Rows of one id come in the order of the table.
            if keep_last && let Some(kept) = block.last_mut() {
                *kept = record;
            }
        } else {
            last = Some(record.key);
            counts.ids += 1;
            block.push(record);
        }
    }
    let mut sorted = sorter.finish().map_err(disk_error)?;
    let mut file = RecordWriter::new(&crew.work_dir).map_err(disk_error)?;
    let mut written = 0;
    while let Some(record) = sorted.next().map_err(disk_error)? {
        if written % ROWS == 0 {
            crew.check()?;
        }
        written += 1;
        file.push(record).map_err(disk_error)?;
    }
    Ok((file.finish().map_err(disk_error)?, counts))
}

fn blind_block(crew: &Crew, key: &BlindingKey, block: &mut [Record]) -> Result<(), EngineError> {
    crew.pool.install(|| {
        block.par_chunks_mut(SLICE).try_for_each(|records| {
            crew.check()?;
            let digests: Vec<_> = records.iter().map(|record| record.key).collect();
            for (record, blinded) in records.iter_mut().zip(key.blind_digests(&digests)) {
                record.key = blinded;
            }
            crew.meter.add(records.len() as u64);
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn written_lines_read_back(
            fields in prop::collection::vec("[a-z;\" \n\r,é]{0,6}", 1..5),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        ) {
            let mut text = Vec::new();
            for _ in 0..2 {
                write_line(&mut text, delimiter, fields.iter().map(String::as_str));
            }
            let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(&text[..]);
            let rows: Vec<StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(rows.len(), 2);
            for row in rows {
                prop_assert_eq!(row.iter().collect::<Vec<_>>(), fields.iter().map(String::as_str).collect::<Vec<_>>());
            }
        }
    }
}
