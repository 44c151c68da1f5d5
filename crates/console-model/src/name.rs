use crate::plain_text::is_unseen;

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Longer than the column.
    #[error("must have at most {limit} characters, this has {found}")]
    TooLong {
        /// The most, in characters.
        limit: usize,
        /// What was given, in characters.
        found: usize,
    },
    /// Control characters, and others that are not seen, have no place in a name.
    #[error("must not contain the character {0:?}, which nobody sees")]
    Control(char),
}

/// A name or token that a person typed: not empty, no characters that nobody sees, trimmed, at most `LIMIT` characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlainName<const LIMIT: usize = 256>(String);

impl<const LIMIT: usize> PlainName<LIMIT> {
    /// Checks a text; white space around it is dropped.
    ///
    /// # Errors
    /// [`NameError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let found = text.chars().count();
        if found > LIMIT {
            return Err(NameError::TooLong { limit: LIMIT, found });
        }
        match text.chars().find(|c| is_unseen(*c)) {
            Some(c) => Err(NameError::Control(c)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as owned text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const LIMIT: usize> std::fmt::Display for PlainName<LIMIT> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The form in which an original console compares text: without regard to case and trailing spaces.
///
/// We compare exactly, but refuse to make two tokens whose folded forms are equal, because a partner that runs the
/// original console could not tell them apart.
#[must_use]
pub fn fold(text: &str) -> String {
    text.trim_end().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(PlainName::<5>::parse(" ab ").unwrap().as_str(), "ab");
        assert_eq!(PlainName::<5>::parse("  "), Err(NameError::Empty));
        assert_eq!(
            PlainName::<2>::parse("abc"),
            Err(NameError::TooLong { limit: 2, found: 3 })
        );
        assert_eq!(PlainName::<5>::parse("a\u{7}b"), Err(NameError::Control('\u{7}')));
    }

    #[test]
    fn tokens_that_differ_by_case_or_trailing_space_fold_alike() {
        assert_eq!(fold("Tok "), fold("tok"));
        assert_ne!(fold(" tok"), fold("tok"));
    }
}
