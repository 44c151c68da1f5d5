//! An adoption that is killed at random moments and started again ends as one that was not.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rand::RngExt as _;
use tempfile::tempdir;

use super::command;
use super::database::{Original, original};
use crate::program::{errors, run_with};

/// Enough runs that the copy takes a while.
const RUNS: u32 = 10_000;

async fn with_many_runs() -> Option<Original> {
    let original = original().await?;
    let values = |number: u32| {
        format!(
            "('{number:032x}', '2024-01-01 00:00:00' + INTERVAL {number} SECOND, 'd0000000000000000000000000000001', \
             'e0000000000000000000000000000001', 'f0000000000000000000000000000001', 'peer-{number}', {}, '\"{{}}\"')",
            3 + number % 4
        )
    };
    for first in (0..RUNS).step_by(5000) {
        let rows: Vec<String> = (first..first + 5000).map(values).collect();
        original
            .run(&format!(
                "INSERT INTO task_instance (id, gmt_create, task_intra_id, task_inter_id, task_peer_id, instance_peer_id, \
                 status, message) VALUES {}",
                rows.join(", ")
            ))
            .await;
    }
    Some(original)
}

/// What an adoption makes, without what differs each time: ids of partners and the moment of the adoption.
async fn outcome(original: &Original) -> Vec<Option<String>> {
    let queries = [
        "SELECT GROUP_CONCAT(CONCAT_WS('|', id, gmt_create, gmt_modified, name, role, token, token_valid, info) ORDER BY id) \
         FROM user",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', p.id, p.gmt_create, p.name, p.config, p.status, a.address) ORDER BY p.id) \
         FROM project p LEFT JOIN partner a ON a.id = p.partner_id",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', id, gmt_create, name, config, engine, token_folded) ORDER BY id) FROM task_intra",
        "SELECT GROUP_CONCAT(CONCAT_WS('|', id, uri_tail, config) ORDER BY id) FROM resource",
        "SELECT GROUP_CONCAT(address ORDER BY address) FROM partner",
        "SELECT CONCAT_WS('|', COUNT(*), BIT_XOR(CRC32(CONCAT_WS('|', id, gmt_create, gmt_modified, status, instance_peer_id, \
         message, engine, project_id, task_root_id, run_number, initiator, stop_reason)))) FROM task_instance",
        "SELECT CONCAT_WS('|', COUNT(*), COUNT(DISTINCT instance_id)) FROM instance_event",
        "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
        "SELECT GROUP_CONCAT(DISTINCT CONCAT_WS('|', index_name, column_name, seq_in_index, non_unique) ORDER BY index_name, \
         seq_in_index) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'task_instance'",
    ];
    original.run("SET GLOBAL group_concat_max_len = 1000000").await;
    let mut found = Vec::new();
    for query in queries {
        found.push(original.text(query).await);
    }
    found
}

/// Whether the process ended by itself within a time; otherwise it is killed.
fn ends_within(child: &mut Child, bound: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < bound {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_adoption_is_started_again_and_ends_the_same() {
    let Some(whole) = with_many_runs().await else {
        return;
    };
    let dir = tempdir().unwrap();
    let args = ["adopt", "--yes", "--time-zone", "Asia/Shanghai"];
    let begun = Instant::now();
    let output = run_with(&mut command(dir.path(), &whole, &args), "");
    assert!(output.status.success(), "{}", errors(&output));
    let took = begun.elapsed();
    let expected = outcome(&whole).await;
    whole.drop().await;

    let killed = with_many_runs().await.unwrap();
    let mut kills = 0;
    loop {
        // Later and later, so that it ends at last.
        let most = took.mul_f64(0.6 + 0.3 * f64::from(kills));
        let bound = most.mul_f64(rand::rng().random_range(0.0..1.0));
        let mut adopt = command(dir.path(), &killed, &args);
        let mut child = adopt
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if ends_within(&mut child, bound) {
            break;
        }
        kills += 1;
        // Until it is complete nothing else runs on it.
        let finished = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'adoption'";
        let finished = killed.number(finished).await == 1
            && killed
                .number("SELECT COUNT(*) FROM adoption WHERE finished_at IS NOT NULL")
                .await
                == 1;
        if finished {
            break;
        }
        let serve = run_with(&mut command(dir.path(), &killed, &["serve", "--port", "0"]), "");
        assert_eq!(serve.status.code(), Some(4), "{}", errors(&serve));
    }
    assert_eq!(outcome(&killed).await, expected, "after {kills} kills");
    killed.drop().await;
}
