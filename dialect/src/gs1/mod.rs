//! GS1 element strings, Digital Links and coupons.
//!
//! What a code means is data, not program: `data/gs1-syntax-dictionary.txt` is
//! the GS1 Barcode Syntax Dictionary, unchanged and with its licence
//! (Apache-2.0, GS1 AISBL), read once at first use. The program knows the
//! dictionary's few kinds of check and the three ways of writing a code.
//!
//! | written | read as |
//! |---|---|
//! | `(255)9520123456788000042(17)261231` | element string with brackets |
//! | `^2559520123456788000042^17261231`, `]Q3255...`, FNC1 as GS (0x1D) | element string as a scanner sends it |
//! | `https://id.gs1.org/255/9520123456788000042` | Digital Link |
//! | digits alone | element string if they begin with a coupon's identifier, or are one with a check digit that is right; else the value of AI (8112) alone, as some tills print it |
//!
//! Whether identifiers are present that others ask for (`req` in the
//! dictionary) is not judged: GS1 asks it of everything that marks an item
//! together, and one read is only part of that.

mod check;
mod coupon;
mod dictionary;
mod element;
mod link;
mod lists;

pub use coupon::Coupon;

use crate::{Fact, Sink, Source, fact::Says};
use schemars::JsonSchema;
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// Longest code that is looked at, bytes. The largest symbol, a QR code of
/// version 40, holds 4,296 of the characters that such codes are made of.
pub const MAX_CODE: usize = 4_296;
/// Most element strings in one code.
const MAX_ELEMENTS: usize = 64;

/// What a code says, or why it says nothing.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Code {
    /// Whether it follows the rules.
    pub valid: bool,
    /// How it is written.
    pub form: Form,
    /// Why it is not valid, in the words of the GS1 reference checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
    /// The application identifier whose value is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_ai: Option<String>,
    /// As an element string, with `^` for FNC1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element_string: Option<String>,
    /// Values by application identifier.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ai: BTreeMap<String, String>,
    /// The coupon it is, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
}

/// How a code is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Application identifiers and values, with or without brackets.
    ElementString,
    /// A GS1 Digital Link.
    DigitalLink,
    /// The value of AI (8112) without its identifier.
    Coupon,
}

/// Why a code is not valid: a constant name, as in the reference checks of the
/// GS1 Syntax Dictionary without their prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Fault(pub &'static str);

/// A fault, and the identifier whose value has it.
struct Wrong {
    fault: Fault,
    ai: Option<String>,
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self { fault, ai: None }
    }
}

/// One identifier with its value.
#[derive(Clone)]
struct Element {
    entry: &'static dictionary::Entry,
    ai: String,
    value: String,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A code may be a membership card.
        write!(f, "code({:?}, valid: {}, redacted)", self.form, self.valid)
    }
}

/// Reads a code and tells it as one fact; a code that breaks the rules is a
/// fact too. Total.
pub fn read(text: &str, sink: &mut Sink<'_>) {
    let code = parse(text);
    sink(Fact {
        source: Source::default(),
        says: Says::Code(&code),
    });
}

/// Reads a code. Total.
pub fn parse(text: &str) -> Code {
    if text.len() > MAX_CODE {
        return Code::wrong(Form::ElementString, Fault("DATA_TOO_LONG").into());
    }
    // These marks begin no address, but a value may hold one.
    if text.starts_with('(') {
        return Code::of(Form::ElementString, element::bracketed(text));
    }
    if let Some(marked) = element::marked(text) {
        return Code::of(Form::ElementString, element::raw(marked));
    }
    if text.contains("://") {
        return Code::of(Form::DigitalLink, link::parse(text));
    }
    if element::says_so_itself(text) {
        return Code::of(Form::ElementString, element::raw(text));
    }
    Code::bare_coupon(text)
}

impl Code {
    fn of(form: Form, elements: Result<Vec<Element>, Wrong>) -> Self {
        match elements {
            Ok(elements) => Self {
                valid: true,
                form,
                error: None,
                error_ai: None,
                element_string: Some(element::join(&elements)),
                coupon: Coupon::of(&elements),
                ai: elements.into_iter().map(|e| (e.ai, e.value)).collect(),
            },
            Err(wrong) => Self::wrong(form, wrong),
        }
    }

    fn wrong(form: Form, wrong: Wrong) -> Self {
        Self {
            valid: false,
            form,
            error: Some(wrong.fault),
            error_ai: wrong.ai,
            element_string: None,
            ai: BTreeMap::new(),
            coupon: None,
        }
    }

    fn bare_coupon(text: &str) -> Self {
        match coupon::positive_offer(text) {
            Ok(_) => Self {
                form: Form::Coupon,
                ..Self::of(Form::ElementString, element::raw(&format!("8112{text}")))
            },
            Err(fault) => Self::wrong(Form::Coupon, fault.into()),
        }
    }

    /// Global Coupon Number, AI (255): the 13 digits that name the coupon and
    /// the serial after them, which may be empty.
    pub fn coupon_number(&self) -> Option<(&str, &str)> {
        self.ai.get("255").and_then(|gcn| gcn.split_at_checked(13))
    }
}

/// The check digit that belongs behind these digits (GS1 General
/// Specifications, 7.9.1); `None` if they are not all digits.
pub fn check_digit(digits: &str) -> Option<u8> {
    check::check_digit(digits.as_bytes())
}
