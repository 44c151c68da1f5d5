//! What runs leave behind: log, metrics, results, the position in the channel.

use console_db::log_chunks::{self, NewChunk};
use console_db::metrics::{self, NewPoint};
use console_db::{channel_positions, results};
use console_model::InstanceId;
use serde_json::{Value, json};

use crate::rows::id;
use crate::support::{Fixture, moment};

on_each!(log_index old_log_lines_expire points named_results positions);

fn chunk(no: i32, first_line: i64, line_count: i32, byte_count: i32) -> NewChunk {
    NewChunk {
        instance_id: id("i1"),
        attempt: 1,
        chunk_no: no,
        first_line,
        line_count,
        byte_count,
        object_key: format!("logs/i1/1/{no}"),
        first_at: moment(0),
        last_at: moment(1),
    }
}

async fn log_index(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    assert_eq!(log_chunks::last(db, &i1, 1).await.unwrap(), None);
    assert_eq!(log_chunks::total_bytes(db, &i1, 1).await.unwrap(), 0);
    assert!(log_chunks::from_line(db, &i1, 1, 0, 9).await.unwrap().is_empty());
    let big = i32::MAX;
    for new in [
        chunk(0, 0, 10, big),
        chunk(1, 10, 5, 1),
        chunk(1, 10, 6, big),
        chunk(2, 16, 4, big),
    ] {
        log_chunks::insert(db, new).await.unwrap();
    }
    let mut other = chunk(0, 0, 10, 7);
    other.attempt = 2;
    log_chunks::insert(db, other).await.unwrap();
    let last = log_chunks::last(db, &i1, 1).await.unwrap().unwrap();
    assert_eq!((last.chunk_no, last.first_line, last.line_count), (2, 16, 4));
    let bytes = log_chunks::total_bytes(db, &i1, 1).await.unwrap();
    assert_eq!(
        bytes,
        3 * u64::from(big.unsigned_abs()),
        "more than 32 bits, and a repetition counts once"
    );
    assert_eq!(log_chunks::total_bytes(db, &i1, 2).await.unwrap(), 7);
    let from = async |line: i64, limit: u64| {
        let found = log_chunks::from_line(db, &i1, 1, line, limit).await.unwrap();
        found.iter().map(|row| row.chunk_no).collect::<Vec<_>>()
    };
    assert_eq!(from(0, 9).await, [0, 1, 2]);
    assert_eq!(from(9, 2).await, [0, 1]);
    assert_eq!(from(10, 9).await, [1, 2]);
    assert_eq!(from(19, 9).await, [2]);
    assert!(from(20, 9).await.is_empty(), "the log is shorter");
}

async fn old_log_lines_expire(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    for no in 0..4 {
        let mut new = chunk(no, i64::from(no) * 10, 10, 1);
        new.last_at = moment(i64::from(no));
        log_chunks::insert(db, new).await.unwrap();
    }
    let numbers = |rows: &[console_db::entity::log_chunk::Model]| {
        rows.iter().map(|row| row.chunk_no).collect::<Vec<_>>()
    };
    let before = async |no: Option<i32>, limit: u64| {
        numbers(&log_chunks::before(db, &i1, 1, no, limit).await.unwrap())
    };
    assert_eq!(before(None, 2).await, [3, 2]);
    assert_eq!(before(Some(2), 9).await, [1, 0]);
    let older = log_chunks::older(db, moment(2), 2).await.unwrap();
    assert_eq!(numbers(&older), [0, 1]);
    assert_eq!(log_chunks::expired(db, &i1, 1).await.unwrap(), None);
    for last in [&older[1], &log_chunks::older(db, moment(2), 9).await.unwrap()[2]] {
        let tx = t.db.begin().await.unwrap();
        log_chunks::expire(&tx, last, moment(99)).await.unwrap();
        tx.commit().await.unwrap();
        let gone = log_chunks::expired(db, &i1, 1).await.unwrap().unwrap();
        assert_eq!((gone.chunk_no, gone.lines), (last.chunk_no, last.first_line + 10));
        assert_eq!(gone.at, console_db::naive(moment(99)));
    }
    assert_eq!(before(None, 9).await, [3]);
    assert_eq!(log_chunks::expired(db, &i1, 2).await.unwrap(), None);
}

async fn points(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    let point = |name: &str, step: i64, value: f64| NewPoint {
        name: name.to_owned(),
        step,
        value,
        at: moment(step),
    };
    metrics::insert(db, &i1, 1, &[]).await.unwrap();
    let first = [
        point("loss", 0, 0.75),
        point("loss", 1, 0.5),
        point("loss", 1, 0.25),
        point("auc", 0, f64::NAN),
    ];
    metrics::insert(db, &i1, 1, &first).await.unwrap();
    metrics::insert(db, &i1, 1, &first).await.unwrap();
    let again = [point("loss", 0, 1e308), point("loss", -3, f64::NEG_INFINITY)];
    metrics::insert(db, &i1, 1, &again).await.unwrap();
    metrics::insert(db, &i1, 2, &[point("other", 0, 1.0)])
        .await
        .unwrap();
    let counts = async |after: Option<i64>| {
        let found = metrics::counts(db, &i1, 1, after).await.unwrap();
        found
            .into_iter()
            .map(|one| (one.name, one.points))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        counts(None).await,
        [("auc".to_owned(), 0), ("loss".to_owned(), 2)]
    );
    assert_eq!(counts(Some(0)).await, [("loss".to_owned(), 1)]);
    let values = |rows: Vec<console_db::entity::metric_point::Model>| {
        rows.into_iter()
            .map(|row| (row.step, row.value))
            .collect::<Vec<_>>()
    };
    let loss = metrics::points(db, &i1, 1, "loss", None, 10).await.unwrap();
    assert_eq!(values(loss), [(-3, None), (0, Some(1e308)), (1, Some(0.25))]);
    let behind = metrics::points(db, &i1, 1, "loss", Some(-3), 1).await.unwrap();
    assert_eq!(values(behind), [(0, Some(1e308))]);
    let many: Vec<NewPoint> = (0..2500_u32)
        .map(|step| point("many", i64::from(step), f64::from(step)))
        .collect();
    let tx = t.db.begin().await.unwrap();
    metrics::insert(&tx, &i1, 3, &many).await.unwrap();
    tx.commit().await.unwrap();
    let last = metrics::points(db, &i1, 3, "many", Some(2498), 10).await.unwrap();
    assert_eq!(values(last), [(2499, Some(2499.0))]);
}

async fn named_results(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    results::put(db, &i1, 1, "model", &json!({"key": "a", "size": 3}))
        .await
        .unwrap();
    results::put(db, &i1, 1, "count", &json!(1)).await.unwrap();
    results::put(db, &i1, 1, "count", &json!(i64::MAX)).await.unwrap();
    results::put(db, &i1, 2, "count", &Value::Null).await.unwrap();
    let list = results::list(db, &i1, 1).await.unwrap();
    let pairs: Vec<(&str, &Value)> = list.iter().map(|row| (row.name.as_str(), &row.value)).collect();
    assert_eq!(
        pairs,
        [
            ("count", &json!(i64::MAX)),
            ("model", &json!({"key": "a", "size": 3}))
        ]
    );
    assert_eq!(results::list(db, &i1, 2).await.unwrap()[0].value, Value::Null);
}

async fn positions(t: Fixture) {
    let db = t.db.writer();
    let i1: InstanceId = id("i1");
    // Through the writer, so that on SQLite it waits for the transaction before it.
    let at = async |attempt: u32| channel_positions::acknowledged(db, &i1, attempt).await.unwrap();
    assert_eq!(at(1).await, 0);
    channel_positions::acknowledge(db, &i1, 1, 5).await.unwrap();
    channel_positions::acknowledge(db, &i1, 1, 3).await.unwrap();
    assert_eq!(at(1).await, 5, "it never goes back");
    channel_positions::acknowledge(db, &i1, 1, 5).await.unwrap();
    let tx = t.db.begin().await.unwrap();
    channel_positions::acknowledge(&tx, &i1, 1, 1 << 40)
        .await
        .unwrap();
    channel_positions::acknowledge(&tx, &i1, 2, 1).await.unwrap();
    channel_positions::acknowledge(&tx, &i1, 2, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((at(1).await, at(2).await), (1 << 40, 1));
}
