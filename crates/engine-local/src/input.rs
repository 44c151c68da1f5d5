//! The input table: where it is, and what is said when it is wrong. How it is read is in the crate `tables`.
//!
//! What is wrong with it is an error made by [`data_error`] alone: a fixed sentence for the partner, the whole story for our
//! own operator.

mod fault;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use sha2::{Digest as _, Sha256};
use task_interface::{ByteStream, EngineError, TaskContext, Text};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) use fault::{Fault, data_error, is_fault, private_text, read_error, table_error};
pub(crate) use tables::{
    Decimal, Dialect, Habits, Input, Limit, Markers, Number, Packing, Table, USUAL_MISSING, clean_name,
    delimiter_byte, line_of, named_encoding, parse_number, shown, warning_of_names,
};

use crate::words::both;

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

/// The column of a join's output that says from which line of the joined file a row comes. It is for messages to our own
/// operator, and never learnt from.
pub(crate) const SOURCE_LINE: &str = "efls_source_line";

/// Whether two texts are the same label: `1` and `1.0` are.
pub(crate) fn is_same_label(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    one == other || number(one).is_some_and(|one| Some(one) == number(other))
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
