//! Days as people write them: `2024-01-31`, `31.01.2024`, `01/31/2024`, `2024年1月31日`, with or without a time.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A day under both orders that a text can have; the same where its form leaves no doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) day_first: Option<NaiveDateTime>,
    pub(super) month_first: Option<NaiveDateTime>,
}

/// Reads a day, if the text is one. A time zone is not looked at.
pub(super) fn parse(text: &str) -> Option<Date> {
    if !(8..=40).contains(&text.len()) || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, parse_time(time.trim())?),
        None => (text, NaiveTime::MIN),
    };
    let (parts, mark) = parts(day)?;
    let at = |year: u32, month, day| {
        let year = i32::try_from(year).ok().filter(|year| *year >= 1000)?;
        Some(NaiveDate::from_ymd_opt(year, month, day)?.and_time(time))
    };
    let [first, second, third] = parts;
    let date = if first.len() == 4 {
        let found = at(number(first)?, number(second)?, number(third)?);
        Date {
            day_first: found,
            month_first: found,
        }
    } else {
        if third.len() != 4 {
            return None;
        }
        let (first, second, year) = (number(first)?, number(second)?, number(third)?);
        Date {
            day_first: at(year, second, first),
            // Nobody writes the month first with points.
            month_first: at(year, first, second).filter(|_| mark != '.'),
        }
    };
    (date.day_first.is_some() || date.month_first.is_some()).then_some(date)
}

/// The three parts of a day, and what is between them.
fn parts(day: &str) -> Option<([&str; 3], char)> {
    let mark = day.chars().find(|character| !character.is_ascii_digit())?;
    let mut parts = match mark {
        '-' | '/' | '.' => day.split(mark).collect::<Vec<_>>(),
        '年' => day.strip_suffix('日')?.split(['年', '月']).collect(),
        _ => return None,
    };
    let third = parts.pop()?;
    let [first, second] = parts[..] else { return None };
    Some(([first, second, third], mark))
}

fn number(part: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| part.parse().ok()).flatten()
}

fn parse_time(text: &str) -> Option<NaiveTime> {
    let clock = text.find(['Z', '+', '-']).map_or(text, |zone| &text[..zone]);
    ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(clock.trim_end(), form).ok())
}

/// As it is shown.
pub(super) fn shown(date: NaiveDateTime) -> String {
    if date.time() == NaiveTime::MIN {
        date.date().to_string()
    } else {
        date.format("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_forms_that_people_have() {
        let both = |text| {
            let date = parse(text).unwrap_or_else(|| panic!("{text} is a day"));
            (date.day_first.map(shown), date.month_first.map(shown))
        };
        let same = |text: &str| (Some(text.to_owned()), Some(text.to_owned()));
        for (text, found) in [
            ("2024-01-31", same("2024-01-31")),
            ("2024/1/31", same("2024-01-31")),
            ("2024年1月31日", same("2024-01-31")),
            ("2024-01-31T08:05:00Z", same("2024-01-31T08:05:00")),
            ("2024-01-31 08:05", same("2024-01-31T08:05:00")),
            ("2024-01-31 08:05:00.25+02:00", same("2024-01-31T08:05:00")),
            ("31.01.2024", (Some("2024-01-31".to_owned()), None)),
            ("01/31/2024", (None, Some("2024-01-31".to_owned()))),
            (
                "02/01/2024",
                (Some("2024-01-02".to_owned()), Some("2024-02-01".to_owned())),
            ),
        ] {
            assert_eq!(both(text), found, "{text}");
        }
        for text in [
            "20240131",
            "2024-02-30",
            "192.168.1.1",
            "1.234.567",
            "2024-01-31 noon",
            "12345-6-7",
            "3-4-24",
            "",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
