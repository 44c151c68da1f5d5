//! Why a run changed its state: a word for programs, and the sentence for people.

use std::fmt;

/// Why a run changed its state, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunReasonCode {
    /// Both sides know the run, so it starts.
    BothKnow,
    /// The partner's half failed; with what it says of it.
    PartnerFailed,
    /// The partner lost the run.
    PartnerLost,
    /// The partner stopped the run.
    PartnerStopped,
    /// The partner refused the run; with its words.
    PartnerRefused,
    /// The partner refused to start its half; with its words.
    PartnerRefusedStart,
    /// The partner's half cannot be started again; with its state.
    PartnerCannotStart,
    /// The partner asked for the run and does not know it.
    PartnerUnknowing,
    /// The partner deleted its half.
    PartnerDeleted,
    /// The partner began another attempt.
    PartnerAnew,
    /// The partner was silent for too long; with the seconds.
    PartnerSilent,
    /// The partner ended the pairing.
    PartnerUnpaired,
    /// The pairing was ended here.
    Unpaired,
    /// An operator accepted every run of the version.
    StandingConsent,
    /// The partner's request was refused here; with the reason.
    ConsentRefused,
    /// Nobody answered the partner's request in time.
    ConsentExpired,
    /// In the words of an engine, or of this console for want of a word.
    Said,
}

impl RunReasonCode {
    const ALL: [Self; 17] = [
        Self::BothKnow,
        Self::PartnerFailed,
        Self::PartnerLost,
        Self::PartnerStopped,
        Self::PartnerRefused,
        Self::PartnerRefusedStart,
        Self::PartnerCannotStart,
        Self::PartnerUnknowing,
        Self::PartnerDeleted,
        Self::PartnerAnew,
        Self::PartnerSilent,
        Self::PartnerUnpaired,
        Self::Unpaired,
        Self::StandingConsent,
        Self::ConsentRefused,
        Self::ConsentExpired,
        Self::Said,
    ];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::BothKnow => "both_know",
            Self::PartnerFailed => "partner_failed",
            Self::PartnerLost => "partner_lost",
            Self::PartnerStopped => "partner_stopped",
            Self::PartnerRefused => "partner_refused",
            Self::PartnerRefusedStart => "partner_refused_start",
            Self::PartnerCannotStart => "partner_cannot_start",
            Self::PartnerUnknowing => "partner_unknowing",
            Self::PartnerDeleted => "partner_deleted",
            Self::PartnerAnew => "partner_anew",
            Self::PartnerSilent => "partner_silent",
            Self::PartnerUnpaired => "partner_unpaired",
            Self::Unpaired => "unpaired",
            Self::StandingConsent => "standing_consent",
            Self::ConsentRefused => "consent_refused",
            Self::ConsentExpired => "consent_expired",
            Self::Said => "said",
        }
    }

    /// The code of a word; none for one of a newer version.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::BothKnow => "Both sides know the run",
            Self::PartnerFailed => "The partner's half failed",
            Self::PartnerLost => "The partner lost the run",
            Self::PartnerStopped => "The partner stopped the run",
            Self::PartnerRefused => "The partner refused the run",
            Self::PartnerRefusedStart => "The partner refused to start its half",
            Self::PartnerCannotStart => {
                "The partner's half cannot be started again, run the task anew; its state there"
            }
            Self::PartnerUnknowing => {
                "The partner asked for the run and does not know it: our answer did not reach it"
            }
            Self::PartnerDeleted => "The partner deleted its half of the run",
            Self::PartnerAnew => "The partner began another attempt",
            Self::PartnerSilent => "The partner was silent for too long, in seconds",
            Self::PartnerUnpaired => "The partner ended the pairing",
            Self::Unpaired => "The pairing with the partner was ended",
            Self::StandingConsent => "An operator accepted every run of this version",
            Self::ConsentRefused => "The request was refused",
            Self::ConsentExpired => "Nobody answered the request in time",
            Self::Said => "",
        }
    }
}

/// Why a run changed its state. As text it is a sentence in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReason {
    /// As a word.
    pub code: RunReasonCode,
    /// More about it: somebody's words, or a number.
    pub detail: Option<String>,
    /// Words in simplified Chinese, where whoever said them has them in both languages.
    pub detail_zh: Option<String>,
}

impl RunReason {
    /// With more about it, where there is more.
    #[must_use]
    pub fn with(code: RunReasonCode, detail: Option<impl Into<String>>) -> Self {
        Self {
            code,
            detail: detail.map(Into::into),
            detail_zh: None,
        }
    }

    /// With the same words in simplified Chinese, where there are any.
    #[must_use]
    pub fn in_chinese(mut self, detail: Option<impl Into<String>>) -> Self {
        self.detail_zh = detail.map(Into::into);
        self
    }

    /// In the words of an engine.
    pub fn said(words: impl Into<String>) -> Self {
        Self::with(RunReasonCode::Said, Some(words))
    }
}

impl From<RunReasonCode> for RunReason {
    fn from(code: RunReasonCode) -> Self {
        Self {
            code,
            detail: None,
            detail_zh: None,
        }
    }
}

impl fmt::Display for RunReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, &self.detail) {
            (RunReasonCode::Said, detail) => f.write_str(detail.as_deref().unwrap_or_default()),
            (code, Some(detail)) => write!(f, "{}: {detail}", code.sentence()),
            (code, None) => write!(f, "{}.", code.sentence()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_again_and_every_reason_is_a_sentence() {
        for code in RunReasonCode::ALL {
            assert_eq!(RunReasonCode::from_word(code.word()), Some(code));
            assert!(code == RunReasonCode::Said || RunReason::from(code).to_string().ends_with('.'));
        }
        let failed = RunReason::with(RunReasonCode::PartnerFailed, Some("no rows"));
        assert_eq!(failed.to_string(), "The partner's half failed: no rows");
        assert_eq!(RunReason::said("as it is").to_string(), "as it is");
    }
}
