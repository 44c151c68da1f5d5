//! Runs the conformance kit against the engine: `cargo run --example line-counter --all-features`.

#[expect(unreachable_pub, reason = "the file is the library of a crate as well")]
mod engine;

use engine::LineCounter;
use serde_json::json;
use task_interface::TaskKind;
use task_interface::conformance::{self, CaseSide, EngineCase, Failures};

#[tokio::main]
async fn main() -> Result<(), Failures> {
    let case = EngineCase::new(
        TaskKind::Sample,
        CaseSide::new(json!({"input": "a.txt"})).object("a.txt", "1\n2\n3\n"),
        CaseSide::new(json!({"input": "b.txt"})).object("b.txt", "1\n2\n"),
        json!({"inptu": "a.txt"}),
    );
    let passed = conformance::run(|| LineCounter, &[case]).await?;
    println!("The engine conforms: {} runs.", passed.runs);
    Ok(())
}
