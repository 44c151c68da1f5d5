//! A console with an engine of its own, beside the one that is built in.

use std::process::ExitCode;

use own_console::Greeter;

fn main() -> ExitCode {
    efls_console::Program::new()
        .engine("greeter", Greeter::from_settings)
        .run()
}
