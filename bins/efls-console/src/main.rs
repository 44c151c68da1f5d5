//! The console with the engine that is built in.

use std::process::ExitCode;

/// It gives memory back to the system soon after a burst of requests. The C library's keeps most of it for good.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    efls_console::Program::new().run()
}
