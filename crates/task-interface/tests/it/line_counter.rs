//! What every engine promises, kept by the example. The guide shows this test as one of a crate of its own.

#[expect(unreachable_pub, reason = "the file is the library of a crate as well")]
#[path = "../../examples/line-counter/engine.rs"]
mod engine;
use engine as line_counter;

use line_counter::LineCounter;
use serde_json::json;
use task_interface::conformance::{self, CaseSide, EngineCase};
use task_interface::{Document, TaskKind};

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms() {
    let case = EngineCase::new(
        TaskKind::Sample,
        CaseSide::new(json!({"input": "a.txt"})).object("a.txt", "1\n2\n3\n"),
        CaseSide::new(json!({"input": "b.txt"})).object("b.txt", "1\n2\n"),
        json!({"inptu": "a.txt"}), // a config that validate must refuse
    )
    .check(|outcome| match outcome.initiator.document("lines") {
        Some(Document::Counts(counts)) if counts.get("sum") == Some(5) => Ok(()),
        other => Err(format!("unexpected result {other:?}")),
    });
    let conforms = conformance::run(|| LineCounter, &[case]).await;
    conforms.unwrap_or_else(|failures| panic!("{failures}"));
}
