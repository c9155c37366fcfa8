//! Times as messages write them.

use crate::{fact::Time, scalar::Scalar};

/// Below this a number since 1970 is seconds (the year 5138), above it
/// milliseconds (since 1973).
const SECONDS_MAX: f64 = 1e11;

/// A number of seconds or milliseconds since 1970, or a date and time. A date
/// and time without its zone is kept as it is.
pub(crate) fn read<'a>(value: &'a Scalar<'_>) -> Time<'a> {
    if let Some(number) = value.number() {
        return since_1970(number);
    }
    value.text().map_or(Time::Receipt, written)
}

/// Seconds, with or without a fraction, or milliseconds since 1970.
pub(crate) fn since_1970(number: f64) -> Time<'static> {
    // A clock that was never set counts from its start.
    const SET: f64 = 1e9;
    if number < SET {
        return Time::Receipt;
    }
    let ms = if number < SECONDS_MAX {
        number * 1e3
    } else {
        number
    };
    Time::Sender(ms.round() as i64)
}

/// `2019-08-01T05:54:25Z`, `2021-01-01&17:10:16+08`, or without a zone.
pub(crate) fn written(text: &str) -> Time<'_> {
    match parse(text) {
        Some((ms, Some(offset_min))) => Time::Sender(ms - offset_min * 60_000),
        Some((_, None)) => Time::Zoneless(text),
        None => Time::Receipt,
    }
}

/// Milliseconds as if in UTC, and the minutes that the zone is ahead of it.
fn parse(text: &str) -> Option<(i64, Option<i64>)> {
    let (date, time) = text.split_once(['T', ' ', '&'])?;
    let mut date = date.splitn(3, ['-', '.', '/']).map(whole);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone = time.find(['Z', 'z', '+', '-']);
    let (clock, zone) = zone.map_or((time, None), |at| (&time[..at], Some(&time[at..])));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut clock = clock.splitn(3, ':').map(whole);
    let (hour, minute) = (clock.next()??, clock.next()??);
    let second = clock.next().unwrap_or(Some(0))?;
    let sound = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (1970..=9999).contains(&year)
        && hour < 24
        && minute < 60
        && second < 61;
    if !sound {
        return None;
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    let zone = zone.map(offset_min);
    let zone = match zone {
        Some(None) => return None,
        Some(some) => some,
        None => None,
    };
    Some((seconds * 1000 + milliseconds(fraction)?, zone))
}

fn whole(digits: &str) -> Option<i64> {
    let sound = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| digits.parse().ok())?
}

/// Days since 1970 in the Gregorian calendar: 365.2425 a year, counted from
/// March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let since_year_0 = year * 365 + year / 4 - year / 100 + year / 400;
    since_year_0 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

fn milliseconds(fraction: &str) -> Option<i64> {
    let mut ms = 0;
    for digit in fraction.bytes().chain(*b"000").take(3) {
        ms = ms * 10 + i64::from(char::from(digit).to_digit(10)?);
    }
    Some(ms)
}

/// `Z`, `+08`, `+08:00`, `-0330`.
fn offset_min(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let ahead = zone.starts_with('+');
    let zone = zone.get(1..)?;
    let (hours, minutes) = match zone.split_once(':') {
        Some((hours, minutes)) => (whole(hours)?, whole(minutes)?),
        None if zone.len() == 4 => (whole(zone.get(..2)?)?, whole(zone.get(2..)?)?),
        None => (whole(zone)?, 0),
    };
    let minutes = hours * 60 + minutes;
    (hours < 19).then_some(if ahead { minutes } else { -minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_however_they_are_written() {
        for (text, expected) in [
            ("2019-08-01T05:54:25Z", Time::Sender(1_564_638_865_000)),
            ("2019-08-01T05:54:25.5Z", Time::Sender(1_564_638_865_500)),
            ("2021-01-01&17:10:16+08", Time::Sender(1_609_492_216_000)),
            ("2021-03-07T16:19:23+01:00", Time::Sender(1_615_130_363_000)),
            ("2024-02-29 23:59:59-0330", Time::Sender(1_709_263_799_000)),
            ("2018.02.01 21:29:40", Time::Zoneless("2018.02.01 21:29:40")),
            ("2021-01-02T12:08:40", Time::Zoneless("2021-01-02T12:08:40")),
            ("2021-13-02T12:08:40", Time::Receipt),
            ("2021-01-02T12:08:40+99", Time::Receipt),
            ("yesterday", Time::Receipt),
            ("", Time::Receipt),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        for (number, expected) in [
            (1_653_668_027.0, Time::Sender(1_653_668_027_000)),
            (1_639_557_006.811, Time::Sender(1_639_557_006_811)),
            (1_700_000_000_000.0, Time::Sender(1_700_000_000_000)),
            (360.0, Time::Receipt),
        ] {
            assert_eq!(since_1970(number), expected, "{number}");
        }
    }
}
