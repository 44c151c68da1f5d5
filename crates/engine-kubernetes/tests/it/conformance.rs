//! The kit of `task-interface`.

use std::sync::Arc;

use async_trait::async_trait;
use kubernetes_stand_in::Script;
use task_interface::host::{HostError, KnownAttempts};
use task_interface::{AttemptState, Attempts, Engine, conformance};

use crate::support::{Bench, join, train};

struct AllOver;

#[async_trait]
impl KnownAttempts for AllOver {
    async fn state(&self, _: &str, _: u32) -> Result<AttemptState, HostError> {
        Ok(AttemptState::Over)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms() {
    let bench = Bench::new().await;
    // Long enough for every pod to be seen at work, so that each run says the same.
    bench.cluster.pods("", Script::new().wait_ms(300).exit(0));
    let passed = conformance::run(bench.engine(), &[join(), train()]).await;
    let passed = passed.unwrap_or_else(|failures| panic!("{failures}"));
    assert!(passed.runs > 40, "{passed:?}");
    // A process that ends right after a stop may not have removed all; the console has the next one do it.
    let over = Attempts::new(Arc::new(AllOver));
    (bench.engine())().tidy(over).await.unwrap();
    bench.is_left_clean().await;
}
