//! How the ids of a side look as a whole, to say why two sides have none in common.

use serde::{Deserialize, Serialize};
use task_interface::Text;
use unicode_normalization::is_nfc;

use super::normalize::is_blank;

/// A property of the text of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    Blanks,
    UpperCase,
    LowerCase,
    LeadingZeros,
    DecimalZero,
    Scientific,
    FullWidth,
    Decomposed,
    Hash,
    Nul,
}

const TRAITS: [Trait; 10] = [
    Trait::Blanks,
    Trait::UpperCase,
    Trait::LowerCase,
    Trait::LeadingZeros,
    Trait::DecimalZero,
    Trait::Scientific,
    Trait::FullWidth,
    Trait::Decomposed,
    Trait::Hash,
    Trait::Nul,
];

impl Trait {
    fn holds(self, id: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Blanks => id.starts_with(is_blank) || id.ends_with(is_blank),
            Self::UpperCase => id.chars().any(char::is_uppercase),
            Self::LowerCase => id.chars().any(char::is_lowercase),
            Self::LeadingZeros => id.len() > 1 && id.starts_with('0') && digits(id),
            Self::DecimalZero => id.split_once('.').is_some_and(|(whole, places)| {
                digits(whole) && digits(places) && places.bytes().all(|b| b == b'0')
            }),
            Self::Scientific => id.split_once(['e', 'E']).is_some_and(|(number, exponent)| {
                let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
                digits(exponent) && number.contains('.') && digits(&number.replacen('.', "", 1))
            }),
            Self::FullWidth => id.chars().any(|c| ('\u{ff01}'..='\u{ff5e}').contains(&c)),
            Self::Decomposed => !is_nfc(id),
            Self::Hash => {
                matches!(id.len(), 32 | 40 | 64 | 96 | 128) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            Self::Nul => id.contains('\0'),
        }
    }

    /// What our own ids have, and what to do about it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Blanks => ("white space at an end", "首尾有空白字符"),
            Self::UpperCase => ("upper-case letters", "含大写字母"),
            Self::LowerCase => ("lower-case letters", "含小写字母"),
            Self::LeadingZeros => ("zeros in front", "有前导零"),
            Self::DecimalZero => ("the form `123.0`", "形如 `123.0`"),
            Self::Scientific => ("the form `1.23E+8`", "形如 `1.23E+8`"),
            Self::FullWidth => ("full-width characters", "含全角字符"),
            Self::Decomposed => ("decomposed accents (NFD)", "含分解形式的字符（NFD）"),
            Self::Hash => ("the form of a hash", "形如哈希值"),
            Self::Nul => ("NUL characters", "含 NUL 字符"),
        }
    }

    /// Whether it is worth a word although nothing is known of the other side.
    fn is_odd(self) -> bool {
        !matches!(self, Self::UpperCase | Self::LowerCase)
    }
}

/// How many of a side's ids have a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Share {
    None,
    Some,
    Most,
}

/// Counts over all ids of a side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shape {
    ids: u64,
    having: [u64; TRAITS.len()],
    /// Whether an id is the name of its column: the header stands in the middle of the table.
    pub(super) header_in_data: bool,
}

/// What the other side is told, and only when there is next to nothing in common: for each property, whether none, some or
/// most of the ids have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outline(Vec<Share>);

impl Shape {
    pub(super) fn add(&mut self, id: &str) {
        self.ids += 1;
        for (count, property) in self.having.iter_mut().zip(TRAITS) {
            *count += u64::from(property.holds(id));
        }
    }

    fn share(&self, number: usize) -> Share {
        match self.having[number] {
            0 => Share::None,
            count if count * 2 > self.ids => Share::Most,
            _ => Share::Some,
        }
    }

    pub(super) fn outline(&self) -> Outline {
        Outline((0..TRAITS.len()).map(|number| self.share(number)).collect())
    }

    /// Why ids may not be found on the other side: what differs from it, as far as it told, and what is odd here.
    pub(super) fn reasons(&self, theirs: Option<&Outline>) -> Vec<Text> {
        let mut reasons = Vec::new();
        if self.header_in_data {
            reasons.push(
                Text::new("The header stands among the rows: two files may have been put together.")
                    .with_zh("数据行中出现了表头：可能是多个文件拼接而成。"),
            );
        }
        for (number, property) in TRAITS.into_iter().enumerate() {
            let ours = self.share(number);
            let theirs = theirs.and_then(|outline| outline.0.get(number)).copied();
            let (en, zh) = property.words();
            let reason = match (ours, theirs) {
                (Share::Most, Some(Share::None)) => {
                    Text::new(format!("Your ids have {en}, the partner's do not."))
                        .with_zh(format!("我方 ID {zh}，对方的没有。"))
                }
                (Share::None, Some(Share::Most)) => {
                    Text::new(format!("The partner's ids have {en}, yours do not."))
                        .with_zh(format!("对方 ID {zh}，我方的没有。"))
                }
                (Share::Some | Share::Most, None) if property.is_odd() => {
                    Text::new(format!("Ids here have {en}.")).with_zh(format!("我方 ID {zh}。"))
                }
                _ => continue,
            };
            reasons.push(reason);
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(ids: &[&str]) -> Shape {
        let mut shape = Shape::default();
        ids.iter().for_each(|id| shape.add(id));
        shape
    }

    fn told(ours: &[&str], theirs: &[&str]) -> String {
        let reasons = shape(ours).reasons(Some(&shape(theirs).outline()));
        reasons
            .iter()
            .map(|text| text.en.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn what_differs_is_said_on_both_sides() {
        for (ours, theirs, words) in [
            (
                ["001", "002"],
                ["1", "2"],
                "Your ids have zeros in front, the partner's do not.",
            ),
            (["1 ", "2 "], ["1", "2"], "white space"),
            (["1.0", "2.0"], ["1", "2"], "`123.0`"),
            (["1.2E+10", "2.2E+10"], ["1", "2"], "`1.23E+8`"),
            (["１", "２"], ["1", "2"], "full-width"),
            (["AB", "CD"], ["ab", "cd"], "upper-case"),
            (["e\u{301}", "e\u{301}"], ["é", "é"], "NFD"),
            (["d41d8cd98f00b204e9800998ecf8427e"; 2], ["1", "2"], "hash"),
            (["1\0", "2\0"], ["1", "2"], "NUL"),
        ] {
            let (here, there) = (told(&ours, &theirs), told(&theirs, &ours));
            assert!(here.contains(words), "{ours:?}: {here}");
            assert!(there.contains("The partner's ids have"), "{theirs:?}: {there}");
        }
        assert_eq!(told(&["1", "2"], &["3", "4"]), "");
    }
}
