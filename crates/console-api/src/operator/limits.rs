//! Limits that partners and users have reached, as part of other answers.

use chrono::{DateTime, Utc};
use console_app::reached_limits::{Reached, Subject};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{LimitCode, LimitUnit};

/// A limit that a partner or a user has reached: further things are refused or wait. It is told as long as it lasts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReachedLimit {
    #[schema(value_type = LimitCode)]
    code: &'static str,
    /// The partner whose limit it is.
    partner: Option<Named>,
    /// The user whose limit it is.
    user: Option<Named>,
    /// How much was taken when something was refused last.
    figure: u64,
    /// How much may be taken.
    limit: u64,
    #[schema(value_type = LimitUnit)]
    unit: &'static str,
    /// The setting by which an administrator changes the limit; null where the program has set it.
    setting: Option<&'static str>,
    /// When something was refused first.
    since: DateTime<Utc>,
}

/// Somebody, by id, with the name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    id: String,
    name: String,
}

impl From<Reached> for ReachedLimit {
    fn from(reached: Reached) -> Self {
        let Reached {
            limit,
            subject,
            figure,
            most,
            since,
        } = reached;
        let (partner, user) = match subject {
            Subject::Partner(id, name) => (Some(Named { id: id.into(), name }), None),
            Subject::User(id, name) => (None, Some(Named { id: id.into(), name })),
        };
        Self {
            code: limit.word(),
            partner,
            user,
            figure,
            limit: most,
            unit: limit.unit().word(),
            setting: limit.setting(),
            since,
        }
    }
}
