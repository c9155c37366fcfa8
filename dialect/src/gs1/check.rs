//! The checks that the dictionary names. Each is a statement about the value
//! of one component; the names of the faults are those of the reference
//! checks (`gs1/gs1-syntax-dictionary`, `src/lint_*.c`).

use super::{Fault, coupon, lists};

const NON_DIGIT: Fault = Fault("NON_DIGIT_CHARACTER");

/// One check of the dictionary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check {
    name: &'static str,
    run: fn(&str) -> Result<(), Fault>,
}

/// Characters of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Digits,
    /// GS1 AI encodable character set 82.
    Set82,
    /// GS1 AI encodable character set 39.
    Set39,
    /// File-safe base64.
    Set64,
}

/// Every check there is.
const ALL: [Check; 35] = [
    of("couponcode", coupon::north_american),
    of("couponposoffer", |v| coupon::positive_offer(v).map(|_| ())),
    of("csum", csum),
    of("csumalpha", csumalpha),
    of("gcppos1", |v| company_prefix(v.as_bytes())),
    of("gcppos2", |v| {
        company_prefix(v.as_bytes().get(1..).unwrap_or_default())
    }),
    of("hasnondigit", |v| {
        ensure(!is_digits(v), "REQUIRES_NON_DIGIT_CHARACTER")
    }),
    of("hh", |v| at_most(v, 23, "ILLEGAL_HOUR")),
    of("hhmi", hhmi),
    of("hyphen", |v| {
        ensure(v.bytes().all(|b| b == b'-'), "NOT_HYPHEN")
    }),
    of("iban", iban),
    of("importeridx", |v| {
        ensure(is_importer_index(v), "INVALID_IMPORT_IDX_CHARACTER")
    }),
    of("iso3166", |v| {
        ensure(lists::has(lists::ISO_3166, v), "NOT_ISO3166")
    }),
    of("iso3166999", |v| {
        ensure(
            v == "999" || lists::has(lists::ISO_3166, v),
            "NOT_ISO3166_OR_999",
        )
    }),
    of("iso3166alpha2", |v| {
        ensure(lists::has(lists::ISO_3166_ALPHA_2, v), "NOT_ISO3166_ALPHA2")
    }),
    of("iso4217", |v| {
        ensure(lists::has(lists::ISO_4217, v), "NOT_ISO4217")
    }),
    of("iso5218", |v| {
        ensure(
            matches!(v, "0" | "1" | "2" | "9"),
            "INVALID_BIOLOGICAL_SEX_CODE",
        )
    }),
    of("latitude", |v| {
        at_most(v, 1_800_000_000, "INVALID_LATITUDE")
    }),
    of("longitude", |v| {
        at_most(v, 3_600_000_000, "INVALID_LONGITUDE")
    }),
    of("mediatype", |v| {
        ensure(is_media_type(v), "INVALID_MEDIA_TYPE")
    }),
    of("mi", |v| at_most(v, 59, "ILLEGAL_MINUTE")),
    of("nonzero", |v| {
        ensure(v.bytes().any(|b| b != b'0'), "ILLEGAL_ZERO_VALUE")
    }),
    of("nozeroprefix", |v| {
        ensure(!v.starts_with('0'), "ILLEGAL_ZERO_PREFIX")
    }),
    of("packagetype", |v| {
        ensure(is_package_type(v), "INVALID_PACKAGE_TYPE")
    }),
    of("pcenc", percent_encoded),
    of("pieceoftotal", piece_of_total),
    of("posinseqslash", position_in_sequence),
    of("ss", |v| at_most(v, 59, "ILLEGAL_SECOND")),
    of("winding", |v| {
        ensure(matches!(v, "0" | "1" | "9"), "INVALID_WINDING_DIRECTION")
    }),
    of("yesno", |v| {
        ensure(matches!(v, "0" | "1"), "NOT_ZERO_OR_ONE")
    }),
    of("yymmd0", |v| date(v, true)),
    of("yymmdd", |v| date(v, false)),
    of("yyyymmd0", |v| date(v, true)),
    of("yyyymmdd", |v| date(v, false)),
    of("zero", |v| ensure(v.bytes().all(|b| b == b'0'), "NOT_ZERO")),
];

const fn of(name: &'static str, run: fn(&str) -> Result<(), Fault>) -> Check {
    Check { name, run }
}

impl Check {
    pub(super) fn by_name(name: &str) -> Option<Self> {
        ALL.iter().find(|check| check.name == name).copied()
    }

    pub(super) fn run(self, value: &str) -> Result<(), Fault> {
        (self.run)(value)
    }
}

impl Set {
    pub(super) fn check(self, value: &str) -> Result<(), Fault> {
        match self {
            Self::Digits => ensure(is_digits(value), NON_DIGIT.0),
            Self::Set82 => {
                let all = value.bytes().all(|b| weight_82(b).is_some());
                ensure(all, "INVALID_CSET82_CHARACTER")
            }
            Self::Set39 => {
                let is_39 = |b: u8| {
                    b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'#' | b'-' | b'/')
                };
                ensure(value.bytes().all(is_39), "INVALID_CSET39_CHARACTER")
            }
            Self::Set64 => set_64(value),
        }
    }
}

fn set_64(value: &str) -> Result<(), Fault> {
    let body = value.trim_end_matches('=');
    let pads = value.len() - body.len();
    ensure(
        pads <= 2 && (pads == 0 || value.len().is_multiple_of(3)),
        "INVALID_CSET64_PADDING",
    )?;
    let is_64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    ensure(body.bytes().all(is_64), "INVALID_CSET64_CHARACTER")
}

pub(super) fn is_digits(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_digit())
}

pub(super) const fn ensure(holds: bool, fault: &'static str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault(fault)) }
}

fn at_most(value: &str, most: u64, fault: &'static str) -> Result<(), Fault> {
    let number: u64 = value.parse().map_err(|_| NON_DIGIT)?;
    ensure(number <= most, fault)
}

pub(super) fn check_digit(digits: &[u8]) -> Option<u8> {
    let mut sum = 0_u32;
    for (i, digit) in digits.iter().rev().enumerate() {
        if !digit.is_ascii_digit() {
            return None;
        }
        let weight = if i % 2 == 0 { 3 } else { 1 };
        sum += weight * u32::from(digit - b'0');
    }
    Some(b'0' + ((10 - sum % 10) % 10) as u8)
}

fn csum(value: &str) -> Result<(), Fault> {
    let Some((check, digits)) = value.as_bytes().split_last() else {
        return Err(Fault("TOO_SHORT_FOR_CHECK_DIGIT"));
    };
    let right = check_digit(digits).ok_or(NON_DIGIT)?;
    ensure(right == *check, "INCORRECT_CHECK_DIGIT")
}

/// A GS1 Company Prefix has at least four digits.
pub(super) fn company_prefix(value: &[u8]) -> Result<(), Fault> {
    let prefix = value.get(..4).ok_or(Fault("TOO_SHORT_FOR_GCP"))?;
    ensure(prefix.iter().all(u8::is_ascii_digit), "INVALID_GCP_PREFIX")
}

/// The weight of a character of set 82 (GS1 General Specifications, 7.9.5).
fn weight_82(byte: u8) -> Option<u32> {
    const SET: &[u8; 82] =
        b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    SET.iter().position(|b| *b == byte).map(|at| at as u32)
}

/// The check pair of a Global Model Number (GS1 General Specifications, 7.9.5):
/// weights times rising primes from the right, modulo 1021, in base 32.
fn csumalpha(value: &str) -> Result<(), Fault> {
    const BASE_32: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let bytes = value.as_bytes();
    let Some((body, pair)) = bytes.len().checked_sub(2).map(|at| bytes.split_at(at)) else {
        return Err(Fault("TOO_SHORT_FOR_CHECK_PAIR"));
    };
    let mut sum = 0;
    for (byte, prime) in body.iter().rev().zip(primes()) {
        let weight = weight_82(*byte).ok_or(Fault("INVALID_CSET82_CHARACTER"))?;
        sum = (sum + weight * prime) % 1021;
    }
    let right = [BASE_32[(sum >> 5) as usize], BASE_32[(sum & 31) as usize]];
    ensure(pair == right, "INCORRECT_CHECK_PAIR")
}

fn primes() -> impl Iterator<Item = u32> {
    (2_u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
}

fn hhmi(value: &str) -> Result<(), Fault> {
    let (hour, minute) = value
        .split_at_checked(2)
        .ok_or(Fault("HOUR_WITH_MINUTE_TOO_SHORT"))?;
    at_most(hour, 23, "ILLEGAL_HOUR")?;
    at_most(minute, 59, "ILLEGAL_MINUTE")
}

/// YYMMDD or YYYYMMDD; with `open_day`, day 00 stands for the whole month. Of
/// two digits the century does not matter: 1900 and 2100, the only ones in
/// reach that are no leap years, are not what 00 stands for.
pub(super) fn date(value: &str, open_day: bool) -> Result<(), Fault> {
    ensure(is_digits(value), NON_DIGIT.0)?;
    let at = value.len().checked_sub(4).filter(|at| matches!(at, 2 | 4));
    let (year, rest) = value.split_at(at.ok_or(Fault("DATE_TOO_SHORT"))?);
    let number = |text: &str| text.parse::<u32>().map_err(|_| NON_DIGIT);
    let (year, month, day) = (number(year)?, number(&rest[..2])?, number(&rest[2..])?);
    let leap = year % 4 == 0 && (year < 100 || year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(Fault("ILLEGAL_MONTH")),
    };
    ensure(day <= days && (day > 0 || open_day), "ILLEGAL_DAY")
}

/// ISO 13616: the first four characters moved to the end, letters as 10 to 35,
/// the whole modulo 97 is 1.
fn iban(value: &str) -> Result<(), Fault> {
    let country = value.get(..2).ok_or(Fault("IBAN_TOO_SHORT"))?;
    ensure(
        lists::has(lists::ISO_3166_ALPHA_2, country),
        "ILLEGAL_IBAN_COUNTRY_CODE",
    )?;
    ensure(value.len() > 10, "IBAN_TOO_SHORT")?;
    let bytes = value.as_bytes();
    let mut rest = 0;
    for byte in bytes[4..].iter().chain(&bytes[..4]) {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' => rest * 100 + u32::from(byte - b'A') + 10,
            _ => return Err(Fault("INVALID_IBAN_CHARACTER")),
        } % 97;
    }
    ensure(rest == 1, "INCORRECT_IBAN_CHECKSUM")
}

fn is_importer_index(value: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    value.len() == 1 && value.bytes().all(fits)
}

/// ICCBBA assigns 01 to 10, and 80 to 99 are for local use.
fn is_media_type(value: &str) -> bool {
    matches!(value.parse(), Ok(1..=10 | 80..=99))
}

/// Only the shape: the four hundred codes of UN/ECE Recommendation 21 mark
/// freight units, which reach no till.
fn is_package_type(value: &str) -> bool {
    let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    (1..=3).contains(&value.len()) && value.bytes().all(fits)
}

fn percent_encoded(value: &str) -> Result<(), Fault> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('%') {
        let hex = after
            .get(..2)
            .is_some_and(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        ensure(hex, "INVALID_PERCENT_SEQUENCE")?;
        rest = &after[2..];
    }
    Ok(())
}

fn piece_of_total(value: &str) -> Result<(), Fault> {
    ensure(is_digits(value), NON_DIGIT.0)?;
    let even = !value.is_empty() && value.len().is_multiple_of(2);
    ensure(even, "INVALID_LENGTH_FOR_PIECE_OF_TOTAL")?;
    let (piece, total) = value.split_at(value.len() / 2);
    let is_zero = |text: &str| text.bytes().all(|b| b == b'0');
    ensure(!is_zero(piece), "ZERO_PIECE_NUMBER")?;
    ensure(!is_zero(total), "ZERO_TOTAL_PIECES")?;
    ensure(piece <= total, "PIECE_NUMBER_EXCEEDS_TOTAL")
}

fn position_in_sequence(value: &str) -> Result<(), Fault> {
    let (position, end) = value
        .split_once('/')
        .filter(|(p, e)| !p.is_empty() && !e.is_empty() && is_digits(p) && is_digits(e))
        .ok_or(Fault("POSITION_IN_SEQUENCE_MALFORMED"))?;
    ensure(
        !position.starts_with('0') && !end.starts_with('0'),
        "ILLEGAL_ZERO_PREFIX",
    )?;
    let before = (position.len(), position) <= (end.len(), end);
    ensure(before, "POSITION_EXCEEDS_END")
}
