//! Numbers as people write them: `1.5`, `1,5`, `1.234,56`, `1 234`, `12 %`.

/// The character before the decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimal {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A number, and it is this one.
    Is(f64),
    /// `1,234`, and nothing says whether the comma is for thousands or for decimals.
    Ambiguous,
    /// Something else.
    IsNot,
}

/// What the form of a text says about its separator, if it has one that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Decimal(char),
    Thousands(char),
    /// One separator before exactly three digits.
    Either(char),
    /// No number.
    Other,
}

/// Reads a number. `decimal` decides where the form alone does not.
#[must_use]
pub fn parse(text: &str, decimal: Option<Decimal>) -> Number {
    let text = text.trim();
    let (body, percent) = match text.strip_suffix('%') {
        Some(body) => (body.trim_end(), true),
        None => (text, false),
    };
    let starts_well =
        |text: &str| text.starts_with(|first: char| first.is_ascii_digit() || "+-.,".contains(first));
    if !starts_well(body) {
        return Number::IsNot;
    }
    let Some(body) = without_spaces(body) else {
        return Number::IsNot;
    };
    let plain = match form(&body) {
        Form::Plain => body,
        Form::Other => return Number::IsNot,
        Form::Decimal(mark) => with_point(&body, mark),
        Form::Thousands(mark) => with_point(&body, if mark == ',' { '.' } else { ',' }),
        Form::Either('.') if decimal != Some(Decimal::Comma) => body,
        Form::Either(mark) => match (mark, decimal) {
            (',', None) => return Number::Ambiguous,
            (',', Some(Decimal::Comma)) => with_point(&body, ','),
            (',', Some(Decimal::Point)) => with_point(&body, '.'),
            _ => with_point(&body, ','),
        },
    };
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Number::Is(if percent { value / 100.0 } else { value }),
        _ => Number::IsNot,
    }
}

/// The convention that the numbers of some fields show; nothing when they show none, or both.
pub(crate) fn detect_decimal<'a>(fields: impl Iterator<Item = &'a str>) -> Option<Decimal> {
    let (mut point, mut comma) = (false, false);
    for field in fields {
        let field = field.trim().trim_end_matches('%').trim_end();
        if !field.starts_with(|first: char| first.is_ascii_digit() || "+-".contains(first)) {
            continue;
        }
        match without_spaces(field).map(|body| form(&body)) {
            Some(Form::Decimal('.') | Form::Thousands(',')) => point = true,
            Some(Form::Decimal(',') | Form::Thousands('.')) => comma = true,
            _ => {}
        }
    }
    match (point, comma) {
        (true, false) => Some(Decimal::Point),
        (false, true) => Some(Decimal::Comma),
        _ => None,
    }
}

/// Without the spaces and apostrophes between groups of three digits; nothing when they stand elsewhere.
fn without_spaces(body: &str) -> Option<String> {
    let is_space = |character: char| character.is_whitespace() || character == '\'' || character == '’';
    if !body.contains(is_space) {
        return Some(body.to_owned());
    }
    let whole = body.split(['.', ',']).next()?;
    let mut groups = whole.trim_start_matches(['+', '-']).split(is_space);
    let is_group = |group: &str, sizes: std::ops::RangeInclusive<usize>| {
        sizes.contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    let good = groups.next().is_some_and(|first| is_group(first, 1..=3))
        && groups.all(|group| is_group(group, 3..=3));
    let rest_is_free = !body[whole.len()..].contains(is_space);
    (good && rest_is_free).then(|| body.replace(is_space, ""))
}

fn form(body: &str) -> Form {
    let (dots, commas) = (body.matches('.').count(), body.matches(',').count());
    let (mark, count) = match (dots, commas) {
        (0, 0) => return Form::Plain,
        (_, 0) => ('.', dots),
        (0, _) => (',', commas),
        _ => {
            let last_is_dot = body.rfind('.') > body.rfind(',');
            let (mark, other, count) = if last_is_dot {
                ('.', ',', dots)
            } else {
                (',', '.', commas)
            };
            let whole = body.split(mark).next().unwrap_or_default();
            return if count == 1 && is_grouped(whole, other) {
                Form::Decimal(mark)
            } else {
                Form::Other
            };
        }
    };
    match (count, is_grouped(body, mark)) {
        (1, true) => Form::Either(mark),
        (1, false) => Form::Decimal(mark),
        (_, true) => Form::Thousands(mark),
        (_, false) => Form::Other,
    }
}

/// Whether a mark stands before every three digits, as in `1.234.567`.
pub(super) fn is_grouped(body: &str, mark: char) -> bool {
    let mut groups = body.trim_start_matches(['+', '-']).split(mark);
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && digits(group))
}

/// With a point before the decimals, and no other mark.
fn with_point(body: &str, decimal_mark: char) -> String {
    body.chars()
        .filter_map(|character| match character {
            '.' | ',' if character == decimal_mark => Some('.'),
            '.' | ',' => None,
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_kinds_are_read() {
        for (text, value) in [
            ("1.5", 1.5),
            ("-1,5", -1.5),
            ("0,25", 0.25),
            ("1.234,56", 1234.56),
            ("1,234.56", 1234.56),
            ("1,234,567", 1_234_567.0),
            ("1 234,5", 1234.5),
            ("1\u{a0}234", 1234.0),
            ("1'234'567.25", 1_234_567.25),
            ("12 %", 0.12),
            ("12,5%", 0.125),
            ("1e-300", 1e-300),
            (".5", 0.5),
            ("1.234", 1.234),
        ] {
            assert_eq!(parse(text, None), Number::Is(value), "{text}");
        }
        for text in [
            "",
            "-",
            "1 23",
            "1.2.3",
            "1,2,3",
            "inf",
            "NaN",
            "12 kg",
            "2024-01-02",
            "1,234.5,6",
            "0x10",
        ] {
            assert_eq!(parse(text, None), Number::IsNot, "{text}");
        }
    }

    #[test]
    fn what_could_be_two_numbers_is_decided_by_the_setting() {
        assert_eq!(parse("1,234", None), Number::Ambiguous);
        assert_eq!(parse("1,234", Some(Decimal::Comma)), Number::Is(1.234));
        assert_eq!(parse("1,234", Some(Decimal::Point)), Number::Is(1234.0));
        assert_eq!(parse("1.234", Some(Decimal::Comma)), Number::Is(1234.0));
        assert_eq!(parse("0.234", Some(Decimal::Comma)), Number::Is(0.234));
    }

    #[test]
    fn the_convention_is_read_off_the_fields() {
        assert_eq!(
            detect_decimal(["a", "1,234", "0,5"].into_iter()),
            Some(Decimal::Comma)
        );
        assert_eq!(detect_decimal(["1,234", "2.5"].into_iter()), Some(Decimal::Point));
        assert_eq!(detect_decimal(["1,5", "2.5"].into_iter()), None);
        assert_eq!(detect_decimal(["1,234"].into_iter()), None);
    }
}
