//! Tables as people have them: CSV in any encoding, with any delimiter, compressed or not, as table programs export it.
//!
//! [`Table`] reads one row by row, and [`profile`] says in one pass what is in it. Nothing here knows an engine or a console;
//! from `task-interface` it takes the words in two languages that both show to people.

mod decode;
mod dialect;
mod error;
mod habits;
mod markers;
mod names;
mod number;
pub mod profile;
mod quotes;
mod table;
mod text;
mod unpack;
mod words;

pub use decode::named_encoding;
pub use dialect::{Dialect, delimiter_byte};
pub use error::{Fault, TableError, read_error, shown};
pub use habits::Habits;
pub use markers::{Markers, USUAL_MISSING};
pub use names::{clean_name, looks_like_header, names_columns, warning_of_names};
pub use number::{Decimal, Number, parse as parse_number};
pub use quotes::Limit;
pub use table::{Input, Table, line_of};
pub use unpack::Packing;
