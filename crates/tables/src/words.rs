//! Texts in the two languages of the web console.

use task_interface::Text;

/// A text in English and in simplified Chinese.
pub(crate) fn both(en: impl Into<String>, zh: impl Into<String>) -> Text {
    Text::new(en).with_zh(zh)
}

/// The Chinese text; the English one where there is none.
pub(crate) fn zh(text: &Text) -> &str {
    text.zh.as_deref().unwrap_or(&text.en)
}
