//! Dates as devices and tills write them.

use crate::fact::Time;
use jiff::{Timestamp, civil::DateTime};
use serde_json::Value as Json;

/// 2000-01-01 to 3000-01-01 in milliseconds; a tenth of the lower bound is
/// above every number of seconds until then, so the two are told apart.
const PLAUSIBLE_MS: core::ops::Range<i64> = 946_684_800_000..32_503_680_000_000;

/// A date with its zone, seconds or milliseconds since 1970, or a local time
/// as written; the moment of receipt if it is none of them.
pub(crate) fn moment(value: &Json) -> Time<'_> {
    match value {
        Json::Number(number) => number
            .as_f64()
            .and_then(since_1970)
            .map_or(Time::Receipt, Time::Sender),
        Json::String(text) => text.parse::<Timestamp>().map_or_else(
            |_| {
                let epoch = text.parse().ok().and_then(since_1970);
                epoch.map_or_else(|| local(text), Time::Sender)
            },
            |at| Time::Sender(at.as_millisecond()),
        ),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Time::Receipt,
    }
}

fn local(text: &str) -> Time<'_> {
    let is_local = text.parse::<DateTime>().is_ok();
    if is_local {
        Time::Zoneless(text)
    } else {
        Time::Receipt
    }
}

fn since_1970(number: f64) -> Option<i64> {
    let ms = [number, number * 1_000.0];
    let whole = ms.into_iter().map(|ms| ms as i64);
    whole.into_iter().find(|ms| PLAUSIBLE_MS.contains(ms))
}
