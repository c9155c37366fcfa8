//! Makers of whom few devices stand in shops, each with a frame or two.
//! Layouts, where no other source is named, as reelyactive/advlib-ble-manufacturers
//! and advlib-ble-services read them.

mod diract;
mod efento;
mod ela;
mod enocean;
mod estimote;
mod laird;
mod small;
mod whereabouts;

use super::frame::Frame;
use crate::bytes::Cursor;

/// Manufacturer data.
pub(super) fn manufacturer(frame: &mut Frame<'_, '_>, company: u16, data: &[u8]) -> Option<()> {
    let bytes = Cursor(data);
    match company {
        0x0059 => small::moko_distance(frame, bytes),
        0x0077 => laird::read(frame, bytes),
        0x015D => estimote::nearable(frame, bytes),
        0x026C => efento::read(frame, bytes),
        0x03DA => enocean::read(frame, bytes),
        0x0472 => small::control_j(frame, bytes),
        0x0500 => small::wiliot(frame, [0x00, 0x05], data),
        0x0583 => diract::read(frame, bytes),
        0x0590 => small::espruino(frame, data),
        0x0757 => ela::read(frame, bytes),
        0x075B => small::hibou_air(frame, bytes),
        0x0A62 => small::moko_proximity(frame, bytes),
        _ => None,
    }
}

/// Service data.
pub(super) fn service(frame: &mut Frame<'_, '_>, uuid: u16, data: &[u8]) -> Option<()> {
    match uuid {
        0xFDAF => small::wiliot(frame, [0xAF, 0xFD], data),
        0xFD94 => whereabouts::read(frame, Cursor(data)),
        0xFE9A => estimote::telemetry(frame, Cursor(data)),
        _ => None,
    }
}
