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

/// Most entries of one partner, and of all unknown consoles at one network address.
const MAX_OF_ONE: usize = 10;
/// Most entries of all unknown consoles together. Partners have room of their own.
const MAX_OF_STRANGERS: usize = 100;
/// Most entries of all partners together.
const MAX_OF_PARTNERS: usize = 200;
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
    /// The same as a word.
    pub reason_code: &'static str,
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
        // What a stranger says of itself can be made up; where it calls from cannot.
        let of_caller = |other: &RefusedCall| match &call.partner_id {
            Some(partner) => other.partner_id.as_ref() == Some(partner),
            None => other.partner_id.is_none() && other.address == call.address,
        };
        make_room(&mut all, MAX_OF_ONE, of_caller);
        let most = if call.partner_id.is_some() {
            MAX_OF_PARTNERS
        } else {
            MAX_OF_STRANGERS
        };
        make_room(&mut all, most, |other| {
            other.partner_id.is_some() == call.partner_id.is_some()
        });
        all.push_back(call);
    }
}

/// Drops the oldest entry of a kind of which there are as many as there may be.
fn make_room(all: &mut VecDeque<RefusedCall>, most: usize, of_kind: impl Fn(&RefusedCall) -> bool) {
    if all.iter().filter(|other| of_kind(other)).count() >= most {
        let oldest = all.iter().position(of_kind);
        oldest.and_then(|oldest| all.remove(oldest));
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
            reason_code: "refused",
            at: Utc::now(),
            count: 1,
        }
    }

    #[test]
    fn the_same_is_counted_and_strangers_push_nobody_out() {
        let calls = RefusedCalls::default();
        calls.note(call(Some("a"), "full"));
        calls.note(call(Some("a"), "full"));
        let at = |address: &str, reason: &str| RefusedCall {
            address: Some(address.to_owned()),
            ..call(None, reason)
        };
        calls.note(at("192.0.2.1", "a partner to be"));
        // One stranger that makes up a name for each call, and many strangers.
        for number in 0..1000 {
            calls.note(at("192.0.2.9", &format!("stranger {number}")));
        }
        let held = |reason: &str| calls.0.lock().unwrap().iter().any(|call| call.reason == reason);
        assert_eq!(calls.0.lock().unwrap().len(), 2 + MAX_OF_ONE);
        assert!(held("a partner to be") && held("stranger 999"));
        for number in 0..1000 {
            calls.note(at(&format!("198.51.100.{number}"), &format!("many {number}")));
        }
        assert_eq!(calls.0.lock().unwrap().len(), 1 + MAX_OF_STRANGERS);
        let all = calls.0.lock().unwrap();
        assert_eq!((all[0].partner_id.as_deref(), all[0].count), (Some("a"), 2));
    }
}
