//! Ids as records of fixed size, sorted with bounded memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::group::Key;

/// A record's size in a file.
pub(crate) const RECORD_BYTES: usize = 40;

/// An id in one of its forms, and where its row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Record {
    /// The digest, the blinded or the twice-blinded point.
    pub(crate) key: Key,
    /// The row's offset in the file of rows.
    pub(crate) row: u64,
}

impl Record {
    fn to_bytes(self) -> [u8; RECORD_BYTES] {
        let mut bytes = [0; RECORD_BYTES];
        bytes[..32].copy_from_slice(&self.key);
        bytes[32..].copy_from_slice(&self.row.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; RECORD_BYTES]) -> Self {
        let (mut key, mut row) = ([0; 32], [0; 8]);
        key.copy_from_slice(&bytes[..32]);
        row.copy_from_slice(&bytes[32..]);
        let row = u64::from_le_bytes(row);
        Self { key, row }
    }
}

/// Sorts any number of records by key, then row. Up to a bound they stay in memory; beyond it, sorted runs go to unnamed
/// temporary files, which vanish with the process.
pub(crate) struct Sorter {
    directory: PathBuf,
    limit: usize,
    buffer: Vec<Record>,
    runs: Vec<File>,
}

impl Sorter {
    /// A sorter that keeps at most `spill_bytes` in memory and expects `expected` records (0 when nobody knows).
    pub(crate) fn new(directory: &Path, spill_bytes: usize, expected: u64) -> Self {
        let limit = (spill_bytes / RECORD_BYTES).max(1024);
        let expected = usize::try_from(expected).unwrap_or(limit).min(limit);
        Self {
            directory: directory.to_owned(),
            limit,
            buffer: Vec::with_capacity(expected),
            runs: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, record: Record) -> io::Result<()> {
        if self.buffer.len() == self.limit {
            self.spill()?;
        }
        self.buffer.push(record);
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.buffer.sort_unstable();
        let mut run = BufWriter::new(tempfile::tempfile_in(&self.directory)?);
        for record in self.buffer.drain(..) {
            run.write_all(&record.to_bytes())?;
        }
        let mut run = run.into_inner().map_err(io::IntoInnerError::into_error)?;
        run.seek(SeekFrom::Start(0))?;
        self.runs.push(run);
        Ok(())
    }

    /// All records in order. The sorter is empty afterwards.
    pub(crate) fn finish(&mut self) -> io::Result<Sorted> {
        self.buffer.sort_unstable();
        let mut sorted = Sorted {
            memory: std::mem::take(&mut self.buffer).into_iter(),
            runs: self.runs.drain(..).map(BufReader::new).collect(),
            heads: BinaryHeap::new(),
        };
        for source in 0..=sorted.runs.len() {
            sorted.advance(source)?;
        }
        Ok(sorted)
    }
}

/// Records in order.
pub(crate) struct Sorted {
    memory: std::vec::IntoIter<Record>,
    runs: Vec<BufReader<File>>,
    heads: BinaryHeap<Reverse<(Record, usize)>>,
}

impl Sorted {
    fn advance(&mut self, source: usize) -> io::Result<()> {
        let next = match self.runs.get_mut(source) {
            Some(run) => read_record(run)?,
            None => self.memory.next(),
        };
        if let Some(record) = next {
            self.heads.push(Reverse((record, source)));
        }
        Ok(())
    }

    /// The next record, if there is one more.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record>> {
        let Some(Reverse((record, source))) = self.heads.pop() else {
            return Ok(None);
        };
        self.advance(source)?;
        Ok(Some(record))
    }
}

fn read_record(reader: &mut impl Read) -> io::Result<Option<Record>> {
    let mut bytes = [0; RECORD_BYTES];
    match reader.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(Record::from_bytes(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// The rows of two sorted sequences whose keys are in both, in the order of the keys.
pub(crate) struct Matches {
    ours: Sorted,
    theirs: Sorted,
}

impl Matches {
    pub(crate) fn new(ours: Sorted, theirs: Sorted) -> Self {
        Self { ours, theirs }
    }

    /// Where the next matching row of ours is, if there is one more.
    pub(crate) fn next(&mut self) -> io::Result<Option<u64>> {
        let (Some(mut ours), Some(mut theirs)) = (self.ours.next()?, self.theirs.next()?) else {
            return Ok(None);
        };
        while ours.key != theirs.key {
            let behind = if ours.key < theirs.key {
                (&mut self.ours, &mut ours)
            } else {
                (&mut self.theirs, &mut theirs)
            };
            let Some(next) = behind.0.next()? else {
                return Ok(None);
            };
            *behind.1 = next;
        }
        Ok(Some(ours.row))
    }
}

/// A finished file of records that several readers read.
#[derive(Clone)]
pub(crate) struct RecordFile {
    file: Arc<File>,
}

impl RecordFile {
    pub(crate) fn new(file: File) -> Self {
        Self { file: Arc::new(file) }
    }

    /// Records `from..to`, which the file must have.
    pub(crate) fn read(&self, from: u64, to: u64) -> io::Result<Vec<Record>> {
        let count = usize::try_from(to - from).map_err(io::Error::other)?;
        let mut bytes = vec![0; count * RECORD_BYTES];
        self.file.read_exact_at(&mut bytes, from * RECORD_BYTES as u64)?;
        let (records, _) = bytes.as_chunks::<RECORD_BYTES>();
        Ok(records.iter().map(Record::from_bytes).collect())
    }

    /// The bytes from an offset on, at most `limit` of them; none at the end.
    pub(crate) fn bytes(&self, offset: u64, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; limit];
        let read = self.file.read_at(&mut bytes, offset)?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// Writes a file of records.
pub(crate) struct RecordWriter {
    file: BufWriter<File>,
}

impl RecordWriter {
    pub(crate) fn new(directory: &Path) -> io::Result<Self> {
        let file = BufWriter::new(tempfile::tempfile_in(directory)?);
        Ok(Self { file })
    }

    pub(crate) fn push(&mut self, record: Record) -> io::Result<()> {
        self.file.write_all(&record.to_bytes())
    }

    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    pub(crate) fn finish(self) -> io::Result<RecordFile> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(RecordFile::new(file))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(key: u16, row: u64) -> Record {
        let mut bytes = [0; 32];
        bytes[..2].copy_from_slice(&key.to_be_bytes());
        Record { key: bytes, row }
    }

    fn sorted(records: &[Record], limit: usize) -> Sorted {
        let directory = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(directory.path(), 0, 0);
        sorter.limit = limit;
        for record in records {
            sorter.push(*record).unwrap();
        }
        sorter.finish().unwrap()
    }

    proptest! {
        #[test]
        fn spilled_runs_merge_into_the_same_order(keys in prop::collection::vec(0u16..50, 0..200), limit in 1usize..40) {
            let mut records: Vec<_> = keys.iter().zip(0..).map(|(key, row)| record(*key, row)).collect();
            let mut result = sorted(&records, limit);
            records.sort();
            for expected in records {
                prop_assert_eq!(result.next().unwrap(), Some(expected));
            }
            prop_assert_eq!(result.next().unwrap(), None);
        }

        #[test]
        fn matches_are_the_intersection_in_order(
            ours in prop::collection::btree_set(0u16..60, 0..40),
            theirs in prop::collection::btree_set(0u16..60, 0..40),
        ) {
            let rows = |keys: &std::collections::BTreeSet<u16>| {
                keys.iter().map(|key| record(*key, u64::from(*key))).collect::<Vec<_>>()
            };
            let mut matches = Matches::new(sorted(&rows(&ours), 7), sorted(&rows(&theirs), 1000));
            for expected in ours.intersection(&theirs) {
                prop_assert_eq!(matches.next().unwrap(), Some(u64::from(*expected)));
            }
            prop_assert_eq!(matches.next().unwrap(), None);
        }
    }
}
