use bytes::Bytes;

/// So much of a file is shown to an engine for a preview: more than a block of the usual ways to compress.
pub const PREVIEW_BYTES: usize = 1 << 18;

/// What a preview is wanted of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewOf {
    /// The first bytes; all of them when there are fewer than [`PREVIEW_BYTES`].
    pub bytes: Bytes,
    /// The most rows that are wanted.
    pub rows: usize,
}

/// The beginning of a table, as the engine would read it by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The text encoding, such as `UTF-8`.
    pub encoding: String,
    /// The character between two fields.
    pub delimiter: char,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// How the file is compressed, such as `gzip`; nothing when it is not.
    pub compression: Option<String>,
    /// The columns' names; their numbers from 1 without a header.
    pub columns: Vec<String>,
    /// The first rows, with a field for each of `columns`.
    pub rows: Vec<Vec<String>>,
    /// How many columns there are, of which `columns` may be the first ones.
    pub column_count: usize,
    /// What is wrong behind these rows, for our operator.
    pub problem: Option<String>,
}
