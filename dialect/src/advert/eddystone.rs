//! Eddystone (google/eddystone, protocol-specification.md), service 0xFEAA.
//! Bodies are big-endian.

use super::{frame::Frame, ruuvi};
use crate::{Quantity, bytes::Cursor, fact::Value};
use heapless::String;
use protocol::advert::{self, EDDYSTONE};

/// Longest address on the web that a frame may expand to, bytes.
const URL_MAX: usize = 512;
/// Says that the beacon has no thermometer: -128 °C.
const NO_TEMPERATURE: i16 = i16::MIN;
const SCHEMES: [&str; 4] = ["http://www.", "https://www.", "http://", "https://"];
const ENDINGS: [&str; 14] = [
    ".com/", ".org/", ".edu/", ".net/", ".info/", ".biz/", ".gov/", ".com", ".org", ".edu", ".net",
    ".info", ".biz", ".gov",
];

/// One Eddystone frame.
pub(super) fn read(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let mut bytes = Cursor(data);
    match bytes.u8()? {
        0x00 | 0x30 => identity(frame, data, bytes),
        0x10 => url(frame, bytes),
        0x20 => match bytes.u8()? {
            0x00 => telemetry(frame, bytes),
            0x01 => sealed_telemetry(frame, bytes),
            _ => None,
        },
        0x40 | 0x41 => {
            frame.format("google find hub");
            Some(())
        }
        _ => None,
    }
}

fn identity(frame: &mut Frame<'_, '_>, data: &[u8], mut bytes: Cursor<'_>) -> Option<()> {
    let heard = advert::from_service_data(EDDYSTONE, data)?;
    frame.format(heard.beacon.kind());
    frame.number(Quantity::TxPower, bytes.i8()?);
    frame.beacon(heard.beacon, heard.reference_dbm);
    Some(())
}

fn url(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let power = bytes.i8()?;
    let url = expanded(bytes)?;
    frame.format("eddystone-url");
    frame.number(Quantity::TxPower, power);
    frame.about("url", Value::Text(&url));
    ruuvi::url(frame, &url);
    Some(())
}

/// An address on the web from a byte for its scheme, letters, and bytes for
/// usual endings.
pub(super) fn expanded(mut bytes: Cursor<'_>) -> Option<String<URL_MAX>> {
    let scheme = SCHEMES.get(usize::from(bytes.u8()?))?;
    let mut url = String::<URL_MAX>::new();
    url.push_str(scheme).ok()?;
    for byte in bytes.rest() {
        match ENDINGS.get(usize::from(*byte)) {
            Some(ending) => url.push_str(ending).ok()?,
            // 0x0e to 0x20 and 0x7f upwards are reserved.
            None if byte.is_ascii_graphic() => url.push(char::from(*byte)).ok()?,
            None => return None,
        }
    }
    (url.len() > scheme.len()).then_some(url)
}

fn telemetry(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let millivolts = bytes.be16()?;
    let temperature = bytes.be16_signed()?;
    let (frames, tenths) = (bytes.be32()?, bytes.be32()?);
    frame.format("eddystone-tlm");
    if millivolts > 0 {
        frame.ratio(Quantity::BatteryVoltage, millivolts, 1000.0);
    }
    if temperature != NO_TEMPERATURE {
        frame.ratio(Quantity::Temperature, temperature, 256.0);
    }
    frame.number(Quantity::Advertisements, frames);
    frame.ratio(Quantity::Uptime, tenths, 10.0);
    Some(())
}

fn sealed_telemetry(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let sealed = bytes.take(12)?;
    frame.format("eddystone-etlm");
    frame.about("encrypted_data", Value::Bytes(sealed));
    if let Some((salt, mic)) = bytes.take(2).zip(bytes.take(2)) {
        frame.about("salt", Value::Bytes(salt));
        frame.about("mic", Value::Bytes(mic));
    }
    frame.sealed(
        "eddystone-etlm",
        "only the beacon's resolver opens it: set the beacon to plain telemetry to have it read",
    );
    Some(())
}
