//! Texts that stand for a missing value.

/// Texts that mean that there is no value, in most files.
pub const USUAL_MISSING: [&str; 17] = [
    "NA",
    "N/A",
    "#N/A",
    "<NA>",
    "NaN",
    "null",
    "#NULL!",
    "None",
    "nil",
    "\\N",
    "-",
    "--",
    "?",
    ".",
    "undefined",
    "missing",
    "#DIV/0!",
];

/// The texts of a config; an empty field is missing whatever they are.
#[derive(Debug, Clone, Default)]
pub struct Markers(Vec<String>);

impl Markers {
    /// [`USUAL_MISSING`].
    #[must_use]
    pub fn usual() -> Self {
        Self::new(USUAL_MISSING.map(str::to_owned))
    }

    /// The texts of a config.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        Self(texts.into_iter().map(|text| text.trim().to_owned()).collect())
    }

    /// Whether a field, trimmed, stands for no value. The case of letters does not count.
    #[must_use]
    pub fn is_missing(&self, text: &str) -> bool {
        let is = |marker: &String| {
            marker.eq_ignore_ascii_case(text)
                || (!text.is_ascii() && marker.to_lowercase() == text.to_lowercase())
        };
        text.is_empty() || self.0.iter().any(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_known_in_any_case_of_letters() {
        let markers = Markers::new([" NA ", "Нет", "无"].map(str::to_owned));
        for text in ["", "na", "Na", "нет", "НЕТ", "无"] {
            assert!(markers.is_missing(text), "{text}");
        }
        for text in ["n", "nan", "0", "有"] {
            assert!(!markers.is_missing(text), "{text}");
        }
    }
}
