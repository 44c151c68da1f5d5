//! The input table: where it is, how it is read, and what is said when it is wrong.
//!
//! What is wrong with it is an error made by [`data_error`] alone: a fixed sentence for the partner, the whole story for our
//! own operator.

mod decode;
mod dialect;
mod fault;
mod number;
mod quotes;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::{Buf, Bytes};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use futures_util::StreamExt;
use task_interface::{ByteStream, EngineError, TaskContext};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) use decode::named_encoding;
pub(crate) use dialect::{Dialect, delimiter_byte};
pub(crate) use fault::{Fault, data_error, shown};
pub(crate) use number::{Decimal, Number, parse as parse_number};

use decode::{Decoded, Malformed};
use quotes::{Limit, Quotes, TooLarge, Unclosed};

/// Bytes of an input, to be read on a thread that may block.
pub(crate) type Input = Box<dyn Read + Send>;

const QUEUED_CHUNKS: usize = 8;

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
            .map_err(|reason| data_error(Fault::FileUnreadable, reason))?;
        return Ok(Box::new(file));
    }
    let Some(resource) = context.resources.iter().find(|resource| resource.name == input) else {
        let names: Vec<_> = context
            .resources
            .iter()
            .map(|resource| resource.name.as_str())
            .collect();
        return Err(data_error(
            Fault::ResourceUnknown,
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

/// A CSV table, read row by row. A byte order mark is skipped, empty lines too, and spaces around the names of columns.
pub(crate) struct Table {
    reader: csv::Reader<Input>,
    /// The columns' names: from the header, or their numbers from 1.
    pub(crate) names: Vec<String>,
    pub(crate) delimiter: u8,
    /// How the numbers are written, where the config or the beginning of the table says so.
    pub(crate) decimal: Option<Decimal>,
    /// What was found out about the file, for our operator.
    pub(crate) form: String,
    /// The header, to notice where it comes again.
    header: Option<StringRecord>,
}

impl Table {
    pub(crate) fn new(input: Input, dialect: &Dialect) -> Result<Self, EngineError> {
        let Decoded {
            text,
            head,
            encoding,
            is_compressed,
        } = decode::decode(input, &dialect.encoding)?;
        let delimiter =
            match delimiter_byte(&dialect.delimiter).map_err(|reason| data_error(Fault::Config, reason))? {
                Some(delimiter) => delimiter,
                None => dialect::detect_delimiter(&head),
            };
        let decimal = dialect
            .decimal
            .fixed()
            .or_else(|| dialect::detect_decimal(&head, delimiter, dialect.has_header));
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(dialect.has_header)
            .buffer_capacity(1 << 16)
            .from_reader(Box::new(Quotes::new(text, delimiter, Limit::default())) as Input);
        let first = reader.headers().map_err(csv_error)?.clone();
        if first.is_empty() {
            return Err(data_error(Fault::Empty, "the input is empty"));
        }
        let names = if dialect.has_header {
            first.iter().map(|name| name.trim().to_owned()).collect()
        } else {
            (1..=first.len()).map(|number| number.to_string()).collect()
        };
        let form = format!(
            "the input is read as {}{}, fields are separated by {}",
            encoding.name(),
            if is_compressed { " (gzip)" } else { "" },
            dialect::delimiter_name(delimiter),
        );
        Ok(Self {
            reader,
            names,
            delimiter,
            decimal,
            form,
            header: dialect.has_header.then_some(first),
        })
    }

    /// Where a column is.
    pub(crate) fn column(&self, name: &str) -> Result<usize, EngineError> {
        let mut places = (0..self.names.len()).filter(|place| self.names[*place] == name.trim());
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => Err(data_error(
                Fault::ColumnTwice,
                format!("line 1 of the input: two columns are named `{}`", shown(name)),
            )),
            (None, _) => Err(data_error(
                Fault::ColumnMissing,
                format!(
                    "line 1 of the input: no column is named `{}`; there are: {}; {}",
                    shown(name),
                    self.shown_names(),
                    self.form
                ),
            )),
        }
    }

    /// As many of the names as one can read.
    fn shown_names(&self) -> String {
        const NAMES: usize = 50;
        let names: Vec<_> = self.names.iter().take(NAMES).map(|name| shown(name)).collect();
        let more = if self.names.len() > NAMES { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    }

    /// Where some columns are.
    pub(crate) fn columns(&self, names: &[String]) -> Result<Vec<usize>, EngineError> {
        names.iter().map(|name| self.column(name)).collect()
    }

    /// Reads the next row; `false` at the end. A line that repeats the header is skipped.
    pub(crate) fn read(&mut self, row: &mut StringRecord) -> Result<bool, EngineError> {
        loop {
            let more = self.reader.read_record(row).map_err(csv_error)?;
            let repeats = self.header.as_ref().is_some_and(|header| header == row);
            if !more || !repeats {
                return Ok(more);
            }
        }
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
        } => data_error(
            Fault::RowLength,
            format!(
                "line {line} of the input has {len} fields, the first line has {expected_len}; correct the line, or set `delimiter`"
            ),
        ),
        ErrorKind::Utf8 { err, .. } => data_error(
            Fault::Encoding,
            format!(
                "line {line} of the input is not UTF-8 (field {}); set `encoding` to the encoding that the file was saved in, or \
                 save it as CSV UTF-8",
                err.field() + 1
            ),
        ),
        ErrorKind::Io(error) => read_error(error),
        _ => data_error(Fault::NotATable, format!("line {line} of the input is not CSV")),
    }
}

/// An error while bytes were read: one of the file's content, or one of the storage.
fn read_error(error: &io::Error) -> EngineError {
    let content = error.get_ref().and_then(|inner| {
        if inner.is::<Unclosed>() {
            Some(Fault::Quote)
        } else if inner.is::<TooLarge>() {
            Some(Fault::TooLarge)
        } else if inner.is::<Malformed>() {
            Some(Fault::Encoding)
        } else {
            None
        }
    });
    match (content, error.kind()) {
        (Some(fault), _) => data_error(fault, error.to_string()),
        (None, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => data_error(
            Fault::NotATable,
            format!(
                "the compressed input is damaged: {error}; compress it anew, or attach the plain CSV file"
            ),
        ),
        _ => EngineError::retryable("the input cannot be read").with_detail(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &'static [u8], has_header: bool) -> Result<Table, EngineError> {
        let dialect = Dialect {
            has_header,
            ..Dialect::default()
        };
        Table::new(Box::new(text), &dialect)
    }

    /// What our own operator is told; the partner's sentence is one of `Fault`.
    fn message(result: Result<impl Sized, EngineError>) -> String {
        let Some(EngineError::Failed {
            message,
            detail: Some(detail),
            ..
        }) = result.err()
        else {
            panic!("no error of the data");
        };
        assert!(
            Fault::ALL.iter().any(|fault| fault.public().1 == message),
            "{message}"
        );
        detail["message"].as_str().expect("a text").to_owned()
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
    fn errors_name_the_line_to_their_owner_alone() {
        let mut row = StringRecord::new();
        let mut ragged = table(b"id,x\n1,2\nsecret\n", true).unwrap();
        assert!(ragged.read(&mut row).unwrap());
        assert_eq!(
            message(ragged.read(&mut row)),
            "line 3 of the input has 1 fields, the first line has 2; correct the line, or set `delimiter`"
        );
        assert_eq!(message(table(b"", true)), "the input is empty");
        assert!(message(ragged.column("nope")).contains("`nope`"));
    }

    #[test]
    fn tables_are_read_in_the_forms_that_people_have() {
        let utf16 = |big: bool| -> Vec<u8> {
            let text = "\u{feff}id\tname\n1\tZoë\n";
            text.encode_utf16()
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        let gbk = encoding_rs::GB18030
            .encode("id,name\n1,上海市浦东新区\n2,北京市海淀区\n")
            .0
            .into_owned();
        let latin = encoding_rs::WINDOWS_1252
            .encode("id;name\n1;Jérôme à Genève\n2;Müller\n")
            .0
            .into_owned();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gzip, b" id | name \n1|x\n id | name \n2|y\n").unwrap();
        for (bytes, name, delimiter) in [
            (utf16(false), "Zoë", b'\t'),
            (utf16(true), "Zoë", b'\t'),
            (gbk, "上海市浦东新区", b','),
            (latin, "Jérôme à Genève", b';'),
            (gzip.finish().unwrap(), "x", b'|'),
        ] {
            let mut table = Table::new(Box::new(io::Cursor::new(bytes)), &Dialect::default()).unwrap();
            assert_eq!(
                (table.names.join(" "), table.delimiter),
                ("id name".to_owned(), delimiter),
                "{}",
                table.form
            );
            let mut row = StringRecord::new();
            assert!(table.read(&mut row).unwrap());
            assert_eq!((&row[0], &row[1]), ("1", name));
            while table.read(&mut row).unwrap() {
                assert_ne!(row[0].trim(), "id", "the header is no row");
            }
        }
    }

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, words) in [
            (&b"PK\x03\x04....xl/workbook.xml"[..], "an Excel workbook"),
            (b"PK\x03\x04....a.csv", "a ZIP archive"),
            (b"%PDF-1.7", "a PDF document"),
            (b"\x89PNG\r\n", "a PNG picture"),
            (b"\x28\xb5\x2f\xfd...", "zstd"),
            (b"\x7fELF\0\0\0\0\x01\x02", "binary data"),
            (b"\x1f\x8bno gzip at all", "compressed input is damaged"),
        ] {
            let error = message(table(bytes, true));
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn bytes_that_do_not_fit_are_told_with_their_line_and_the_way_out() {
        let lines = "1,a\n".repeat(40_000);
        let text: &'static [u8] = format!("id,x\n{lines}").leak().as_bytes();
        let bad: &'static [u8] = [text, b"2,caf\xe9\n"].concat().leak();
        let mut table = table(bad, true).unwrap();
        let mut row = StringRecord::new();
        let error = loop {
            match table.read(&mut row) {
                Ok(more) => assert!(more),
                error => break message(error),
            }
        };
        assert!(
            error.contains("line 40002") && error.contains("set `encoding`"),
            "{error}"
        );
    }

    #[test]
    fn a_field_and_a_row_have_limits() {
        let mut row = StringRecord::new();
        let field = format!("id,x\n1,{}\n", "a".repeat((1 << 20) + 1)).leak();
        let wide = format!("id,x\n1,{}\n", "a,".repeat(5 << 20)).leak();
        for (text, words) in [
            (field, "line 2 of the input has a field"),
            (wide, "line 2 of the input has a row"),
        ] {
            let read = table(text.as_bytes(), true).and_then(|mut table| table.read(&mut row));
            assert!(message(read).starts_with(words));
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_with_its_line() {
        let mut row = StringRecord::new();
        let mut read = |text: &'static str| {
            let mut table = table(text.as_bytes(), true)?;
            while table.read(&mut row)? {}
            Ok::<(), EngineError>(())
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
