//! The input table: where it is, how it is read, and what is said when it is wrong.
//!
//! An error's message is shown to the partner, so it names lines but neither values nor columns. The whole story goes
//! into the error's detail and the log, which stay on this side.

mod quotes;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::{Buf, Bytes};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use futures_util::StreamExt;
use serde_json::json;
use task_interface::{ByteStream, EngineError, TaskContext};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use quotes::{Quotes, Unclosed};

/// Bytes of an input, to be read on a thread that may block.
pub(crate) type Input = Box<dyn Read + Send>;

const QUEUED_CHUNKS: usize = 8;

/// An error about the operator's data: one sentence for both sides, one for ours.
pub(crate) fn data_error(public: impl Into<String>, private: impl Into<String>) -> EngineError {
    EngineError::Failed {
        message: public.into(),
        retryable: false,
        detail: Some(json!({ "message": private.into() })),
    }
}

/// The file that `file:…` means, which must be below one of the folders even after symbolic links are followed.
pub(crate) fn find_file(path: &str, data_dirs: &[PathBuf]) -> Result<PathBuf, String> {
    if data_dirs.is_empty() {
        return Err(
            "the administrator has opened no data folder; attach the file as a resource instead".to_owned(),
        );
    }
    for folder in data_dirs {
        let Ok(folder) = folder.canonicalize() else {
            continue;
        };
        let Ok(found) = folder.join(path).canonicalize() else {
            continue;
        };
        if !found.starts_with(&folder) {
            continue;
        }
        if !found.is_file() {
            return Err(format!("`{path}` is not a file"));
        }
        return Ok(found);
    }
    Err(format!(
        "there is no file `{path}` in the administrator's data folders"
    ))
}

/// Opens what a config's `input` names.
pub(crate) async fn open(
    context: &TaskContext,
    input: &str,
    data_dirs: &[PathBuf],
    stop: &CancellationToken,
) -> Result<Input, EngineError> {
    if let Some(path) = input.strip_prefix("file:") {
        let file = find_file(path, data_dirs)
            .and_then(|path| open_file(&path))
            .map_err(|reason| data_error("the input file cannot be opened", reason))?;
        return Ok(Box::new(file));
    }
    let Some(resource) = context.resources.iter().find(|resource| resource.name == input) else {
        let names: Vec<_> = context
            .resources
            .iter()
            .map(|resource| resource.name.as_str())
            .collect();
        return Err(data_error(
            "the input names no attached resource",
            format!(
                "no attached resource is named `{input}`; attached are: {}",
                names.join(", ")
            ),
        ));
    };
    let chunks = context.objects.read_uri(&resource.uri).await?;
    let (sender, receiver) = mpsc::channel(QUEUED_CHUNKS);
    tokio::spawn(pump(chunks, sender, stop.clone()));
    Ok(Box::new(ChunkReader {
        receiver,
        chunk: Bytes::new(),
        ended: false,
    }))
}

fn open_file(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Hands chunks over; an empty one at the end, so that an end is told apart from a break.
async fn pump(mut chunks: ByteStream, sender: mpsc::Sender<io::Result<Bytes>>, stop: CancellationToken) {
    loop {
        let chunk = tokio::select! {
            () = stop.cancelled() => return,
            chunk = chunks.next() => chunk,
        };
        let ended = chunk.is_none();
        let chunk = chunk.unwrap_or_else(|| Ok(Bytes::new()));
        if !ended && chunk.as_ref().is_ok_and(Bytes::is_empty) {
            continue;
        }
        if sender.send(chunk).await.is_err() || ended {
            return;
        }
    }
}

struct ChunkReader {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    chunk: Bytes,
    ended: bool,
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() && !self.ended {
            self.chunk = match self.receiver.blocking_recv() {
                Some(chunk) => chunk?,
                None => return Err(io::Error::new(io::ErrorKind::BrokenPipe, "reading was given up")),
            };
            self.ended = self.chunk.is_empty();
        }
        let count = buffer.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

/// A CSV table, read row by row. A byte order mark is skipped, empty lines too.
pub(crate) struct Table {
    reader: csv::Reader<Input>,
    /// The columns' names: from the header, or their numbers from 1.
    pub(crate) names: Vec<String>,
}

impl Table {
    pub(crate) fn new(input: Input, delimiter: u8, has_header: bool) -> Result<Self, EngineError> {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(has_header)
            .buffer_capacity(1 << 16)
            .from_reader(Box::new(Quotes::new(input, delimiter)) as Input);
        let first = reader.headers().map_err(csv_error)?;
        if first.is_empty() {
            return Err(EngineError::fatal("the input is empty"));
        }
        let names = if has_header {
            first.iter().map(str::to_owned).collect()
        } else {
            (1..=first.len()).map(|number| number.to_string()).collect()
        };
        Ok(Self { reader, names })
    }

    /// Where a column is.
    pub(crate) fn column(&self, name: &str) -> Result<usize, EngineError> {
        let mut places = (0..self.names.len()).filter(|place| self.names[*place] == name);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => Err(data_error(
                "line 1 of the input names a column of the config twice",
                format!("line 1 of the input: two columns are named `{name}`"),
            )),
            (None, _) => Err(data_error(
                "line 1 of the input lacks a column that the config names",
                format!(
                    "line 1 of the input: no column is named `{name}`; there are: {}",
                    self.names.join(", ")
                ),
            )),
        }
    }

    /// Where some columns are.
    pub(crate) fn columns(&self, names: &[String]) -> Result<Vec<usize>, EngineError> {
        names.iter().map(|name| self.column(name)).collect()
    }

    /// Reads the next row; `false` at the end.
    pub(crate) fn read(&mut self, row: &mut StringRecord) -> Result<bool, EngineError> {
        self.reader.read_record(row).map_err(csv_error)
    }
}

/// The line on which a row began.
pub(crate) fn line_of(row: &StringRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}

fn csv_error(error: csv::Error) -> EngineError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => EngineError::fatal(format!(
            "line {line} of the input has {len} fields, the first line has {expected_len}"
        )),
        ErrorKind::Utf8 { err, .. } => EngineError::fatal(format!(
            "line {line} of the input is not UTF-8 (field {})",
            err.field() + 1
        )),
        ErrorKind::Io(error) if error.get_ref().is_some_and(|error| error.is::<Unclosed>()) => {
            EngineError::fatal(error.to_string())
        }
        ErrorKind::Io(error) => EngineError::retryable(format!("the input cannot be read: {error}")),
        _ => EngineError::fatal(format!("line {line} of the input is not CSV")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &'static [u8], has_header: bool) -> Result<Table, EngineError> {
        Table::new(Box::new(text), b',', has_header)
    }

    fn message(result: Result<impl Sized, EngineError>) -> String {
        result.err().expect("an error").to_string()
    }

    #[test]
    fn a_byte_order_mark_and_a_missing_header_are_handled() {
        let mut with_mark = table(b"\xef\xbb\xbfid,x\n1,2\n", true).unwrap();
        assert_eq!(with_mark.names, ["id", "x"]);
        let mut row = StringRecord::new();
        assert!(with_mark.read(&mut row).unwrap());
        assert_eq!((line_of(&row), &row[0]), (2, "1"));
        let mut bare = table(b"a,b\nc,d\n", false).unwrap();
        assert_eq!(bare.names, ["1", "2"]);
        assert!(bare.read(&mut row).unwrap());
        assert_eq!(&row[0], "a");
    }

    #[test]
    fn errors_name_the_line_and_hold_no_data() {
        let mut row = StringRecord::new();
        let mut ragged = table(b"id,x\n1,2\nsecret\n", true).unwrap();
        assert!(ragged.read(&mut row).unwrap());
        assert_eq!(
            message(ragged.read(&mut row)),
            "line 3 of the input has 1 fields, the first line has 2"
        );
        let mut latin = table(b"id,x\n1,caf\xe9\n", true).unwrap();
        assert_eq!(
            message(latin.read(&mut row)),
            "line 2 of the input is not UTF-8 (field 2)"
        );
        assert_eq!(message(table(b"", true)), "the input is empty");
        let Err(EngineError::Failed { message, detail, .. }) = latin.column("nope") else {
            panic!("a column that is not there was found");
        };
        assert!(message.contains("line 1") && !message.contains("nope"));
        assert!(detail.unwrap()["message"].as_str().unwrap().contains("`nope`"));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_with_its_line() {
        let mut row = StringRecord::new();
        let mut read = |text: &'static str| {
            let mut table = table(text.as_bytes(), true)?;
            while table.read(&mut row)? {}
            Ok(())
        };
        let stray = "id,x\n1,a\n2,\"b\n3,c\n4,d\n";
        let unclosed = "the quote that opens on line 3 of the input is never closed";
        assert_eq!(message(read(stray)), unclosed);
        assert_eq!(
            message(read("\u{feff}\"id,x\n1,a\n")),
            "the quote that opens on line 1 of the input is never closed"
        );
        for good in [
            "id,x\n1,\"a\"\"b\"\n",
            "id,x\n1,5\" pipe\n",
            "id,x\n1,\"two\nlines\"",
            "id,x\r\n\"1\",\"a\"\r\n",
            "\u{feff}\"id\",x\n1,a\n",
        ] {
            assert_eq!(read(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn files_are_found_only_below_the_folders() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("data");
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        std::fs::write(folder.join("deep/a.csv"), "x").unwrap();
        std::fs::write(root.path().join("secret.csv"), "x").unwrap();
        std::os::unix::fs::symlink(root.path().join("secret.csv"), folder.join("link.csv")).unwrap();
        let folders = [folder.clone()];
        assert!(find_file("deep/a.csv", &folders).is_ok());
        assert!(find_file(folder.join("deep/a.csv").to_str().unwrap(), &folders).is_ok());
        for refused in [
            "../secret.csv",
            "link.csv",
            "/etc/hostname",
            "deep",
            "",
            "absent.csv",
        ] {
            assert!(find_file(refused, &folders).is_err(), "{refused}");
        }
        assert!(find_file("deep/a.csv", &[]).is_err());
    }
}
