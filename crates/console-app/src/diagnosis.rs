//! What somebody who helps from afar needs to know of a console's database. Counts, states and times are chosen one by one:
//! no settings of tasks, no names of tables or columns of users, no keys, no tokens, no accounts.

use std::future::Future;

use console_db::outbox::{self, OutboxFilter};
use console_db::{Db, DbResult, Page, instances, partners, utc};
use console_model::{InstanceStatus, MessageState};
use serde_json::{Map, Value, json};

/// Most partners, and most messages of a state, that are told one by one.
const ROWS: u64 = 50;

/// What the database of a console holds, by part. A part that cannot be read has the error in its place.
pub async fn of_database(db: &Db) -> Value {
    json!({
        "rows": part(rows(db)).await,
        "runs": part(runs(db)).await,
        "partners": part(all_partners(db)).await,
        "messages": part(messages(db)).await,
    })
}

async fn part(work: impl Future<Output = DbResult<Value>>) -> Value {
    work.await
        .unwrap_or_else(|error| json!({ "error": error.to_string() }))
}

/// How many rows each table has.
async fn rows(db: &Db) -> DbResult<Value> {
    let sizes = console_db::table_sizes(db.reader()).await?;
    let sizes: Map<String, Value> = sizes
        .into_iter()
        .map(|(table, size)| match size {
            Some(rows) => (table, json!(rows)),
            None => (table, json!("unreadable")),
        })
        .collect();
    Ok(sizes.into())
}

/// How many runs are in each state.
async fn runs(db: &Db) -> DbResult<Value> {
    let counts = instances::count_by_status(db.reader()).await?;
    let counts: Map<String, Value> = counts
        .into_iter()
        .map(|(number, count)| {
            let state = InstanceStatus::from_number(number);
            let word = state.map_or_else(|_| format!("unknown {number}"), |state| state.word().to_owned());
            (word, json!(count))
        })
        .collect();
    Ok(counts.into())
}

async fn all_partners(db: &Db) -> DbResult<Value> {
    let rows = partners::list(db.reader(), &Page::first(ROWS)).await?;
    let rows = rows.into_iter().map(|partner| {
        json!({
            "id": partner.id,
            "trust": partner.trust.word(),
            "protocol_level": partner.protocol_level,
            "fingerprint_confirmed": partner.fingerprint_confirmed_at.is_some(),
            "last_seen_at": partner.last_seen_at.map(utc),
            "last_error": partner.last_error,
            "clock_offset_ms": partner.clock_offset_ms,
        })
    });
    Ok(rows.collect())
}

/// Messages that were not delivered.
async fn messages(db: &Db) -> DbResult<Value> {
    let mut found = Vec::new();
    for state in [MessageState::Waiting, MessageState::Refused] {
        let filter = OutboxFilter {
            state: Some(state),
            ..OutboxFilter::default()
        };
        for listed in outbox::list(db.reader(), &filter, &Page::first(ROWS)).await? {
            let row = listed.row;
            found.push(json!({
                "id": row.id,
                "partner_id": row.partner_id,
                "kind": row.kind,
                "about": row.ordering_key,
                "state": state.word(),
                "attempts": row.attempts,
                "queued_at": utc(row.gmt_create),
                "next_attempt_at": utc(row.next_attempt_at),
                "last_error": row.last_error,
            }));
        }
    }
    Ok(found.into())
}
