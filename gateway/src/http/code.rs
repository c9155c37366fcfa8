//! The code that a showing carries, drawn as a QR code.

use super::{App, pages, reply::Refusal};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use engine::plan::StorePlan;
use qrcodegen::{QrCode, QrCodeEcc};
use std::{fmt::Write as _, sync::Arc};

/// Light modules around the code (ISO/IEC 18004, 9.1): four, or scanners miss it.
const QUIET: i32 = 4;

/// Draws the code of one showing. Only of coupons that an offer of this shop
/// has: whoever can reach a screen must not get codes of our making for
/// addresses of their choice.
pub(super) async fn picture(
    State(app): State<Arc<App>>,
    Path((number, serial)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let text = text_of(&app.shop.plan(), &number, &serial);
    let drawn = text.and_then(|text| draw(&text));
    match drawn {
        Some(svg) => pages::answer(&headers, "image/svg+xml", svg.as_bytes()),
        None => Refusal::missing("no offer has such a code").into_response(),
    }
}

/// Draws the code of one voucher. Only of those that this store signed.
pub(super) async fn voucher(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let ours = app.shop.codes().verify(&code).is_some();
    let drawn = ours.then(|| draw_voucher(&code)).flatten();
    match drawn {
        Some(svg) => pages::answer(&headers, "image/svg+xml", svg.as_bytes()),
        None => Refusal::missing("this shop has no such voucher").into_response(),
    }
}

fn text_of(plan: &StorePlan, number: &str, serial: &str) -> Option<String> {
    let mut codes = plan.offers.iter().filter_map(|offer| offer.code.as_ref());
    let code = codes.find(|code| code.number == number)?;
    let whole = serial.len() == 12 && serial.bytes().all(|b| b.is_ascii_digit());
    let serial = Some(serial).filter(|_| whole)?.parse().ok()?;
    Some(code.text(serial))
}

/// As one path of an SVG, sharp at any size.
pub(super) fn draw(text: &str) -> Option<String> {
    // A quarter of the code may be hidden by glare or a thumb.
    let code = QrCode::encode_text(text, QrCodeEcc::Quartile).ok()?;
    Some(svg(&code))
}

/// A signature is long: more than 15 % of mending would make the modules too
/// small for a phone across an aisle.
fn draw_voucher(code: &str) -> Option<String> {
    let code = code.to_ascii_uppercase();
    let code = QrCode::encode_text(&code, QrCodeEcc::Medium).ok()?;
    Some(svg(&code))
}

/// As one path of an SVG, sharp at any size.
fn svg(code: &QrCode) -> String {
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let (left, top) = (x + QUIET, y + QUIET);
            write!(path, "M{left} {top}h1v1h-1z").expect("a text takes everything");
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_small_code_with_its_margin() {
        let svg = draw("https://id.gs1.org/255/9520123456788123456789012").expect("it fits");
        // Version 5, 37 modules a side, holds 60 letters at this level.
        assert!(svg.contains("viewBox=\"0 0 45 45\""), "{svg}");
        // The corner of the finder pattern, behind four light modules.
        assert!(svg.contains("M4 4h1v1h-1z"));
        assert!(!svg.contains("M3 "));
    }

    #[test]
    fn a_voucher_is_a_code_of_version_6() {
        let code = format!("AC1-{}", "A7".repeat(64));
        let svg = draw_voucher(&code).expect("it fits");
        // 41 modules a side and the margin.
        assert!(svg.contains("viewBox=\"0 0 49 49\""), "{svg}");
    }

    #[test]
    fn codes_are_drawn_only_for_coupons_of_this_shop() {
        let plan = config::demo().plan;
        let text = text_of(&plan, "9520123456788", "000000000042");
        let expected = "https://id.gs1.org/255/9520123456788000000000042";
        assert_eq!(text.as_deref(), Some(expected));
        for (number, serial) in [
            ("9520123456788", "42"),
            ("9520123456788", "00000000004x"),
            ("9999999999994", "000000000042"),
        ] {
            assert_eq!(text_of(&plan, number, serial), None, "{number} {serial}");
        }
    }
}
