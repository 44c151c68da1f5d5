//! Prints the profile of a CSV file, or of what comes in: `profile FILE`, `profile - < FILE`. Rows go to the standard error.

use std::error::Error;
use std::fs::File;
use std::io::{self, Write as _};
use std::ops::ControlFlow;

use tables::{Dialect, Input, Limit, Markers, Table, profile};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a file, or `-`")?;
    let input: Input = match path.as_str() {
        "-" => Box::new(io::stdin()),
        path => Box::new(File::open(path)?),
    };
    let dialect = Dialect {
        goes_on_after_malformed: true,
        ..Dialect::default()
    };
    let mut table = Table::new(input, &dialect, Limit::default())?;
    let mut told = 0;
    let found = profile::of(&mut table, &Markers::usual(), |rows| {
        if rows >= told + 1_000_000 {
            told = rows;
            // Nobody misses it who has closed the error output.
            let _ = writeln!(io::stderr(), "{rows} rows");
        }
        ControlFlow::Continue(())
    })?;
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&found)?)?;
    Ok(())
}
