//! "Is the way to this partner open, and if not, where does it end?"

use chrono::{DateTime, Utc};
use console_db::partners as rows;
use console_model::{PartnerId, PartnerTrust};
use console_peer::client::{CallOptions, CheckOutcome, CheckStep, Checked as Step, Partner as Route, Speaks};

use super::{Announced, Partner};
use crate::rights::{self, Action};
use crate::told::Told;
use crate::{App, AppError, Operator};

/// What a check found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// When.
    pub at: DateTime<Utc>,
    /// What it means, in one sentence.
    pub verdict: Verdict,
    /// Step by step, up to the first fault.
    pub steps: Vec<CheckStep>,
    /// The partner as it is known now.
    pub partner: Partner,
}

/// What a check means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The partner can be reached and accepts us.
    Good,
    /// It can be reached; our acceptance of its invitation has not come through yet.
    NotAcceptedYet,
    /// A step failed.
    Faulty,
}

impl Verdict {
    /// The word in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NotAcceptedYet => "not_accepted_yet",
            Self::Faulty => "faulty",
        }
    }
}

/// Checks the way to a partner, and notes what was found in its row. Calls the partner; takes a few time-outs at most.
///
/// # Errors
/// `not_found`.
pub async fn check(app: &App, operator: &Operator, id: &PartnerId) -> Result<Checked, AppError> {
    rights::require(operator, Action::Read)?;
    let row = super::find(app.db().reader(), id).await?;
    let route = super::route(&row)?;
    let steps = app.peer().diagnose(&route).await;
    let fault = steps.iter().find(|step| step.outcome == CheckOutcome::Failed);
    let verdict = match fault {
        None if row.trust == PartnerTrust::Pending => Verdict::NotAcceptedYet,
        None => Verdict::Good,
        Some(step) if row.trust == PartnerTrust::Pending && step.checked == Step::Signature => {
            Verdict::NotAcceptedYet
        }
        Some(_) => Verdict::Faulty,
    };
    let error = match verdict {
        Verdict::Good => None,
        Verdict::NotAcceptedYet => Some(Told::ours(
            "it has not taken up our acceptance of its invitation yet",
            "acceptance_waits",
        )),
        Verdict::Faulty => fault.map(|step| Told::ours(&step.detail, "way_has_fault")),
    };
    rows::note_contact(app.db(), &row.id, error.as_ref().map(Told::as_unheard)).await?;
    if fault.is_none() {
        note_announcement(app, &route, id).await?;
    }
    let partner = super::get(app, operator, id).await?;
    Ok(Checked {
        at: Utc::now(),
        verdict,
        steps,
        partner,
    })
}

/// Takes over what the partner says of itself: it may have been updated since it was paired.
async fn note_announcement(app: &App, route: &Route, id: &PartnerId) -> Result<(), AppError> {
    let Speaks::Paired { receiver } = route.speaks else {
        return Ok(());
    };
    let asked = Utc::now();
    let Ok(hello) = app.peer().hello(route, &CallOptions::default()).await else {
        return Ok(());
    };
    if hello.fingerprint != receiver {
        return Ok(());
    }
    let middle = asked + (Utc::now() - asked) / 2;
    let Announced { level, capabilities } = Announced::from(&hello);
    let said = rows::Announcement {
        protocol_level: i32::try_from(level).unwrap_or(i32::MAX),
        capabilities,
        clock_offset_ms: (hello.server_time - middle).num_milliseconds(),
    };
    Ok(rows::note_announcement(app.db(), id, said).await?)
}
