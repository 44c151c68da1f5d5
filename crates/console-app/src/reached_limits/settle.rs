//! The reconciler of reached limits: forgets what is over.

use std::time::Duration;

use chrono::Utc;
use console_db::entity::reached_limit;
use console_db::instances::LeftOut;
use console_db::{instances, pairings, projects, reached_limits as rows, stored_files, utc};
use console_model::{InstanceStatus, PartnerId, UserId};

use super::{Limit, Refusal};
use crate::reconcile::Pass;
use crate::{App, AppError};

/// More rows than these are looked at in a later pass.
const BATCH: u64 = 1000;

/// One pass: notes whose runs wait for a place, and forgets what is over.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn settle(app: App) -> Result<Pass, AppError> {
    let runs = &app.settings().runs;
    let (left_out, _) = app.jobs().room(runs.max_for_partners, runs.max_per_partner);
    let known = rows::list(app.db().reader(), BATCH).await?;
    let is_of_places = |row: &reached_limit::Model| Limit::from_word(&row.code).is_some_and(is_place);
    let waiting = if left_out != LeftOut::default() || known.iter().any(is_of_places) {
        let states = InstanceStatus::WITH_ENGINE;
        instances::waiting_for_a_place(app.db().reader(), states, Utc::now()).await?
    } else {
        Vec::new()
    };
    note_places(&app, &left_out, &waiting).await;
    for row in known {
        // What only a later version knows is its own matter.
        let Some(limit) = Limit::from_word(&row.code) else {
            continue;
        };
        if is_over(&app, limit, &row, &waiting).await? {
            app.noted_limits().forget(limit, &row.subject);
            rows::clear(app.db(), limit.of(), &row).await?;
        }
    }
    Ok(Pass::Idle)
}

const fn is_place(limit: Limit) -> bool {
    matches!(limit, Limit::PartnerPlaces | Limit::AllPartnersPlaces)
}

/// A place is not refused to anybody: the run waits. So it is looked at who waits for no other reason.
async fn note_places(app: &App, left_out: &LeftOut, waiting: &[PartnerId]) {
    let runs = &app.settings().runs;
    for partner in waiting {
        let (limit, most) = if left_out.partners.contains(partner) {
            (Limit::PartnerPlaces, runs.max_per_partner)
        } else if left_out.all {
            (Limit::AllPartnersPlaces, runs.max_for_partners)
        } else {
            continue;
        };
        let (figure, most) = (most as u64, most as u64);
        Refusal { limit, figure, most }.note(app, partner.as_str()).await;
    }
}

/// Whether a limit is reached no more: less is taken than when something was refused last, or an administrator has set
/// another limit, or nothing was refused for a while.
async fn is_over(
    app: &App,
    limit: Limit,
    row: &reached_limit::Model,
    waiting: &[PartnerId],
) -> Result<bool, AppError> {
    if limit
        .set(app.settings())
        .is_some_and(|most| most != row.most.unsigned_abs())
    {
        return Ok(true);
    }
    let db = app.db().reader();
    let partner = || PartnerId::parse(&row.subject).map_err(AppError::internal);
    let taken = match limit {
        Limit::PartnerProjects => projects::count_made_by(db, &partner()?).await?,
        Limit::PartnerRuns => instances::count_asked_by(db, &partner()?, InstanceStatus::STOPPABLE).await?,
        Limit::PartnerEndedRuns => {
            instances::count_asked_by(db, &partner()?, InstanceStatus::TERMINAL).await?
        }
        Limit::PartnerVersions => pairings::count_versions_made_by(db, &partner()?).await?,
        Limit::UserFiles => {
            let user = UserId::parse(&row.subject).map_err(AppError::internal)?;
            stored_files::bytes_of(db, &user).await?
        }
        Limit::PartnerPlaces | Limit::AllPartnersPlaces => {
            return Ok(waiting.iter().all(|partner| *partner != *row.subject));
        }
        // These come and go; whoever is refused tries again sooner than this.
        Limit::PartnerChannelBytes | Limit::UserUploads | Limit::UserStreams => return Ok(is_quiet(row, 30)),
        Limit::PartnerRequestBytes => return Ok(is_quiet(row, 120)),
        Limit::PartnerCommands => return Ok(is_quiet(row, 300)),
    };
    Ok(taken < row.figure.unsigned_abs())
}

fn is_quiet(row: &reached_limit::Model, seconds: u64) -> bool {
    let since = (Utc::now() - utc(row.last_at)).to_std().unwrap_or_default();
    since > Duration::from_secs(seconds)
}
