//! Ingics iGS gateways: lines of text `$GPRP,<tag>,<gateway>,<dBm>,<advert>`,
//! several to a message, or JSON where the gateway decodes; on any topic.
//!
//! Facts from `lib/message-parser.js` of ingics/ingics-message-parser. The tag
//! stands before the gateway (one public project documents it the other way
//! round). Reports: `GPRP` and `RSPR` (advertisement and scan response of
//! Bluetooth 4), `LRAD`, `LRSR`, `1MAD`, `1MSR` (of Bluetooth 5), `SRRP` (both
//! in one), `GPSR` (where the gateway is), `HBRP` (that it lives).

mod json;

use super::{advertised, device, heard};
use crate::{
    Unreadable,
    advert::Keys,
    fact::{Sink, Source},
    field::{measured, online},
    quantity::Quantity as Q,
    scalar::{number, plain},
    time,
    walk::looks_like_json,
};

/// Kinds of report that carry an advertisement.
const ADVERTS: [&str; 7] = ["GPRP", "RSPR", "SRRP", "LRAD", "LRSR", "1MAD", "1MSR"];

/// Reads one message.
pub fn read(
    _: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    if looks_like_json(payload) {
        return json::read(payload, keys, sink);
    }
    let text = plain(payload).ok_or(Unreadable("not text"))?;
    let mut understood = false;
    for line in text.lines() {
        understood |= read_line(line.trim(), keys, sink).is_some();
    }
    // One bad line among good ones loses itself alone.
    if understood {
        Ok(())
    } else {
        Err(Unreadable("no report of an Ingics gateway"))
    }
}

/// Whether a payload begins like a report.
pub fn looks_like(payload: &[u8]) -> bool {
    let kind = payload.trim_ascii_start().strip_prefix(b"$");
    let kind = kind.and_then(|rest| rest.split_first_chunk());
    kind.is_some_and(|(kind, rest): (&[u8; 4], _)| {
        let ours = ADVERTS.iter().chain(&["GPSR", "HBRP"]);
        rest.starts_with(b",") && ours.into_iter().any(|ours| ours.as_bytes() == kind)
    })
}

fn read_line(line: &str, keys: &Keys<'_>, sink: &mut Sink<'_>) -> Option<()> {
    let mut fields = line.strip_prefix('$')?.splitn(5, ',');
    let kind = fields.next()?;
    let (tag, gateway) = (fields.next()?, fields.next()?);
    let rssi = number(fields.next()?)?;
    let rest = fields.next()?;
    let source = Source {
        scanner: Some(gateway),
        device: device(Some(tag), None),
        rssi_dbm: crate::scalar::dbm(rssi),
        ..Source::default()
    };
    if ADVERTS.contains(&kind) {
        report(source, rest, keys, sink);
        return Some(());
    }
    // Of itself, as the tag, at -127 dBm.
    match kind {
        "GPSR" => position(source, rest, sink),
        "HBRP" => {
            let (_, at) = rest.split_once(',').unwrap_or((rest, ""));
            sink(online(timed(source, Some(at)), true));
            Some(())
        }
        _ => None,
    }
}

/// `<advertisement>[,<seconds since 1970, with or without a fraction>]`.
fn report(source: Source<'_>, rest: &str, keys: &Keys<'_>, sink: &mut Sink<'_>) {
    let (advert, at) = rest.split_once(',').unwrap_or((rest, ""));
    let source = timed(source, Some(at));
    if advertised(source, advert, keys, sink).is_none() {
        heard(source).into_iter().for_each(sink);
    }
}

/// `<yymmdd>,<hhmmss>,<latitude>,<longitude>,<speed>,<hdop>[,<seconds>]`; the
/// unit of the speed is not documented.
fn position(source: Source<'_>, rest: &str, sink: &mut Sink<'_>) -> Option<()> {
    let mut fields = rest.split(',').skip(2);
    let latitude = number(fields.next()?)?;
    let longitude = number(fields.next()?)?;
    let source = timed(source, fields.nth(2));
    sink(measured(source, Q::Latitude, 0, latitude));
    sink(measured(source, Q::Longitude, 0, longitude));
    Some(())
}

fn timed<'a>(source: Source<'a>, at: Option<&str>) -> Source<'a> {
    let time = at.and_then(number).map(time::since_1970);
    Source {
        time: time.unwrap_or(source.time),
        ..source
    }
}

#[cfg(test)]
mod tests;
