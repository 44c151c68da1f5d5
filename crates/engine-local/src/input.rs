//! The input table: where it is, how it is read, and what is said when it is wrong.
//!
//! What is wrong with it is an error made by [`data_error`] alone: a fixed sentence for the partner, the whole story for our
//! own operator.

mod decode;
mod dialect;
mod fault;
mod habits;
mod markers;
mod names;
mod number;
mod quotes;
mod text;
mod unpack;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};
use encoding_rs::Encoding;
use futures_util::StreamExt;
use sha2::{Digest as _, Sha256};
use task_interface::{ByteStream, EngineError, TaskContext, Text, Warning};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) use decode::named_encoding;
pub(crate) use dialect::{Dialect, delimiter_byte};
pub(crate) use fault::{Fault, data_error, is_fault, private_text, shown};
pub(crate) use habits::Habits;
pub(crate) use markers::Markers;
pub(crate) use names::{clean_name, warning_of_names};
pub(crate) use number::{Decimal, Number, parse as parse_number};

use decode::{Decoded, Malformed};
pub(crate) use quotes::Limit;
use quotes::{Lines, Quotes, TooLarge, Unclosed};
use unpack::Damage;
pub(crate) use unpack::Packing;

use crate::words::{both, zh};

/// Bytes of an input, to be read on a thread that may block.
pub(crate) type Input = Box<dyn Read + Send>;

const QUEUED_CHUNKS: usize = 8;

/// The file that `file:…` means, which must be below one of the folders even after symbolic links are followed.
pub(crate) fn find_file(path: &str, data_dirs: &[PathBuf]) -> Result<PathBuf, Text> {
    if data_dirs.is_empty() {
        return Err(both(
            "the administrator has opened no data folder; attach the file as a resource instead",
            "管理员没有开放任何数据目录，请改为附加文件",
        ));
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
            return Err(both(
                format!("`{path}` is not a file"),
                format!("`{path}` 不是文件"),
            ));
        }
        return Ok(found);
    }
    Err(both(
        format!("there is no file `{path}` in the administrator's data folders"),
        format!("管理员的数据目录中没有文件 `{path}`"),
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
        let names = names.join(", ");
        let story = both(
            format!("no attached resource is named `{input}`; attached are: {names}"),
            format!("没有名为 `{input}` 的附加文件；已附加：{names}"),
        );
        return Err(data_error(Fault::ResourceUnknown, story));
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

struct Hashed {
    input: Input,
    hash: Arc<Mutex<Sha256>>,
}

/// The digest of what an input has given so far.
pub(crate) struct ContentDigest(Arc<Mutex<Sha256>>);

/// The same input, whose digest is known when all of it has been read.
pub(crate) fn hashed(input: Input) -> (Input, ContentDigest) {
    let hash = Arc::new(Mutex::new(Sha256::new()));
    let digest = ContentDigest(Arc::clone(&hash));
    (Box::new(Hashed { input, hash }), digest)
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let mut hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        hash.update(&buffer[..count]);
        Ok(count)
    }
}

impl ContentDigest {
    /// Lower-case hexadecimal SHA-256.
    pub(crate) fn finish(&self) -> String {
        let hash = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hex::encode(hash.clone().finalize())
    }
}

pub(crate) fn open_file(path: &Path) -> Result<File, Text> {
    let path_shown = path.display();
    File::open(path).map_err(|error| {
        both(
            format!("{path_shown} cannot be opened: {error}"),
            format!("{path_shown} 无法打开：{error}"),
        )
    })
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
    pub(crate) encoding: &'static Encoding,
    pub(crate) packing: Option<Packing>,
    /// How the numbers are written, where the config or the beginning of the table says so.
    pub(crate) decimal: Option<Decimal>,
    /// What was found out about the file, for our operator.
    pub(crate) form: Text,
    /// What our operator should know of the header.
    pub(crate) warning: Option<Warning>,
    /// The header, to notice where it comes again.
    header: Option<StringRecord>,
    lines: Lines,
}

/// The column of a join's output that says from which line of the joined file a row comes. It is for messages to our own
/// operator, and never learnt from.
pub(crate) const SOURCE_LINE: &str = "efls_source_line";

impl Table {
    pub(crate) fn new(input: Input, dialect: &Dialect, limit: Limit) -> Result<Self, EngineError> {
        let Decoded {
            text,
            head,
            encoding,
            packing,
            separator,
        } = decode::decode(input, &dialect.encoding)?;
        let delimiter =
            match delimiter_byte(&dialect.delimiter).map_err(|reason| data_error(Fault::Config, reason))? {
                Some(delimiter) => delimiter,
                None => separator.unwrap_or_else(|| dialect::detect_delimiter(&head)),
            };
        let decimal = dialect
            .decimal
            .fixed()
            .or_else(|| dialect::detect_decimal(&head, delimiter, dialect.has_header));
        let first_line = 1 + u64::from(separator.is_some());
        let quotes = Quotes::new(text, delimiter, limit, first_line);
        let lines = quotes.lines();
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(dialect.has_header)
            .buffer_capacity(1 << 16)
            .from_reader(Box::new(quotes) as Input);
        let first = match reader.headers() {
            Ok(first) => first.clone(),
            Err(error) => return Err(csv_error(error, lines.next())),
        };
        if dialect.has_header {
            lines.next();
        }
        if first.is_empty() {
            return Err(data_error(Fault::Empty, both("the input is empty", "输入表为空")));
        }
        let names = if dialect.has_header {
            first.iter().map(clean_name).collect()
        } else {
            (1..=first.len()).map(|number| number.to_string()).collect()
        };
        let packed = packing.map_or_else(String::new, |packing| format!(" ({})", packing.name()));
        let (encoded, between) = (encoding.name(), dialect::delimiter_name(delimiter));
        let form = both(
            format!("the input is read as {encoded}{packed}, fields are separated by {between}"),
            format!("输入按 {encoded}{packed} 读取，字段分隔符为 {}", zh(&between)),
        );
        Ok(Self {
            reader,
            names,
            delimiter,
            encoding,
            packing,
            decimal,
            form,
            warning: dialect.has_header.then(|| warning_of_names(&first)).flatten(),
            header: dialect.has_header.then_some(first),
            lines,
        })
    }

    /// Where a column is.
    pub(crate) fn column(&self, name: &str) -> Result<usize, EngineError> {
        let wanted = clean_name(name);
        let mut places = (0..self.names.len()).filter(|place| self.names[*place] == wanted);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => {
                let name = shown(name);
                let story = both(
                    format!("the first line of the input: two columns are named `{name}`"),
                    format!("输入表首行有两列都名为 `{name}`"),
                );
                Err(data_error(Fault::ColumnTwice, story).with_param("column", name))
            }
            (None, _) => {
                let (name, names) = (shown(name), self.shown_names());
                let story = both(
                    format!(
                        "the first line of the input: no column is named `{name}`; there are: {names}; {}",
                        self.form
                    ),
                    format!(
                        "输入表首行没有名为 `{name}` 的列；现有的列：{names}；{}",
                        zh(&self.form)
                    ),
                );
                Err(data_error(Fault::ColumnMissing, story).with_param("column", name))
            }
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
            let read = self.reader.read_record(row);
            let line = self.lines.next();
            let more = read.map_err(|error| csv_error(error, line))?;
            if let Some(line) = line {
                let mut position = Position::new();
                row.set_position(Some(position.set_line(line).clone()));
            }
            let repeats = self.header.as_ref().is_some_and(|header| header == row);
            if !more || !repeats {
                return Ok(more);
            }
        }
    }
}

/// Whether two texts are the same label: `1` and `1.0` are.
pub(crate) fn is_same_label(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    one == other || number(one).is_some_and(|one| Some(one) == number(other))
}

/// The line on which a row began.
pub(crate) fn line_of(row: &StringRecord) -> u64 {
    row.position().map_or(0, Position::line)
}

fn csv_error(error: csv::Error, line: Option<u64>) -> EngineError {
    let line = line.unwrap_or(1);
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            let story = both(
                format!(
                    "line {line} of the input has {len} fields, the first line has {expected_len}; correct the line, or set \
                     `delimiter`"
                ),
                format!(
                    "输入表第 {line} 行有 {len} 个字段，而首行有 {expected_len} 个；请修正该行，或设置 `delimiter`"
                ),
            );
            data_error(Fault::RowLength, story).with_param("line", line)
        }
        ErrorKind::Utf8 { err, .. } => {
            let field = err.field() + 1;
            let story = both(
                format!(
                    "line {line} of the input is not UTF-8 (field {field}); set `encoding` to the encoding that the file was \
                     saved in, or save it as CSV UTF-8"
                ),
                format!(
                    "输入表第 {line} 行第 {field} 个字段不是 UTF-8；请把 `encoding` 设为文件保存时的编码，或另存为 CSV UTF-8"
                ),
            );
            data_error(Fault::Encoding, story).with_param("line", line)
        }
        ErrorKind::Io(error) => read_error(error),
        _ => {
            let story = both(
                format!("line {line} of the input is not CSV"),
                format!("输入表第 {line} 行不是 CSV"),
            );
            data_error(Fault::NotATable, story).with_param("line", line)
        }
    }
}

/// An error while bytes were read: one of the file's content, or one of the storage.
pub(crate) fn read_error(error: &io::Error) -> EngineError {
    let content = error.get_ref().and_then(|inner| {
        if let Some(unclosed) = inner.downcast_ref::<Unclosed>() {
            return Some((Fault::Quote, unclosed.in_words()));
        }
        if let Some(too_large) = inner.downcast_ref::<TooLarge>() {
            return Some((Fault::TooLarge, too_large.in_words()));
        }
        if let Some(malformed) = inner.downcast_ref::<Malformed>() {
            return Some((Fault::Encoding, malformed.in_words()));
        }
        let damage = inner.downcast_ref::<Damage>()?;
        let fault = match damage {
            Damage::CutOff(_) => Fault::CutOff,
            Damage::Broken { .. } => Fault::NotATable,
        };
        Some((fault, damage.in_words()))
    });
    match content {
        Some((fault, story)) => data_error(fault, story),
        None => EngineError::retryable(both("the input cannot be read", "输入无法读取"))
            .with_code("input_unreadable")
            .with_detail(error.to_string()),
    }
}

/// The input is not the one that the job began with.
pub(crate) fn changed() -> EngineError {
    EngineError::fatal(both(
        "the input has changed while the run was under way",
        "输入在运行期间被修改",
    ))
    .with_code("input_changed")
}

#[cfg(test)]
mod tests;
