//! Ids as both sides compare them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization as _, is_nfkc};

/// A step that makes ids equal which people take for equal. Steps are taken in the order in which they are listed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdRule {
    /// Compatibility forms become plain ones (Unicode NFKC): full-width digits, composed and decomposed accents.
    Nfkc,
    /// White space and invisible characters at both ends go.
    Trim,
    /// Upper-case letters become lower-case ones.
    LowerCase,
    /// Whole numbers that a spreadsheet wrote become digits again: `123.0` and `1.23E+2` are `123`.
    WholeNumbers,
    /// Zeros in front of a number go.
    LeadingZeros,
}

/// The steps of a join, each once, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rules(Vec<IdRule>);

/// Numbers with more digits than these are written out by nobody.
const MAX_DIGITS: usize = 40;

impl Rules {
    pub(super) fn new(rules: &[IdRule]) -> Self {
        let mut rules = rules.to_vec();
        rules.sort_unstable();
        rules.dedup();
        Self(rules)
    }

    /// The id as it is compared.
    pub(super) fn apply<'a>(&self, id: &'a str) -> Cow<'a, str> {
        let mut id = Cow::Borrowed(id);
        for rule in &self.0 {
            if let Some(changed) = rule.apply(&id) {
                id = Cow::Owned(changed);
            }
        }
        id
    }

    /// In words, for both sides.
    pub(super) fn words(&self) -> String {
        let word = |rule: &IdRule| match rule {
            IdRule::Nfkc => "nfkc",
            IdRule::Trim => "trim",
            IdRule::LowerCase => "lower_case",
            IdRule::WholeNumbers => "whole_numbers",
            IdRule::LeadingZeros => "leading_zeros",
        };
        match self.0.as_slice() {
            [] => "none".to_owned(),
            rules => rules.iter().map(word).collect::<Vec<_>>().join(", "),
        }
    }
}

impl IdRule {
    /// The id after this step; none when it is the same.
    fn apply(self, id: &str) -> Option<String> {
        match self {
            Self::Nfkc => (!is_nfkc(id)).then(|| id.nfkc().collect()),
            Self::Trim => {
                let trimmed = id.trim_matches(is_blank);
                (trimmed.len() != id.len()).then(|| trimmed.to_owned())
            }
            Self::LowerCase => {
                let lower = id.to_lowercase();
                (lower != id).then_some(lower)
            }
            Self::WholeNumbers => whole_number(id).filter(|digits| digits != id),
            Self::LeadingZeros => {
                let digits = id.trim_start_matches('0');
                let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
                (is_number && digits.len() != id.len())
                    .then(|| if digits.is_empty() { "0" } else { digits }.to_owned())
            }
        }
    }
}

/// White space, and characters that nobody sees.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\0'
        )
}

/// The digits of a whole number with decimal places or an exponent.
fn whole_number(id: &str) -> Option<String> {
    let (number, exponent) = match id.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<usize>().ok()?),
        None => (id, 0),
    };
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(places) || exponent > MAX_DIGITS {
        return None;
    }
    let places = places.trim_end_matches('0');
    if places.len() > exponent || whole.len() + exponent > MAX_DIGITS {
        return None;
    }
    let zeros = "0".repeat(exponent - places.len());
    Some(format!("{whole}{places}{zeros}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Rules {
        use IdRule::{LeadingZeros, LowerCase, Nfkc, Trim, WholeNumbers};
        Rules::new(&[LeadingZeros, WholeNumbers, LowerCase, Trim, Nfkc, Trim])
    }

    #[test]
    fn what_people_take_for_equal_becomes_equal() {
        for (id, wanted) in [
            (" 123 ", "123"),
            ("\u{3000}１２３", "123"),
            ("123\u{200b}", "123"),
            ("00123", "123"),
            ("123.0", "123"),
            ("1.23E+2", "123"),
            ("1.23e2", "123"),
            ("0", "0"),
            ("000", "0"),
            ("Ab-9", "ab-9"),
            ("cafe\u{301}", "café"),
            ("1.5", "1.5"),
            ("1.234E+2", "1.234e+2"),
            ("1e999", "1e999"),
            ("e5", "e5"),
            ("-007", "-007"),
            ("", ""),
        ] {
            assert_eq!(all().apply(id), wanted, "{id:?}");
        }
        assert_eq!(
            all().words(),
            "nfkc, trim, lower_case, whole_numbers, leading_zeros"
        );
    }

    #[test]
    fn without_a_rule_nothing_changes() {
        let none = Rules::new(&[]);
        assert_eq!(
            (none.apply(" A ").as_ref(), none.words().as_str()),
            (" A ", "none")
        );
    }
}
