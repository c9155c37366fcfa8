//! Frames CA, "Connect V3": people counters, presence by time of flight, tags.

use super::fixed;
use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor};

/// All frames but a row of blocks are this long without their first two bytes.
const LENGTH: usize = 22;
const BLOCKS: u8 = 0x03;
/// What stands behind the blocks: a message authentication code.
const AFTER_BLOCKS: usize = 4;

/// One frame, without its first byte.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    match bytes.u8()? {
        BLOCKS => blocks(frame, bytes),
        _ if bytes.len() != LENGTH => None,
        0x00 => information(frame, bytes),
        0x05 => climate(frame, bytes),
        0x18 => people(frame, bytes),
        0x1B => tag(frame, bytes),
        0x1E => time_of_flight(frame, bytes),
        _ => None,
    }
}

fn information(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    frame.format("minew connect information");
    frame.mac_reversed(bytes.array()?);
    frame.number(Q::Battery, bytes.u8()?);
    let version = bytes.be16()?;
    let (a, b, c) = (version >> 13 & 0x3, version >> 7 & 0x3F, version & 0x7F);
    frame.written("firmware", format_args!("{a}.{b}.{c}"));
    Some(())
}

fn blocks(frame: &mut Frame<'_, '_>, bytes: Cursor<'_>) -> Option<()> {
    let end = bytes.len().checked_sub(AFTER_BLOCKS)?;
    let mut bytes = Cursor(bytes.0.get(..end)?);
    frame.format("minew connect combination");
    while let Some(kind) = bytes.u8() {
        match kind {
            0x03 => {
                for quantity in [Q::AccelerationX, Q::AccelerationY, Q::AccelerationZ] {
                    frame.ratio(quantity, fixed(&mut bytes)?, 256.0);
                }
            }
            0x21 => frame.number(Q::Battery, bytes.u8()?),
            0x22 => frame.flag(Q::Contact, bytes.u8()? == 0),
            // How long it is nobody knows.
            _ => break,
        }
    }
    Some(())
}

fn climate(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let [version, information, _reserved]: [u8; 3] = bytes.array()?;
    frame.format("minew connect temperature and humidity");
    frame.ratio(Q::Temperature, fixed(&mut bytes)?, 256.0);
    let humidity = fixed(&mut bytes)?;
    if information & 0x02 == 0 {
        frame.ratio(Q::Humidity, humidity, 256.0);
    }
    frame.text("name", bytes.take(8)?);
    let mark = bytes.u8()?;
    if version > 0 {
        frame.flag(Q::Generic, mark == 1);
    }
    Some(())
}

/// Radar above a door: who passed, or who is there. The numbers count up from
/// power-on and start over after 65,535.
fn people(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let (version, cycle) = (bytes.u8()?, bytes.u8()?);
    match version {
        0x00 => {
            frame.format("minew connect people counter");
            frame.number(Q::PassagesIn, bytes.le16()?);
            frame.number(Q::PassagesOut, bytes.le16()?);
            frame.number(Q::PassagesCycle, cycle);
        }
        0x01 => {
            frame.format("minew connect occupants");
            frame.number(Q::Occupants, bytes.u8()? & 0x0F);
            frame.number(Q::OccupantsCycle, cycle);
        }
        _ => return None,
    }
    Some(())
}

fn tag(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    const ENCRYPTED: u8 = 0x80;
    const FORMAT: &str = "minew connect tag";
    let version = bytes.u8()?;
    frame.format(FORMAT);
    if version & ENCRYPTED != 0 {
        frame.sealed(FORMAT, "encrypted: switch encryption off to have it read");
        return Some(());
    }
    let product = bytes.be16()?;
    frame.written("model", format_args!("{product}"));
    let _reserved = bytes.u8()?;
    frame.mac_reversed(bytes.array()?);
    frame.ratio(Q::BatteryVoltage, bytes.be16()?, 1000.0);
    frame.ratio(Q::Temperature, fixed(&mut bytes)?, 256.0);
    let _reserved = bytes.u8()?;
    frame.number(Q::TxPower, bytes.i8()?);
    Some(())
}

fn time_of_flight(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let (_version, distance_cycle) = (bytes.u8()?, bytes.u8()?);
    frame.format("minew connect time of flight");
    frame.ratio(Q::Distance, bytes.le16()?, 1000.0);
    frame.number(Q::DistanceCycle, distance_cycle);
    let [flags, occupancy_cycle, tamper_cycle]: [u8; 3] = bytes.array()?;
    frame.flag(Q::BatteryLow, flags & 0x08 != 0);
    frame.flag(Q::Occupancy, flags & 0x04 != 0);
    frame.flag(Q::Motion, flags & 0x02 != 0);
    frame.flag(Q::Contact, flags & 0x01 == 0);
    frame.number(Q::OccupancyCycle, occupancy_cycle);
    frame.number(Q::TamperCycle, tamper_cycle);
    Some(())
}
