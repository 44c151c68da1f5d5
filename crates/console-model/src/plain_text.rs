//! Texts of others, made harmless.

use unicode_normalization::UnicodeNormalization as _;

/// Whether a character is not seen, or changes how its neighbours are: a name with it looks like another name.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text of somebody else on one line: no characters that are not seen, white space as single blanks, at most so many
/// characters.
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
    let mut plain = String::new();
    let mut count = 0;
    let mut blank = false;
    for character in text.chars() {
        if character.is_whitespace() {
            blank = count > 0;
        } else if !is_unseen(character) {
            let more = 1 + usize::from(blank);
            if count + more > most {
                break;
            }
            if std::mem::take(&mut blank) {
                plain.push(' ');
            }
            plain.push(character);
            count += more;
        }
    }
    plain
}

/// What names are compared by that people have to tell apart: letter case, width and unseen characters do not count.
#[must_use]
pub fn look_alike(name: &str) -> String {
    let wide: String = name.nfkc().filter(|character| !is_unseen(*character)).collect();
    plain(&wide.to_lowercase(), usize::MAX).replace('\u{200d}', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_goes_and_what_is_said_stays() {
        for (text, wanted) in [
            ("  Acme \t Health\n", "Acme Health"),
            ("a\u{202e}b\u{200b}c\u{7}d\u{1b}[31m", "abcd[31m"),
            ("机构 甲", "机构 甲"),
            ("👩‍👩‍👧 x", "👩‍👩‍👧 x"),
            ("\u{feff}\u{200b}", ""),
        ] {
            assert_eq!(plain(text, 100), wanted, "{text:?}");
        }
        assert_eq!(plain("ab cd", 4), "ab c");
        assert_eq!(plain("ab cd", 3), "ab");
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for other in ["acme", "ＡＣＭＥ", "Ac\u{200b}me", " ACME "] {
            assert_eq!(look_alike(other), look_alike("Acme"), "{other:?}");
        }
        assert_ne!(look_alike("Acme 2"), look_alike("Acme"));
    }
}
