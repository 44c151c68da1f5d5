#![expect(clippy::disallowed_methods, reason = "operators do not see who holds a lease")]

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use console_model::{MessageState, PartnerId, PartnerTrust};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::db::Db;
use crate::entity::outbox_message::{ActiveModel, Column, Entity, Model};
use crate::entity::partner;
use crate::error::DbResult;
use crate::time::{after, naive};

fn free(now: NaiveDateTime) -> Condition {
    Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lte(now))
}

/// An older message of the same queue that still waits, whether it is due or not.
fn older_waiting() -> SelectStatement {
    let older = Alias::new("older");
    let same = |column: Column| Expr::col((older.clone(), column)).equals((Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, older.clone())
        .and_where(same(Column::PartnerId))
        .and_where(same(Column::OrderingKey))
        .and_where(Expr::col((older.clone(), Column::State)).eq(MessageState::Waiting))
        .and_where(Expr::col((older.clone(), Column::Seq)).lt(Expr::col((Entity, Column::Seq))))
        .take()
}

fn suspended() -> SelectStatement {
    Query::select()
        .column(partner::Column::Id)
        .from(partner::Entity)
        .and_where(partner::Column::Trust.eq(PartnerTrust::Suspended))
        .take()
}

/// How many messages may be under way, in all and to one partner.
#[derive(Debug, Clone)]
pub struct Room {
    /// The most in all.
    pub total: usize,
    /// The most to one partner.
    pub to_one: usize,
    /// How many are under way to each partner, by its id.
    pub under_way: HashMap<PartnerId, usize>,
}

impl Room {
    /// Room for so many, to whomever.
    #[must_use]
    pub fn of(total: usize) -> Self {
        Self {
            total,
            to_one: total,
            under_way: HashMap::new(),
        }
    }

    fn free(&self) -> usize {
        self.total.saturating_sub(self.under_way.values().sum())
    }

    fn full_partners(&self) -> Vec<PartnerId> {
        let full = |(_, count): &(&PartnerId, &usize)| **count >= self.to_one;
        self.under_way
            .iter()
            .filter(full)
            .map(|(partner, _)| partner.clone())
            .collect()
    }

    /// Takes a place for a message to a partner, if there is one.
    fn take(&mut self, partner: &PartnerId) -> bool {
        let free = self.free() > 0;
        let count = self.under_way.entry(partner.clone()).or_default();
        let taken = free && *count < self.to_one;
        *count += usize::from(taken);
        taken
    }
}

fn due(at: NaiveDateTime, limit: usize) -> Select<Entity> {
    Entity::find()
        .filter(Column::State.eq(MessageState::Waiting))
        .filter(Column::NextAttemptAt.lte(at))
        .filter(free(at))
        .filter(Expr::not_exists(older_waiting()))
        .filter(Column::PartnerId.not_in_subquery(suspended()))
        .order_by_asc(Column::NextAttemptAt)
        .limit(limit as u64)
}

/// What is due and has room, the longest waiting first. A partner with more than its share does not hide the others.
async fn candidates(db: &Db, at: NaiveDateTime, mut room: Room) -> DbResult<Vec<Model>> {
    let mut chosen: Vec<Model> = Vec::new();
    loop {
        let free = room.free();
        if free == 0 {
            return Ok(chosen);
        }
        let found = due(at, free)
            .filter(Column::PartnerId.is_not_in(room.full_partners()))
            .filter(Column::Seq.is_not_in(chosen.iter().map(|message| message.seq)))
            .all(db.reader())
            .await?;
        let (seen, before) = (found.len(), chosen.len());
        chosen.extend(found.into_iter().filter(|message| room.take(&message.partner_id)));
        // All that is due was seen, or all that was seen has room.
        if seen < free || chosen.len() - before == seen {
            return Ok(chosen);
        }
    }
}

/// Leases messages that are due, as many as there is room for: of each queue (partner and ordering key) only the oldest that waits,
/// unless somebody else holds it. A lease that ran out is taken over. Messages to suspended partners wait.
///
/// Two processes that ask at the same time never get the same message.
///
/// # Errors
/// Any error of the database.
pub async fn lease_due(
    db: &Db,
    owner: &str,
    now: DateTime<Utc>,
    lease: Duration,
    room: Room,
) -> DbResult<Vec<Model>> {
    let (at, until) = (naive(now), after(now, lease));
    let mut due = candidates(db, at, room).await?;
    if due.is_empty() {
        return Ok(due);
    }
    // One order in every process, so that two cannot wait for each other.
    due.sort_by_key(|message| message.seq);
    let tx = db.begin().await?;
    let mut won = Vec::with_capacity(due.len());
    for mut message in due {
        let done = Entity::update_many()
            .set(ActiveModel {
                lease_owner: Set(Some(owner.to_owned())),
                lease_until: Set(Some(until)),
                ..Default::default()
            })
            .filter(Column::Seq.eq(message.seq))
            .filter(Column::State.eq(MessageState::Waiting))
            .filter(Column::NextAttemptAt.lte(at))
            .filter(free(at))
            .exec(&tx)
            .await?;
        if done.rows_affected == 1 {
            message.lease_owner = Some(owner.to_owned());
            message.lease_until = Some(until);
            won.push(message);
        }
    }
    tx.commit().await?;
    Ok(won)
}

/// Gives back every lease of an owner: at its start, when it holds those of its predecessor. Tells how many.
///
/// # Errors
/// Any error of the database.
pub async fn release_all(conn: &impl ConnectionTrait, owner: &str) -> DbResult<u64> {
    let done = Entity::update_many()
        .set(ActiveModel {
            lease_owner: Set(None),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(Column::State.eq(MessageState::Waiting))
        .filter(Column::LeaseOwner.eq(owner))
        .exec(conn)
        .await?;
    Ok(done.rows_affected)
}

#[cfg(test)]
mod tests {
    use sea_orm::QueryTrait as _;

    use super::*;
    use crate::config::{DbConfig, DbUrl};
    use crate::time::now;

    #[tokio::test]
    async fn what_is_due_is_found_by_an_index_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let config = DbConfig::new(DbUrl::sqlite(&folder.path().join("console.db")));
        let db = Db::connect(&config).await.unwrap();
        migration::apply(db.writer()).await.unwrap();
        let mut query = due(now(), 10).build(db.backend());
        query.sql = format!("EXPLAIN QUERY PLAN {}", query.sql);
        let rows = db.reader().query_all_raw(query).await.unwrap();
        let steps: Vec<String> = rows
            .iter()
            .map(|row| row.try_get("", "detail").unwrap())
            .collect();
        let has = |text: &str| steps.iter().any(|step| step.contains(text));
        assert!(
            has("SEARCH outbox_message USING INDEX ix_outbox_message_due"),
            "{steps:#?}"
        );
        assert!(
            has("SEARCH older USING COVERING INDEX ix_outbox_message_queue"),
            "{steps:#?}"
        );
        assert!(
            !has("SCAN outbox_message") && !has("SCAN older") && !has("TEMP B-TREE"),
            "{steps:#?}"
        );
    }
}
