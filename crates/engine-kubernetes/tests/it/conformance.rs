//! The kit of `task-interface`.

use task_interface::conformance;

use crate::support::{Bench, join, train};

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms() {
    let bench = Bench::new().await;
    let passed = conformance::run(bench.engine(), &[join(), train()]).await;
    let passed = passed.unwrap_or_else(|failures| panic!("{failures}"));
    assert!(passed.runs > 40, "{passed:?}");
    bench.is_left_clean().await;
}
