//! Minew sensors and counters: frames of service 0xFFE1, and manufacturer data
//! of company 0x0639 (layouts as reelyactive/advlib-ble-services and
//! advlib-ble-manufacturers read them).

mod connect;
mod plate;
mod sensor;

use super::frame::Frame;
use crate::bytes::Cursor;

/// Service data 0xFFE1.
pub(super) fn service(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let mut bytes = Cursor(data);
    match bytes.u8()? {
        0xA1 => sensor::read(frame, bytes),
        _ => None,
    }
}

/// Manufacturer data of Minew.
pub(super) fn manufacturer(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let mut bytes = Cursor(data);
    match bytes.u8()? {
        0x51 => plate::energy_scavenger(frame, bytes),
        0xA3 => plate::thermometer(frame, bytes),
        0xA4 => plate::door(frame, bytes),
        0xCA => connect::read(frame, bytes),
        _ => None,
    }
}

/// A number of 8 bits before and 8 bits after the point, in 256ths.
fn fixed(bytes: &mut Cursor<'_>) -> Option<f64> {
    bytes.be16_signed().map(f64::from)
}
