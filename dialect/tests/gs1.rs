//! What the GS1 reference implementation says of each code, and what we say.

use dialect::gs1::{self, Code};
use serde_json::Value;

/// One line each, with source and licence (Apache-2.0, GS1 AISBL).
const VECTORS: &str = include_str!("gs1.jsonl");

#[test]
fn every_code_is_judged_as_by_the_reference() {
    let (mut count, mut wrong) = (0, Vec::new());
    for line in VECTORS.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let code = gs1::parse(vector["input"].as_str().unwrap());
        count += 1;
        if let Err(difference) = compare(&vector["expect"], &code) {
            wrong.push(format!("{}: {difference}", vector["id"]));
        }
    }
    assert_eq!(count, 97);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn compare(expect: &Value, code: &Code) -> Result<(), String> {
    let said = serde_json::to_value(code).expect("a code is plain data");
    let same = |name: &str, said: &Value| {
        let expected = &expect[name];
        if expected.is_null() || expected == said {
            Ok(())
        } else {
            Err(format!("{name} is {said}, not {expected}"))
        }
    };
    same("valid", &said["valid"])?;
    same("error", &said["error"])?;
    same("element_string", &said["element_string"])?;
    for name in ["format_code", "funder_id", "offer_code", "serial"] {
        same(name, &said["coupon"][name])?;
    }
    Ok(())
}

#[test]
fn a_code_is_the_same_however_it_is_written() {
    let expected = "^2559520123456788000042^39400020";
    for text in [
        "(255)9520123456788000042(3940)0020",
        "^2559520123456788000042^39400020",
        "]Q32559520123456788000042\u{1d}39400020",
        "]d2\u{1d}2559520123456788000042\u{1d}39400020",
        "2559520123456788000042^39400020",
        "https://id.gs1.org/255/9520123456788000042?3940=0020",
    ] {
        let code = gs1::parse(text);
        assert_eq!(code.error, None, "{text}");
        assert_eq!(code.element_string.as_deref(), Some(expected), "{text}");
        assert_eq!(code.coupon_number(), Some(("9520123456788", "000042")));
    }
}

#[test]
fn what_is_wrong_is_said_with_the_identifier() {
    for (text, error, ai) in [
        ("(255)9520123456789", "INCORRECT_CHECK_DIGIT", "255"),
        ("(01)09520123456788(17)261301", "ILLEGAL_MONTH", "17"),
        ("(01)09520123456788(17)261231(10)", "AI_DATA_IS_EMPTY", "10"),
        ("(01)0952012345678", "AI_VALUE_IS_TOO_SHORT", "01"),
        ("(3912)998100", "NOT_ISO4217", "3912"),
        ("(8110)1", "COUPON_TRUNCATED_GCP", "8110"),
        ("(8112)09", "COUPON_INVALID_FUNDER_LENGTH", "8112"),
        ("(10)A\u{e9}", "INVALID_CSET82_CHARACTER", "10"),
        ("(0a)1", "AI_UNRECOGNISED", "0a"),
    ] {
        let code = gs1::parse(text);
        let said = (code.error.map(|e| e.0), code.error_ai.as_deref());
        assert_eq!(said, (Some(error), Some(ai)), "{text}");
    }
}

/// Put together by the fields of the "North American Coupon Application
/// Guideline": company, offer, value to save, first purchase and, by their
/// numbers, optional fields.
#[test]
fn a_coupon_with_optional_fields_is_read_to_its_end() {
    const BASE: &str = "106141416543213150110123";
    for (fields, error) in [
        ("", None),
        ("101100009", None),
        ("3261231", None),
        ("3260101", None),
        ("32612314260101", None),
        ("50123456", None),
        ("610614141", None),
        ("90000", None),
        ("3261331", Some("COUPON_INVALID_EXIPIRATION_DATE")),
        ("32601014260102", Some("COUPON_EXPIRATION_BEFORE_START")),
        ("9000", Some("COUPON_MISSING_DONT_MULTIPLY_FLAG")),
        ("7", Some("COUPON_EXCESS_DATA")),
    ] {
        let text = format!("{BASE}{fields}");
        let code = gs1::parse(&format!("(8110){text}"));
        assert_eq!(code.error.map(|e| e.0), error, "{text}");
    }
}

#[test]
fn a_check_digit_is_worked_out() {
    assert_eq!(gs1::check_digit("952012345678"), Some(b'8'));
    assert_eq!(gs1::check_digit("95201234567x"), None);
}

/// Found by the fuzzer: the value of a company's own identifier may be anything.
#[test]
fn an_element_string_whose_value_holds_an_address_is_no_link() {
    let code = gs1::parse("^0109520123456788^99see://a");
    assert!(code.valid, "{:?}", code.error);
    assert_eq!(code.ai["99"], "see://a");
}
