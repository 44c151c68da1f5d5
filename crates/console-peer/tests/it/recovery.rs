use console_peer::base::RspCode;
use console_peer::client::{Doubt, Hop, PeerError, Speaks};
use console_peer::recovery::{Command, Recovery, after};

use crate::server::partner_key;

const ALL: [Command; 7] = [
    Command::ProjectCreate,
    Command::ProjectUpdate,
    Command::PairRoot,
    Command::PairVersion,
    Command::InstanceCreate,
    Command::InstanceUpdate,
    Command::Extension,
];

fn unknown() -> PeerError {
    PeerError::Unknown {
        doubt: Doubt::TimedOut,
        detail: String::new(),
    }
}

fn refused(code: RspCode) -> PeerError {
    PeerError::Refused {
        status: code.http_status(),
        code,
        message: String::new(),
        refusal: None,
    }
}

#[test]
fn a_base_partner_is_asked_where_a_repeat_would_be_refused() {
    for error in [unknown(), refused(RspCode::AlreadyExists)] {
        for (command, recovery) in ALL.into_iter().zip([
            Recovery::AskProject,
            Recovery::Repeat,
            Recovery::Repeat,
            Recovery::AskPairing,
            Recovery::AskInstance,
            Recovery::Repeat,
            Recovery::Repeat,
        ]) {
            assert_eq!(
                after(command, Speaks::Base, &error),
                recovery,
                "{command:?} {error}"
            );
        }
    }
}

#[test]
fn a_base_partners_database_refuses_the_repeat_of_a_version() {
    let error = refused(RspCode::Internal);
    for command in ALL {
        let expected = match command {
            Command::PairVersion => Recovery::AskPairing,
            _ => Recovery::GiveUp,
        };
        assert_eq!(after(command, Speaks::Base, &error), expected, "{command:?}");
    }
}

#[test]
fn a_paired_partner_gets_the_same_again_unless_it_said_no() {
    let paired = Speaks::Paired {
        receiver: partner_key().fingerprint(),
    };
    let unreachable = PeerError::Unreachable {
        hop: Hop::Tcp,
        detail: String::new(),
    };
    for command in ALL {
        assert_eq!(after(command, paired, &unknown()), Recovery::Repeat);
        assert_eq!(
            after(command, paired, &refused(RspCode::AlreadyExists)),
            Recovery::GiveUp
        );
        assert_eq!(
            after(command, paired, &refused(RspCode::Unauthenticated)),
            Recovery::Repeat
        );
        for speaks in [paired, Speaks::Base] {
            assert_eq!(after(command, speaks, &unreachable), Recovery::Repeat);
            assert_eq!(
                after(command, speaks, &refused(RspCode::PermissionDenied)),
                Recovery::GiveUp
            );
            assert_eq!(after(command, speaks, &PeerError::NotSpoken), Recovery::GiveUp);
        }
    }
}
