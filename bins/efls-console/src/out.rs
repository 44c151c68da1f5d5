//! What the program prints. A reader who has seen enough (`| head -1`) is no error; a full disk is.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::Context;

/// Prints a line.
///
/// # Errors
/// When it cannot be written although somebody wants it.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("the output cannot be written"),
    }
}

/// Tells the person at the error output something; nobody can be told that telling does not work.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
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
