//! Keeps true what is known of the way to each partner: one that has not been heard for a while is called.
//!
//! Without this, a partner that is off looks connected until somebody runs something. Each process also calls every partner
//! once after its start, with our address: it may be another one than before.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use console_db::entity::partner;
use console_db::{naive, partners as rows};
use console_model::{PartnerId, PartnerTrust};
use console_peer::client::CallOptions;
use futures_util::StreamExt as _;

use crate::reconcile::Pass;
use crate::told::Told;
use crate::{App, AppError};

/// A partner that was heard within this time is not called.
const QUIET: TimeDelta = TimeDelta::seconds(30);
/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Most calls at a time.
const MAX_CALLS: usize = 8;
/// How often partners are looked at.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(20);

/// The partners that this process has told its address, by id.
#[derive(Debug, Default)]
pub(crate) struct Greeted(Mutex<HashSet<PartnerId>>);

impl Greeted {
    fn contains(&self, partner: &PartnerId) -> bool {
        self.lock().contains(partner)
    }

    fn add(&self, partner: &PartnerId) {
        self.lock().insert(partner.clone());
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<PartnerId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One pass: says hello to every paired partner that was not heard lately.
///
/// # Errors
/// When the database does not answer. A partner that does not answer is no error.
pub(crate) async fn keep(app: App) -> Result<Pass, AppError> {
    let before = naive(Utc::now() - QUIET);
    let mut paired = rows::with_trust(app.db().reader(), PartnerTrust::Paired).await?;
    paired.retain(|row| row.last_seen_at.is_none_or(|at| at < before) || !app.greeted().contains(&row.id));
    let calls = paired.into_iter().map(|row| say_hello(&app, row));
    let mut calls = futures_util::stream::iter(calls).buffer_unordered(MAX_CALLS);
    while let Some(done) = calls.next().await {
        done?;
    }
    Ok(Pass::Idle)
}

async fn say_hello(app: &App, row: partner::Model) -> Result<(), AppError> {
    let route = super::route(&row)?;
    let options = CallOptions {
        timeout: Some(TIMEOUT),
        ..CallOptions::default()
    };
    let said = app.peer().greet(&route, &options, &app.settings().base_url).await;
    if said.is_ok() {
        app.greeted().add(&row.id);
    }
    let error = match &said {
        Ok(hello) if row.fingerprint.as_deref() == Some(hello.fingerprint.to_string().as_str()) => None,
        Ok(_) => Some(Told::ours(
            "another console answers at the partner's address: its key is another one",
            "other_console",
        )),
        Err(error) => Some(Told::of_question(error)),
    };
    // What has not changed is not worth a word to those who look at it.
    if error.is_none() || error.as_ref().map(|told| &told.text) != row.last_error.as_ref() {
        rows::note_contact(app.db(), &row.id, error.as_ref().map(Told::as_unheard)).await?;
    }
    Ok(())
}
