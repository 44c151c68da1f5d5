//! Texts that stand for a missing value.

/// The texts of a config; an empty field is missing whatever they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Markers(Vec<String>);

impl Markers {
    pub(crate) fn new(texts: impl IntoIterator<Item = String>) -> Self {
        Self(texts.into_iter().map(|text| text.trim().to_owned()).collect())
    }

    /// Whether a field, trimmed, stands for no value. The case of letters does not count.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
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
