use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// Why a text is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a task version has 1 to 32 letters, digits, dots, dashes or underscores, not {0:?}")]
pub struct VersionError(String);

/// A task version: the text `YYYYMMDDHHMMSS` at UTC+8, as the original makes it.
///
/// The side that creates a version chooses the text; a partner's may have any form of 1 to 32 plain characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskVersion(String);

const FORM: &str = "%Y%m%d%H%M%S";

impl TaskVersion {
    /// The version that is made at a moment.
    #[must_use]
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(
            (moment.naive_utc() + TimeDelta::hours(8))
                .format(FORM)
                .to_string(),
        )
    }

    /// The version one second later, for when this one is taken. A version of another form gets `-1` appended.
    #[must_use]
    pub fn next(&self) -> Self {
        NaiveDateTime::parse_from_str(&self.0, FORM).map_or_else(
            |_| Self(format!("{}-1", self.0)),
            |moment| Self((moment + TimeDelta::seconds(1)).format(FORM).to_string()),
        )
    }

    /// Checks a partner's or an adopted version.
    ///
    /// # Errors
    /// [`VersionError`] when the text has another form.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if (1..=32).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(VersionError(text.chars().take(40).collect()))
        }
    }

    /// The version as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TaskVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_time_at_utc_plus_8() {
        let moment = DateTime::parse_from_rfc3339("2026-11-23T15:11:26Z")
            .unwrap()
            .to_utc();
        assert_eq!(TaskVersion::at(moment).as_str(), "20261123231126");
    }

    #[test]
    fn the_next_version_crosses_midnight() {
        let version = TaskVersion::parse("20261231235959").unwrap();
        assert_eq!(version.next().as_str(), "20270101000000");
        assert_eq!(TaskVersion::parse("v2").unwrap().next().as_str(), "v2-1");
    }

    #[test]
    fn odd_texts_are_refused() {
        for bad in ["", "a b", "../x", &"1".repeat(33), "ä"] {
            assert!(TaskVersion::parse(bad).is_err(), "{bad:?}");
        }
    }
}
