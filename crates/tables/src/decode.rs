//! What kind of file an input is: compressed or not, a table or something else, and in which text encoding.

use std::io::{self, Cursor, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use task_interface::Text;

use super::dialect::Dialect;
use super::error::{Fault, TableError, read_error};
use super::table::Input;
use super::text;
use super::unpack::Packing;
use crate::words::{both, zh};

/// Bytes from which everything is detected.
const HEAD_BYTES: u64 = 1 << 16;
const BUFFER_BYTES: usize = 1 << 15;
/// The part of a buffer that is decoded into; behind it a [`REPLACEMENT`] has room.
const DECODED_BYTES: usize = BUFFER_BYTES - REPLACEMENT.len_utf8();
/// In place of bytes that do not fit.
pub(super) const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// A text, and what its beginning looks like.
pub(super) struct Decoded {
    /// UTF-8 from the beginning; not yet checked where the file was UTF-8 already.
    pub(super) text: Input,
    pub(super) head: String,
    pub(super) encoding: &'static Encoding,
    pub(super) packing: Option<Packing>,
    /// What Excel's first line `sep=;` says, which is not in `text` any more.
    pub(super) separator: Option<u8>,
}

/// Bytes that do not fit the encoding.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {line} is not {encoding}; set `encoding` to the encoding that the file was saved in, or save it as CSV UTF-8"
)]
pub(super) struct Malformed {
    line: u64,
    encoding: &'static str,
}

impl Malformed {
    pub(super) fn in_words(&self) -> Text {
        let Self { line, encoding } = self;
        let zh =
            format!("第 {line} 行不是 {encoding}；请把 `encoding` 设为文件保存时的编码，或另存为 CSV UTF-8");
        both(self.to_string(), zh)
    }
}

/// The encoding that a config names; nothing for `auto`.
/// # Errors
/// No encoding has the name.
pub fn named_encoding(name: &str) -> Result<Option<&'static Encoding>, Text> {
    if name.eq_ignore_ascii_case("auto") {
        return Ok(None);
    }
    let found = match name.to_ascii_lowercase().as_str() {
        "cp936" => Some(encoding_rs::GBK),
        "cp1252" => Some(encoding_rs::WINDOWS_1252),
        _ => Encoding::for_label_no_replacement(name.as_bytes()),
    };
    found.map(Some).ok_or_else(|| {
        let known = "auto, utf-8, utf-16le, gb18030, windows-1252";
        both(
            format!("`{name}` is no known encoding; use {known} or another WHATWG label"),
            format!("`{name}` 不是已知的编码；可用 {known} 或其他 WHATWG 名称"),
        )
    })
}

/// Looks at the beginning of a file, unpacks it and turns it into UTF-8.
pub(super) fn decode(input: Input, dialect: &Dialect) -> Result<Decoded, TableError> {
    let wanted =
        named_encoding(&dialect.encoding).map_err(|reason| TableError::new(Fault::Setting, reason))?;
    let (mut head, mut input) = peek(input)?;
    let packing = Packing::of(&head);
    if let Some(packing) = packing {
        let plain = packing.unpack(input).map_err(|error| read_error(&error))?;
        (head, input) = peek(plain)?;
        if Packing::of(&head).is_some() {
            let story = both(
                "the input is compressed twice; unpack it once and attach what comes out",
                "输入被压缩了两次；请先解压一次，再附加得到的文件",
            );
            return Err(TableError::new(Fault::NotATable, story));
        }
    }
    if is_utf32(&head) {
        let story = both(
            "the input is text in UTF-32, which is not read; save it as CSV UTF-8",
            "输入是 UTF-32 文本，无法读取；请另存为 CSV UTF-8",
        );
        return Err(TableError::new(Fault::Encoding, story));
    }
    if let Some(kind) = foreign_kind(&head) {
        return Err(no_table(&kind));
    }
    let encoding = wanted.unwrap_or_else(|| detect(&head));
    let mut beginning = encoding.decode(&head).0.into_owned();
    if let Some(kind) = text::kind(&beginning) {
        return Err(no_table(&kind));
    }
    let mut marks = beginning.len() - beginning.trim_start_matches('\u{feff}').len();
    if encoding == UTF_8 {
        refuse_binary(&head)?;
        // The decoder took one away from the beginning, but the input still has it.
        marks += UTF8_MARK.len() * usize::from(head.starts_with(UTF8_MARK));
    } else {
        input = Box::new(Transcoder::new(input, encoding, dialect.goes_on_after_malformed));
    }
    // The last line may be cut off.
    if head.len() as u64 == HEAD_BYTES
        && let Some(end) = beginning.rfind('\n')
    {
        beginning.truncate(end + 1);
    }
    let unmarked = beginning.trim_start_matches('\u{feff}');
    let (separator, line_bytes) = text::excel_separator(unmarked).unzip();
    let line_bytes = line_bytes.unwrap_or(0);
    let skipped = (marks + line_bytes) as u64;
    io::copy(&mut input.by_ref().take(skipped), &mut io::sink()).map_err(|error| read_error(&error))?;
    Ok(Decoded {
        text: input,
        head: unmarked[line_bytes..].to_owned(),
        encoding,
        packing,
        separator,
    })
}

fn no_table(kind: &Text) -> TableError {
    let story = both(
        format!("the input is {kind}, not a CSV table; export the table as CSV and attach that file"),
        format!("输入是{}，不是 CSV 表；请把表格导出为 CSV 后附加", zh(kind)),
    );
    TableError::new(Fault::NotATable, story)
}

fn refuse_binary(head: &[u8]) -> Result<(), TableError> {
    if head.iter().filter(|byte| **byte == 0).count() * 100 <= head.len() {
        return Ok(());
    }
    let story = both(
        "the input holds binary data, not text; attach a CSV table",
        "输入是二进制数据而不是文本，请附加 CSV 表",
    );
    Err(TableError::new(Fault::NotATable, story))
}

/// Whether a text has four bytes for each character: by its byte order mark, or by its first two characters.
fn is_utf32(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe\0\0")
        || head.starts_with(b"\0\0\xfe\xff")
        || matches!(head, [a, 0, 0, 0, b, 0, 0, 0, ..] | [0, 0, 0, a, 0, 0, 0, b, ..] if *a > 0 && *b > 0)
}

/// The beginning of an input, and the input with it.
fn peek(mut input: Input) -> Result<(Vec<u8>, Input), TableError> {
    let mut head = Vec::new();
    let whole = |head: &[u8]| Cursor::new(head.to_vec());
    match input.by_ref().take(HEAD_BYTES).read_to_end(&mut head) {
        Ok(_) => Ok((head.clone(), Box::new(whole(&head).chain(input)))),
        Err(error) if head.is_empty() => Err(read_error(&error)),
        // What came before can be looked at; the error comes behind it.
        Err(error) => Ok((head.clone(), Box::new(whole(&head).chain(Broken(Some(error)))))),
    }
}

/// The end of an input that broke off.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self
            .0
            .take()
            .unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
    }
}

/// What a file is that is no text, by its first bytes.
fn foreign_kind(head: &[u8]) -> Option<Text> {
    let holds = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
    if head.starts_with(b"PK\x03\x04") {
        let is_workbook = holds(b"xl/") || holds(b"[Content_Types].xml");
        return Some(if is_workbook {
            both("an Excel workbook (.xlsx)", " Excel 工作簿（.xlsx）")
        } else {
            both(
                "a ZIP archive or an Excel workbook (.xlsx)",
                " ZIP 压缩包或 Excel 工作簿（.xlsx）",
            )
        });
    }
    let kinds: [(&[u8], &str, &str); 13] = [
        (b"PK\x05\x06", "an empty ZIP archive", "空的 ZIP 压缩包"),
        (
            b"\xd0\xcf\x11\xe0",
            "an old Excel or Word file",
            "旧版 Excel 或 Word 文件",
        ),
        (b"%PDF", "a PDF document", " PDF 文档"),
        (b"\x89PNG", "a PNG picture", " PNG 图片"),
        (b"\xff\xd8\xff", "a JPEG picture", " JPEG 图片"),
        (b"GIF8", "a GIF picture", " GIF 图片"),
        (b"PAR1", "a Parquet file", " Parquet 文件"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd", " zstd 压缩文件"),
        (b"BZh", "compressed with bzip2", " bzip2 压缩文件"),
        (b"\xfd7zXZ", "compressed with xz", " xz 压缩文件"),
        (b"7z\xbc\xaf", "a 7z archive", " 7z 压缩包"),
        (b"SQLite format 3", "a SQLite database", " SQLite 数据库"),
        (b"ARROW1", "an Arrow file", " Arrow 文件"),
    ];
    kinds
        .iter()
        .find(|(magic, ..)| head.starts_with(magic))
        .map(|(_, en, zh)| both(*en, *zh))
}

fn detect(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    // Text of mostly Latin letters and digits has a zero in every second byte.
    let zeros = |start: usize| {
        head.iter()
            .skip(start)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 4 > head.len() && even * 8 < odd {
        return UTF_16LE;
    }
    if even * 4 > head.len() && odd * 8 < even {
        return UTF_16BE;
    }
    match std::str::from_utf8(head) {
        Ok(_) => return UTF_8,
        // The last character may be cut off.
        Err(error) if error.error_len().is_none() && head.len() as u64 == HEAD_BYTES => return UTF_8,
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == encoding_rs::GBK {
        encoding_rs::GB18030
    } else {
        guess
    }
}

/// Turns another encoding into UTF-8 while it is read.
struct Transcoder {
    input: Input,
    decoder: Decoder,
    encoding: &'static str,
    raw: Vec<u8>,
    /// Bytes of `raw` that wait to be decoded.
    waiting: std::ops::Range<usize>,
    text: Vec<u8>,
    /// Bytes of `text` that wait to be read.
    ready: std::ops::Range<usize>,
    line: u64,
    is_input_over: bool,
    is_over: bool,
    /// Bytes that do not fit become [`REPLACEMENT`] and do not end the text.
    replaces_malformed: bool,
}

impl Transcoder {
    fn new(input: Input, encoding: &'static Encoding, replaces_malformed: bool) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            encoding: encoding.name(),
            raw: vec![0; BUFFER_BYTES],
            waiting: 0..0,
            text: vec![0; BUFFER_BYTES],
            ready: 0..0,
            line: 1,
            is_input_over: false,
            is_over: false,
            replaces_malformed,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() && !self.is_input_over {
            let count = self.input.read(&mut self.raw)?;
            self.waiting = 0..count;
            self.is_input_over = count == 0;
        }
        let source = &self.raw[self.waiting.clone()];
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            source,
            &mut self.text[..DECODED_BYTES],
            self.is_input_over,
        );
        self.waiting.start += read;
        self.ready = 0..written;
        self.line += self.text[..written].iter().filter(|byte| **byte == b'\n').count() as u64;
        match result {
            DecoderResult::InputEmpty => self.is_over = self.is_input_over,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) if self.replaces_malformed => {
                REPLACEMENT.encode_utf8(&mut self.text[written..]);
                self.ready.end += REPLACEMENT.len_utf8();
            }
            DecoderResult::Malformed(..) => {
                return Err(io::Error::other(Malformed {
                    line: self.line,
                    encoding: self.encoding,
                }));
            }
        }
        Ok(())
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.is_over {
            self.decode_more()?;
        }
        let count = buffer.len().min(self.ready.len());
        let start = self.ready.start;
        buffer[..count].copy_from_slice(&self.text[start..start + count]);
        self.ready.start += count;
        Ok(count)
    }
}
