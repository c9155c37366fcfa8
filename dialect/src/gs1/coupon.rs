//! Coupons: AI (255) of the world, AI (8112) and (8110) of North America.
//!
//! (8112), "GS1 AI (8112) Coupon Data Specification": format `0` or `1`,
//! length of the funder's id less 6, funder, offer (6), length of the serial
//! less 6, serial.

use super::{
    Element, Fault,
    check::{company_prefix, date, ensure, is_digits},
};
use schemars::JsonSchema;
use serde::Serialize;

/// What a coupon says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub struct Coupon {
    /// (8112): its format, `0` digital or `1` paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_code: Option<String>,
    /// (8112): who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funder_id: Option<String>,
    /// (8112): which offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_code: Option<String>,
    /// (255): the 13 digits that name the coupon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Which one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

impl Coupon {
    pub(super) fn of(elements: &[Element]) -> Option<Self> {
        let value = |ai: &str| elements.iter().find(|e| e.ai == ai).map(|e| &*e.value);
        if let Some((number, serial)) = value("255").and_then(|gcn| gcn.split_at_checked(13)) {
            return Some(Self {
                number: Some(number.to_owned()),
                serial: Some(serial.to_owned()).filter(|s| !s.is_empty()),
                format_code: None,
                funder_id: None,
                offer_code: None,
            });
        }
        value("8112").and_then(|value| positive_offer(value).ok())
    }
}

/// Digits that are taken from the front.
struct Digits<'t>(&'t str);

impl<'t> Digits<'t> {
    fn of(value: &'t str) -> Result<Self, Fault> {
        ensure(is_digits(value), "NON_DIGIT_CHARACTER")?;
        Ok(Self(value))
    }

    /// The next digit, if it is one of `allowed`.
    fn one(
        &mut self,
        allowed: &str,
        missing: &'static str,
        invalid: &'static str,
    ) -> Result<usize, Fault> {
        let digit = self.0.chars().next().ok_or(Fault(missing))?;
        ensure(allowed.contains(digit), invalid)?;
        self.0 = &self.0[1..];
        Ok(digit as usize - '0' as usize)
    }

    fn many(&mut self, count: usize, truncated: &'static str) -> Result<&'t str, Fault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Fault(truncated))?;
        self.0 = rest;
        Ok(taken)
    }

    /// Whether optional field `which` follows; takes its number.
    fn field(&mut self, which: char) -> bool {
        let rest = self.0.strip_prefix(which);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn serial(&mut self) -> Result<&'t str, Fault> {
        let length = self.one("0123456789", "COUPON_MISSING_SERIAL_NUMBER_VLI", "")?;
        self.many(length + 6, "COUPON_TRUNCATED_SERIAL_NUMBER")
    }

    fn end(self) -> Result<(), Fault> {
        ensure(self.0.is_empty(), "COUPON_EXCESS_DATA")
    }
}

/// The value of AI (8112).
pub(super) fn positive_offer(value: &str) -> Result<Coupon, Fault> {
    let mut digits = Digits::of(value)?;
    let format = digits.one(
        "01",
        "COUPON_MISSING_FORMAT_CODE",
        "COUPON_INVALID_FORMAT_CODE",
    )?;
    let length = digits.one(
        "0123456",
        "COUPON_MISSING_FUNDER_VLI",
        "COUPON_INVALID_FUNDER_LENGTH",
    )?;
    let funder = digits.many(length + 6, "COUPON_TRUNCATED_FUNDER")?;
    let offer = digits.many(6, "COUPON_TRUNCATED_OFFER_CODE")?;
    let serial = digits.serial()?;
    digits.end()?;
    Ok(Coupon {
        format_code: Some(format.to_string()),
        funder_id: Some(funder.to_owned()),
        offer_code: Some(offer.to_owned()),
        number: None,
        serial: Some(serial.to_owned()),
    })
}

/// The value of AI (8110): "North American Coupon Application Guideline Using
/// GS1 `DataBar`".
pub(super) fn north_american(value: &str) -> Result<(), Fault> {
    let mut digits = Digits::of(value)?;
    let gcp = digits.one(
        "0123456",
        "COUPON_MISSING_GCP_VLI",
        "COUPON_INVALID_GCP_LENGTH",
    )?;
    company_prefix(digits.many(gcp + 6, "COUPON_TRUNCATED_GCP")?.as_bytes())?;
    digits.many(6, "COUPON_TRUNCATED_OFFER_CODE")?;
    let save = digits.one(
        "12345",
        "COUPON_MISSING_SAVE_VALUE_VLI",
        "COUPON_INVALID_SAVE_VALUE_LENGTH",
    )?;
    digits.many(save, "COUPON_TRUNCATED_SAVE_VALUE")?;
    FIRST.take(&mut digits)?;
    if digits.field('1') {
        digits.one(
            "0123",
            "COUPON_MISSING_ADDITIONAL_PURCHASE_RULES_CODE",
            "COUPON_INVALID_ADDITIONAL_PURCHASE_RULES_CODE",
        )?;
        SECOND.take(&mut digits)?;
    }
    if digits.field('2') {
        THIRD.take(&mut digits)?;
    }
    dates(&mut digits)?;
    if digits.field('5') {
        digits.serial()?;
    }
    if digits.field('6') {
        let length = digits.one(
            "1234567",
            "COUPON_MISSING_RETAILER_GCP_OR_GLN_VLI",
            "COUPON_INVALID_RETAILER_GCP_OR_GLN_LENGTH",
        )?;
        let retailer = digits.many(length + 6, "COUPON_TRUNCATED_RETAILER_GCP_OR_GLN")?;
        company_prefix(retailer.as_bytes())?;
    }
    if digits.field('9') {
        miscellaneous(&mut digits)?;
    }
    digits.end()
}

/// What one purchase must be, and the names of its faults.
struct Purchase {
    missing_length: &'static str,
    invalid_length: &'static str,
    truncated: &'static str,
    missing_code: &'static str,
    invalid_code: &'static str,
    truncated_family: &'static str,
    /// The second and third name whose product it is.
    company: Option<[&'static str; 3]>,
}

macro_rules! purchase {
    ($which:literal, $company:expr) => {
        Purchase {
            missing_length: concat!("COUPON_MISSING_", $which, "_PURCHASE_REQUIREMENT_VLI"),
            invalid_length: concat!("COUPON_INVALID_", $which, "_PURCHASE_REQUIREMENT_LENGTH"),
            truncated: concat!("COUPON_TRUNCATED_", $which, "_PURCHASE_REQUIREMENT"),
            missing_code: concat!("COUPON_MISSING_", $which, "_PURCHASE_REQUIREMENT_CODE"),
            invalid_code: concat!("COUPON_INVALID_", $which, "_PURCHASE_REQUIREMENT_CODE"),
            truncated_family: concat!("COUPON_TRUNCATED_", $which, "_PURCHASE_FAMILY_CODE"),
            company: $company,
        }
    };
}

macro_rules! company {
    ($which:literal) => {
        Some([
            concat!("COUPON_MISSING_", $which, "_PURCHASE_GCP_VLI"),
            concat!("COUPON_INVALID_", $which, "_PURCHASE_GCP_LENGTH"),
            concat!("COUPON_TRUNCATED_", $which, "_PURCHASE_GCP"),
        ])
    };
}

const FIRST: Purchase = purchase!("1ST", None);
const SECOND: Purchase = purchase!("2ND", company!("2ND"));
const THIRD: Purchase = purchase!("3RD", company!("3RD"));

impl Purchase {
    fn take(&self, digits: &mut Digits<'_>) -> Result<(), Fault> {
        let length = digits.one("12345", self.missing_length, self.invalid_length)?;
        digits.many(length, self.truncated)?;
        digits.one("012349", self.missing_code, self.invalid_code)?;
        digits.many(3, self.truncated_family)?;
        let Some([missing, invalid, truncated]) = self.company else {
            return Ok(());
        };
        // 9 stands for the company of the first purchase.
        match digits.one("01234569", missing, invalid)? {
            9 => Ok(()),
            length => company_prefix(digits.many(length + 6, truncated)?.as_bytes()),
        }
    }
}

/// Optional fields 3 and 4: until when, from when.
fn dates(digits: &mut Digits<'_>) -> Result<(), Fault> {
    let mut until = None;
    if digits.field('3') {
        let day = digits.many(6, "COUPON_TOO_SHORT_FOR_EXPIRATION_DATE")?;
        // The word is misspelt in the reference check.
        date(day, false).map_err(|_| Fault("COUPON_INVALID_EXIPIRATION_DATE"))?;
        until = Some(day);
    }
    if digits.field('4') {
        let day = digits.many(6, "COUPON_TOO_SHORT_FOR_START_DATE")?;
        date(day, false).map_err(|_| Fault("COUPON_INVALID_START_DATE"))?;
        ensure(
            until.is_none_or(|until| day <= until),
            "COUPON_EXPIRATION_BEFORE_START",
        )?;
    }
    Ok(())
}

/// Optional field 9.
fn miscellaneous(digits: &mut Digits<'_>) -> Result<(), Fault> {
    digits.one(
        "01256",
        "COUPON_MISSING_SAVE_VALUE_CODE",
        "COUPON_INVALID_SAVE_VALUE_CODE",
    )?;
    digits.one(
        "012",
        "COUPON_MISSING_SAVE_VALUE_APPLIES_TO_ITEM",
        "COUPON_INVALID_SAVE_VALUE_APPLIES_TO_ITEM",
    )?;
    digits.one("0123456789", "COUPON_MISSING_STORE_COUPON_FLAG", "")?;
    digits.one(
        "01",
        "COUPON_MISSING_DONT_MULTIPLY_FLAG",
        "COUPON_INVALID_DONT_MULTIPLY_FLAG",
    )?;
    Ok(())
}
