use bytes::Bytes;

use crate::Text;

/// So much of a file is shown to an engine for a preview: more than a block of the usual ways to compress.
pub const PREVIEW_BYTES: usize = 1 << 18;

/// What a preview is wanted of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewOf {
    /// The first bytes; all of them when there are fewer than [`PREVIEW_BYTES`].
    pub bytes: Bytes,
    /// The most rows that are wanted.
    pub rows: usize,
    /// How the operator says that the table is to be read.
    pub settings: PreviewSettings,
    /// What engines marked the content with.
    pub marks: Vec<String>,
}

/// How a table is to be read, as far as the operator says so; what is not said, the engine finds out by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviewSettings {
    /// The character between two fields, as a config would have it.
    pub delimiter: Option<String>,
    /// The text encoding, as a config would have it.
    pub encoding: Option<String>,
    /// Whether the first line names the columns.
    pub has_header: Option<bool>,
    /// Texts that stand for a missing value.
    pub missing: Option<Vec<String>>,
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
    /// Whether it looks as if it did, whatever the operator says.
    pub looks_like_header: bool,
    /// How the file is compressed, such as `gzip`; nothing when it is not.
    pub compression: Option<String>,
    /// The columns' names; their numbers from 1 without a header.
    pub columns: Vec<String>,
    /// Which of them, from 0, an engine added for itself: nobody chooses them in a config.
    pub internal: Vec<usize>,
    /// The first rows, with a field for each of `columns`.
    pub rows: Vec<Vec<String>>,
    /// Which of these fields stand for a missing value: row and column, from 0.
    pub missing: Vec<(usize, usize)>,
    /// How many columns there are, of which `columns` may be the first ones.
    pub column_count: usize,
    /// What is wrong behind these rows, for our operator.
    pub problem: Option<Text>,
}
