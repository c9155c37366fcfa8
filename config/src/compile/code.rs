//! Codes that offers carry.

use crate::{raw::offer, report::Report};
use engine::plan::OfferCode;

/// The resolver that GS1 itself runs for every key.
const LINK: &str = "https://id.gs1.org";

/// The code of an offer, if it carries one.
pub(crate) fn build(raw: Option<&offer::Code>, report: &mut Report<'_>) -> Option<OfferCode> {
    let raw = raw?;
    let link = raw.link.as_deref().unwrap_or(LINK);
    let host = link.strip_prefix("https://").unwrap_or_default();
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'/' | b':');
    if host.is_empty() || host.ends_with('/') || !host.bytes().all(fits) {
        report.error(
            "code.link",
            format!("{link:?} is not where a link can begin"),
            "give the address that your codes lead to, such as \"https://shop.example\", \
             without a slash at its end",
        );
    }
    let (digits, check) = raw.coupon.split_at_checked(12).unwrap_or_default();
    let right = dialect::gs1::check_digit(digits).map(char::from);
    let Some(right) = right.filter(|_| raw.coupon.len() == 13) else {
        report.error(
            "code.coupon",
            format!("{:?} is not a Global Coupon Number", raw.coupon),
            "give its 13 digits; GS1 in your country hands out the first of them",
        );
        return None;
    };
    if !check.starts_with(right) {
        report.error(
            "code.coupon",
            format!("the last digit of {:?} does not check", raw.coupon),
            format!("it would be {right}: compare the others with your GS1 certificate"),
        );
    }
    Some(OfferCode {
        number: raw.coupon.clone(),
        link: link.to_owned(),
    })
}
