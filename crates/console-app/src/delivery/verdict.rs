//! What a partner's answer without success means: the one place where it is sorted.

use console_peer::client::{PeerError, Speaks};

use super::DeliveryError;

/// What an answer without success means for what was to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Not now; the same message again.
    TryAgain,
    /// What the message is about is not there, or not there any more.
    NobodyThere,
    /// A definite no.
    Refused,
}

impl Verdict {
    /// About something that both sides know. The caller itself is refused by a 403 then, because its partner has
    /// suspended it: that passes. A page that is no console's comes from what stands before it.
    pub(crate) const fn of(speaks: Speaks, error: &PeerError) -> Self {
        match (error, speaks) {
            (error, _) if error.is_retryable() => Self::TryAgain,
            (PeerError::Refused { status: 403, .. } | PeerError::NotSpoken, Speaks::Paired { .. }) => {
                Self::TryAgain
            }
            (PeerError::Refused { status: 404, .. }, _) => Self::NobodyThere,
            _ => Self::Refused,
        }
    }

    /// About the pairing of the consoles or of tasks, where a 403 is the answer to what was asked.
    pub(crate) const fn of_pairing(error: &PeerError) -> Self {
        match error {
            error if error.is_retryable() => Self::TryAgain,
            PeerError::Refused { status: 404, .. } => Self::NobodyThere,
            _ => Self::Refused,
        }
    }

    /// What becomes of the message when nobody being there is a refusal.
    pub(crate) fn as_error(self, error: &PeerError) -> DeliveryError {
        match self {
            Self::TryAgain => DeliveryError::Retry(error.into()),
            Self::NobodyThere | Self::Refused => DeliveryError::Refused(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use console_peer::base::RspCode;
    use console_peer::client::{Doubt, Hop};
    use console_peer::identity::IdentityKey;

    use super::*;

    fn refused(status: u16) -> PeerError {
        PeerError::Refused {
            status,
            code: RspCode::from_number(0),
            message: String::new(),
            refusal: None,
        }
    }

    #[test]
    fn only_an_answer_about_the_message_is_an_answer() {
        let paired = Speaks::Paired {
            receiver: IdentityKey::generate().fingerprint(),
        };
        let detail = String::new;
        let away = PeerError::Unreachable {
            hop: Hop::Tcp,
            detail: detail(),
        };
        let lost = PeerError::Unknown {
            doubt: Doubt::Dropped,
            detail: detail(),
        };
        for (error, of_paired, of_base) in [
            (away, Verdict::TryAgain, Verdict::TryAgain),
            (lost, Verdict::TryAgain, Verdict::TryAgain),
            (refused(401), Verdict::TryAgain, Verdict::TryAgain),
            (refused(403), Verdict::TryAgain, Verdict::Refused),
            (refused(404), Verdict::NobodyThere, Verdict::NobodyThere),
            (refused(400), Verdict::Refused, Verdict::Refused),
            (refused(409), Verdict::Refused, Verdict::Refused),
            (PeerError::NotSpoken, Verdict::TryAgain, Verdict::Refused),
        ] {
            assert_eq!(Verdict::of(paired, &error), of_paired, "{error}");
            assert_eq!(Verdict::of(Speaks::Base, &error), of_base, "{error}");
        }
        assert_eq!(Verdict::of_pairing(&refused(403)), Verdict::Refused);
    }
}
