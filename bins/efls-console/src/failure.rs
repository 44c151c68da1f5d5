//! How the program says that it failed: an exit code, and one line for people or a JSON object for programs.

use std::process::ExitCode;

use adoption::AdoptError;
use console_app::AppError;
use serde_json::{Value, json};

use crate::config::Problems;
use crate::console::{OriginalDatabase, UnfitSchema};
use crate::out;

const FAILED: u8 = 1;
const WRONG_COMMAND_LINE: u8 = 2;
pub(crate) const WRONG_CONFIGURATION: u8 = 3;
const ORIGINAL_DATABASE: u8 = 4;
const UNFIT_SCHEMA: u8 = 5;

/// Says why the program failed, as the last line of the error output.
pub(crate) fn report(error: &anyhow::Error, as_json: bool) -> ExitCode {
    let problems = error.downcast_ref::<Problems>();
    let (exit, code) = if problems.is_some() {
        (WRONG_CONFIGURATION, "wrong_configuration")
    } else if let Some(original) = error.downcast_ref::<OriginalDatabase>() {
        let code = match original {
            OriginalDatabase::Untouched(_) => "original_database",
            OriginalDatabase::Unfinished(_) => "adoption_unfinished",
        };
        (ORIGINAL_DATABASE, code)
    } else if error.is::<UnfitSchema>() {
        (UNFIT_SCHEMA, "unfit_schema")
    } else if let Some(refused) = error.downcast_ref::<AdoptError>() {
        (FAILED, code_of(refused))
    } else {
        let code = error
            .downcast_ref::<AppError>()
            .map_or("failed", |error| error.code().word());
        (FAILED, code)
    };
    if as_json {
        let problems = problems.map_or(&[][..], |problems| &problems.0);
        out::note(&document(code, &one_line(error), &json!(problems)));
    } else {
        out::note(&format!("efls-console: {}", one_line(error)));
    }
    ExitCode::from(exit)
}

/// Ends the program because its command line is wrong, or because it only asked for help.
pub(crate) fn wrong_command_line(error: &clap::Error) -> ExitCode {
    let as_json = std::env::args_os().any(|argument| argument == "--json");
    if !(as_json && error.use_stderr()) {
        error.exit()
    }
    let text = error.render().to_string();
    out::note(&document("wrong_command_line", text.trim(), &json!([])));
    ExitCode::from(WRONG_COMMAND_LINE)
}

/// A word for programs.
fn code_of(refused: &AdoptError) -> &'static str {
    match refused {
        AdoptError::NotOriginal(_) => "not_original",
        AdoptError::WrongChoice(_) => "wrong_choice",
        AdoptError::Busy => "adoption_busy",
        AdoptError::InUse => "database_in_use",
        AdoptError::Counts { .. } => "adoption_incomplete",
        AdoptError::Database(_) | AdoptError::Unreachable(_) | AdoptError::Schema(_) => "failed",
    }
}

fn document(code: &str, detail: &str, problems: &Value) -> String {
    json!({ "error": { "code": code, "detail": detail, "problems": problems } }).to_string()
}

/// An error with its causes, as one text.
fn one_line(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Many errors repeat their cause in their own text.
        if !text.contains(&cause) {
            text = if text.is_empty() {
                cause
            } else {
                format!("{text}: {cause}")
            };
        }
    }
    text
}
