//! What the program prints. A reader who has seen enough (`| head -1`) is no error; a full disk is. Text of others (names,
//! reasons) is printed, too, so characters that drive a terminal or are not seen are shown as escapes.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::Context;
use console_model::is_unseen;

/// Prints a line.
///
/// # Errors
/// When it cannot be written although somebody wants it.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{}", visible(text)).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("the output cannot be written"),
    }
}

/// Tells the person at the error output something; nobody can be told that telling does not work.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible(text));
}

/// The text with everything that is not seen, but line ends and tabs, as JSON writes it (`\u001b`): a document stays the same
/// document.
fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |character| is_unseen(character) && !matches!(character, '\n' | '\t');
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        if hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(visible, "\\u{unit:04x}");
            }
        } else {
            visible.push(character);
        }
    }
    Cow::Owned(visible)
}

/// Makes a folder and all above it; what is made is for this user alone.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_drives_a_terminal_is_shown_and_not_done() {
        assert_eq!(visible("湖滨 clinic\n\tready"), "湖滨 clinic\n\tready");
        assert_eq!(
            visible("a\u{1b}]0;owned\u{7}\u{9b}2J\r\u{202e}b"),
            "a\\u001b]0;owned\\u0007\\u009b2J\\u000d\\u202eb"
        );
    }

    #[test]
    fn a_document_stays_the_same_document() {
        let document = serde_json::json!({ "name": "a\u{9b}\u{202e}\u{e0001}b", "line": "\u{1b}\n" });
        let text = document.to_string();
        let read: serde_json::Value = serde_json::from_str(&visible(&text)).unwrap();
        assert!(visible(&text).is_ascii());
        assert_eq!(read, document);
    }
}
