//! What to do when the answer to a call was lost, or a repeat of it was refused.
//!
//! Between paired consoles the answer is always [`Recovery::Repeat`]: the command id makes the repeat harmless. A base
//! partner knows no command ids, so there it depends on the call:
//!
//! | call | what helps | |
//! | --- | --- | --- |
//! | project create | ask with [`project_check`](crate::client::PeerClient::project_check) | adopt the `project_id` |
//! | project update | repeat | a merge of the same config changes nothing |
//! | task pair, root | repeat | same answer |
//! | task pair, further version | ask with [`task_meta`](crate::client::PeerClient::task_meta) | its id cannot be learnt: a new version is needed |
//! | instance create | ask with [`instance_get`](crate::client::PeerClient::instance_get) | adopt the `id` |
//! | instance update | repeat | a command that holds already changes nothing |
//! | any reading | repeat | |

use crate::base::RspCode;
use crate::client::{PeerError, Speaks};

/// A call that changes something at the partner, as far as recovery is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `POST /project/peer`
    ProjectCreate,
    /// `PUT /project/peer/<id>`
    ProjectUpdate,
    /// `POST /task/peer/<id>` with `task_root` true
    PairRoot,
    /// `POST /task/peer/<id>` with `task_root` false
    PairVersion,
    /// `POST /task_instance/peer/<id>`
    InstanceCreate,
    /// `PUT /task_instance/peer/<id>`
    InstanceUpdate,
    /// Any call of the extensions
    Extension,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Send it again, with the same command id.
    Repeat,
    /// `GET /project/peer/<our id>`: adopt the `project_id`. 404: it was not done, repeat.
    AskProject,
    /// `GET /task_instance/peer/<our id>`: adopt the `id` of the row. 404: it was not done, repeat.
    AskInstance,
    /// `GET /task/peer/<our id>`. 404: it was not done, repeat. Otherwise it was done, and the partner's id cannot be
    /// learnt: make a new version, and say so to the operator.
    AskPairing,
    /// It is a definite no: tell the operator.
    GiveUp,
}

/// What helps after a call without a good answer.
#[must_use]
pub fn after(command: Command, speaks: Speaks, error: &PeerError) -> Recovery {
    let lost = match error {
        PeerError::NotAllowed(_) | PeerError::Unreachable { .. } | PeerError::TooLarge { .. } => {
            return Recovery::Repeat;
        }
        PeerError::Unknown { .. } => true,
        // A base partner refuses the repeat of what it has done, a version by the words of its database.
        PeerError::Refused { code, .. } => {
            let repeat = *code == RspCode::AlreadyExists
                || (*code == RspCode::Internal && command == Command::PairVersion);
            repeat && speaks == Speaks::Base
        }
        PeerError::NotSpoken | PeerError::Protocol(_) => false,
    };
    match (lost, speaks) {
        (false, _) if error.is_retryable() => Recovery::Repeat,
        (false, _) => Recovery::GiveUp,
        (true, Speaks::Paired { .. }) => Recovery::Repeat,
        (true, Speaks::Base) => match command {
            Command::ProjectCreate => Recovery::AskProject,
            Command::InstanceCreate => Recovery::AskInstance,
            Command::PairVersion => Recovery::AskPairing,
            Command::ProjectUpdate | Command::PairRoot | Command::InstanceUpdate | Command::Extension => {
                Recovery::Repeat
            }
        },
    }
}
