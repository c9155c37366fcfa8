//! Values with their unit inside the text: `"5s"`, `"16 MiB"`, `"28 °C"`.
//!
//! Every number goes through thousandths, so that what a file says and what
//! the engine compares are the same whole numbers on every machine.

use engine::plan::HourRange;
use jiff::civil::{Date, DateTime};

/// Why a text is not a value of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    /// What is wrong, completing "it ...".
    pub(crate) what: String,
    /// How to write it instead.
    pub(crate) remedy: String,
}

fn bad(what: impl Into<String>, remedy: impl Into<String>) -> Bad {
    Bad {
        what: what.into(),
        remedy: remedy.into(),
    }
}

/// What a value in a condition is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Degrees Celsius.
    Celsius,
    /// Hundredths.
    Percent,
    /// Lux.
    Lux,
    /// Heads.
    People,
    /// Grams.
    Gram,
    /// Items on a shelf.
    Piece,
    /// Money, in the smallest unit of its currency.
    Money,
    /// Anything else.
    Number,
}

impl Unit {
    /// As it is written in files.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Celsius => "°C",
            Self::Percent => "%",
            Self::Lux => "lx",
            Self::People => "people",
            Self::Gram => "g",
            Self::Piece => "pieces",
            Self::Money => "a currency",
            Self::Number => "no unit",
        }
    }
}

/// A value and what it is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Thousandths of `unit`.
    pub(crate) milli: i64,
    /// What it is measured in.
    pub(crate) unit: Unit,
}

/// Milliseconds.
pub(crate) fn duration(text: &str) -> Result<u64, Bad> {
    const REMEDY: &str = "write a number and one of ms, s, min, h, days, such as \"5s\"";
    let (milli, unit) = number(text).ok_or_else(|| bad("is not a duration", REMEDY))?;
    let ms_per_unit: i64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" | "day" | "days" => 86_400_000,
        "" => return Err(bad("has no unit", REMEDY)),
        other => return Err(bad(format!("has the unknown unit {other:?}"), REMEDY)),
    };
    let ms = milli.checked_mul(ms_per_unit).map(|total| total / 1000);
    ms.and_then(|ms| u64::try_from(ms).ok())
        .ok_or_else(|| bad("is not a duration", REMEDY))
}

/// Bytes.
pub(crate) fn bytes(text: &str) -> Result<u64, Bad> {
    const REMEDY: &str = "write a number and one of B, KiB, MiB, GiB, such as \"16 MiB\"";
    let (milli, unit) = number(text).ok_or_else(|| bad("is not a size", REMEDY))?;
    let bytes_per_unit: i64 = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "" => return Err(bad("has no unit", REMEDY)),
        other => return Err(bad(format!("has the unknown unit {other:?}"), REMEDY)),
    };
    let total = milli.checked_mul(bytes_per_unit).map(|total| total / 1000);
    total
        .and_then(|total| u64::try_from(total).ok())
        .ok_or_else(|| bad("is not a size", REMEDY))
}

/// Decibels, thousandths.
pub(crate) fn decibel(text: &str) -> Result<i64, Bad> {
    const REMEDY: &str = "write a number and dB, such as \"0 dB\" or \"-3.5 dB\"";
    match number(text) {
        Some((milli, "dB")) if milli.abs() <= 40_000 => Ok(milli),
        Some((_, "dB")) => Err(bad("is beyond 40 dB: no scanner is that deaf", REMEDY)),
        _ => Err(bad("is not a difference in dB", REMEDY)),
    }
}

/// Thousandths of the whole.
pub(crate) fn percent(text: &str) -> Result<u16, Bad> {
    const REMEDY: &str = "write a number from 0 to 100 and %, such as \"10 %\"";
    match number(text) {
        Some((milli @ 0..=100_000, "%")) if milli % 100 == 0 => Ok((milli / 100) as u16),
        Some((0..=100_000, "%")) => Err(bad("is finer than a tenth of a percent", REMEDY)),
        Some((_, "%")) => Err(bad("is not between 0 % and 100 %", REMEDY)),
        _ => Err(bad("is not a share in percent", REMEDY)),
    }
}

/// An amount of money as it is read, in the smallest unit of its currency:
/// `29.000 ₫` is 29000, `2,99 €` is 299.
pub(crate) fn money(text: &str) -> Option<u64> {
    let text = text.trim();
    let digit = |c: char| c.is_ascii_digit();
    let (first, last) = (text.find(digit)?, text.rfind(digit)?);
    let (amount, currency) = (
        &text[first..=last],
        format!("{}{}", &text[..first], &text[last + 1..]),
    );
    // ISO 4217: dong, yen and won have no smaller unit.
    let decimals = match currency.trim() {
        "₫" | "đ" | "VND" | "¥" | "JPY" | "₩" | "KRW" => 0,
        "€" | "EUR" | "$" | "USD" | "£" | "GBP" => 2,
        _ => return None,
    };
    let separator = |c: char| matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\'');
    if !amount.chars().all(|c| digit(c) || separator(c)) {
        return None;
    }
    let fraction = amount.rsplit(separator).next().unwrap_or_default();
    let has_fraction = decimals > 0 && fraction.len() == decimals && fraction.len() < amount.len();
    let digits: String = amount.chars().filter(|c| digit(*c)).collect();
    let factor = if has_fraction {
        1
    } else {
        10_u64.pow(decimals as u32)
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A value of a sensor or of a crowd.
pub(crate) fn measure(text: &str) -> Result<Measure, Bad> {
    const REMEDY: &str =
        "write a number and one of °C, %, lx, people, g, kg, pieces, such as \"28 °C\"";
    if let Some(minor) = money(text) {
        return Ok(Measure {
            milli: i64::try_from(minor)
                .ok()
                .and_then(|minor| minor.checked_mul(1_000))
                .ok_or_else(|| bad("is too large", REMEDY))?,
            unit: Unit::Money,
        });
    }
    let (milli, unit) = number(text).ok_or_else(|| bad("is not a value with a unit", REMEDY))?;
    let (factor, unit) = match unit {
        "°C" | "C" => (1, Unit::Celsius),
        "%" => (1, Unit::Percent),
        "lx" => (1, Unit::Lux),
        "people" | "person" => (1, Unit::People),
        "g" => (1, Unit::Gram),
        "kg" => (1000, Unit::Gram),
        "pieces" | "piece" => (1, Unit::Piece),
        "" => (1, Unit::Number),
        other => return Err(bad(format!("has the unknown unit {other:?}"), REMEDY)),
    };
    let milli = milli
        .checked_mul(factor)
        .ok_or_else(|| bad("is too large", REMEDY))?;
    Ok(Measure { milli, unit })
}

/// Millimetres.
pub(crate) fn length(text: &str) -> Result<u32, Bad> {
    const REMEDY: &str = "write a number and m or cm, such as \"80 cm\"";
    let (milli, unit) = number(text).ok_or_else(|| bad("is not a length", REMEDY))?;
    let mm = match unit {
        "m" => milli,
        "cm" => milli / 100,
        "" => return Err(bad("has no unit", REMEDY)),
        other => return Err(bad(format!("has the unknown unit {other:?}"), REMEDY)),
    };
    u32::try_from(mm).map_err(|_| bad("is not a length", REMEDY))
}

/// `07:00-22:00`; `22:00-02:00` passes midnight.
pub(crate) fn hours(text: &str) -> Result<HourRange, Bad> {
    const REMEDY: &str = "write two times of day with a hyphen, such as \"07:00-22:00\"";
    let range = text.split_once('-').and_then(|(from, until)| {
        Some(HourRange {
            from_minute: minute_of_day(from.trim())?,
            until_minute: minute_of_day(until.trim())?,
        })
    });
    match range {
        Some(range) if range.from_minute == range.until_minute => Err(bad(
            "begins when it ends",
            "write \"00:00-24:00\" for the whole day",
        )),
        Some(range) if range.from_minute < 24 * 60 => Ok(range),
        _ => Err(bad("is not a range of hours", REMEDY)),
    }
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

/// `2027-12-31`.
pub(crate) fn date(text: &str) -> Result<Date, Bad> {
    const REMEDY: &str = "write year-month-day, such as 2027-12-31";
    let day = Date::strptime("%Y-%m-%d", text).map_err(|_| bad("is not a date", REMEDY))?;
    if (2020..2045).contains(&day.year()) {
        Ok(day)
    } else {
        Err(bad("lies outside the years 2020 to 2044", REMEDY))
    }
}

/// `2026-07-14 12:30`, on the shop's clock.
pub(crate) fn moment(text: &str) -> Result<DateTime, Bad> {
    const REMEDY: &str = "write date and time of day, such as \"2026-07-14 12:30\"";
    let at = DateTime::strptime("%Y-%m-%d %H:%M", text)
        .map_err(|_| bad("is not a date and time", REMEDY))?;
    date(&at.date().to_string())?;
    Ok(at)
}

/// A number with up to three decimals, and what follows it. No float on the
/// way: `0.1` must not become something else.
fn number(text: &str) -> Option<(i64, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    Some((milli(digits)?, unit.trim()))
}

fn milli(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let pointed = text.contains('.');
    if whole.is_empty() || fraction.len() > 3 || pointed && fraction.is_empty() {
        return None;
    }
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: i64 = format!("{fraction:0<3}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    Some(sign * whole.checked_mul(1000)?.checked_add(thousandths)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_milliseconds() {
        for (text, expected) in [
            ("5s", Ok(5_000)),
            ("0 s", Ok(0)),
            ("1.5 s", Ok(1_500)),
            ("25 ms", Ok(25)),
            ("2 min", Ok(120_000)),
            ("1 h", Ok(3_600_000)),
            ("400 days", Ok(34_560_000_000)),
            ("5", Err("has no unit")),
            ("-5s", Err("is not a duration")),
            ("5 parsecs", Err("has the unknown unit \"parsecs\"")),
            ("1.2345 s", Err("is not a duration")),
            ("99999999999999999999 s", Err("is not a duration")),
            ("9223372036854775 days", Err("is not a duration")),
            ("", Err("is not a duration")),
            ("1. s", Err("is not a duration")),
        ] {
            let got = duration(text).map_err(|b| b.what);
            assert_eq!(got, expected.map_err(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn other_values_keep_their_unit() {
        assert_eq!(bytes("16 MiB"), Ok(16 << 20));
        assert!(bytes("16 MB").is_err());
        assert_eq!(decibel("-3.5 dB"), Ok(-3_500));
        assert_eq!(percent("10 %"), Ok(100));
        assert_eq!(percent("0.5%"), Ok(5));
        assert!(percent("101 %").is_err());
        let warm = measure("28.5 °C").unwrap();
        assert_eq!((warm.milli, warm.unit), (28_500, Unit::Celsius));
        let heavy = measure("2 kg").unwrap();
        assert_eq!((heavy.milli, heavy.unit), (2_000_000, Unit::Gram));
        assert!(measure("28 F").is_err());
        assert_eq!((length("80 cm"), length("1.2 m")), (Ok(800), Ok(1_200)));
        assert!(length("-1 m").is_err() && length("3 ft").is_err());
    }

    #[test]
    fn hours_and_dates() {
        let range = hours("07:00-22:30").unwrap();
        assert_eq!((range.from_minute, range.until_minute), (420, 1350));
        assert_eq!(hours("00:00-24:00").unwrap().until_minute, 1440);
        for text in [
            "7:00-22:00",
            "07:00",
            "24:00-02:00",
            "07:60-08:00",
            "07:00-07:00",
        ] {
            assert!(hours(text).is_err(), "{text}");
        }
        assert!(date("2027-02-29").is_err());
        assert!(date("2019-12-31").is_err());
        assert!(date("2027-12-31").is_ok());
        assert!(moment("2026-07-14 12:30").is_ok());
        assert!(moment("2026-07-14T12:30").is_err());
    }
}
