//! The last calls of partners and of unknown consoles that were refused here, for operators.
//!
//! They are kept in memory, in bounds for each party: what an operator should do about them is seen while the partner tries
//! again, and the log has all of them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use console_model::plain;

use crate::rights::{self, Action};
use crate::{App, AppError, Operator};

/// Most entries of one partner, and of all unknown consoles together.
const MAX_OF_ONE: usize = 10;
/// Most entries in all.
const MAX_ENTRIES: usize = 200;
/// The longest text of an entry, in characters.
const TEXT: usize = 300;

/// A call that was refused, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCall {
    /// The partner's id; none for a console that is no partner here.
    pub partner_id: Option<String>,
    /// The partner's name, or the address that the caller gives as its own.
    pub caller: Option<String>,
    /// Where the call came from.
    pub address: Option<String>,
    /// Method and path up to the first id: `POST /task_instance/peer`.
    pub call: String,
    /// What the caller was told.
    pub reason: String,
    /// The last time.
    pub at: DateTime<Utc>,
    /// How often it was refused for this reason.
    pub count: u64,
}

/// The refused calls of this process.
#[derive(Debug, Default)]
pub struct RefusedCalls(Mutex<VecDeque<RefusedCall>>);

impl RefusedCalls {
    /// Notes a refusal; the same again is counted.
    pub fn note(&self, mut call: RefusedCall) {
        call.caller = call.caller.map(|text| plain(&text, TEXT));
        call.reason = plain(&call.reason, TEXT);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |other: &RefusedCall| {
            (&other.partner_id, &other.caller, &other.call, &other.reason)
                == (&call.partner_id, &call.caller, &call.call, &call.reason)
        };
        let before = all.iter().position(same).and_then(|place| all.remove(place));
        call.count += before.map_or(0, |before| before.count);
        let of_caller = |other: &RefusedCall| other.partner_id == call.partner_id;
        if all.iter().filter(|other| of_caller(other)).count() >= MAX_OF_ONE {
            let oldest = all.iter().position(of_caller);
            oldest.and_then(|oldest| all.remove(oldest));
        }
        all.push_back(call);
        while all.len() > MAX_ENTRIES {
            all.pop_front();
        }
    }
}

/// The refused calls, the last one first.
///
/// # Errors
/// `forbidden` for whoever may not steer the system.
pub fn list(app: &App, operator: &Operator) -> Result<Vec<RefusedCall>, AppError> {
    rights::require(operator, Action::System)?;
    let all = app
        .refused_calls()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(all.iter().rev().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(partner: Option<&str>, reason: &str) -> RefusedCall {
        RefusedCall {
            partner_id: partner.map(str::to_owned),
            caller: None,
            address: None,
            call: "POST /project/peer".to_owned(),
            reason: reason.to_owned(),
            at: Utc::now(),
            count: 1,
        }
    }

    #[test]
    fn the_same_is_counted_and_strangers_push_nobody_out() {
        let calls = RefusedCalls::default();
        calls.note(call(Some("a"), "full"));
        calls.note(call(Some("a"), "full"));
        for number in 0..1000 {
            calls.note(call(None, &format!("stranger {number}")));
        }
        let all = calls.0.lock().unwrap();
        assert_eq!((all.len(), all[0].count), (1 + MAX_OF_ONE, 2));
        assert_eq!(all.back().unwrap().reason, "stranger 999");
    }
}
