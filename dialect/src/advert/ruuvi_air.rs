//! Ruuvi Air: format 6, and format E1 which says the same at length. A scanner
//! for Bluetooth 5 hears both of one sample.

use super::{
    frame::Frame,
    ruuvi::{climate, unless},
};
use crate::{Quantity, bytes::Cursor};

/// Bits of the flags that hold the lowest bit of a nine-bit value.
const VOC_BIT: u8 = 6;
const NOX_BIT: u8 = 7;
const SOUND_BIT: u8 = 4;

/// Format 6, without its first byte.
pub(super) fn short(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    if bytes.len() < 19 {
        return None;
    }
    frame.format("ruuvi 6");
    climate(frame, &mut bytes)?;
    frame.known(Quantity::Pm25, unless(bytes.be16()?, u16::MAX), 10.0);
    frame.known(Quantity::Co2, unless(bytes.be16()?, u16::MAX), 1.0);
    let [voc, nox, light, sound, sequence, flags] = bytes.array()?;
    indices(frame, voc, nox, flags);
    luminosity(frame, light);
    // Average loudness in early units, now reserved and all ones.
    if sound != u8::MAX {
        let loudness = 18.0 * 5.0 + f64::from(nine_bits(sound, flags, SOUND_BIT));
        frame.ratio(Quantity::SoundAverage, loudness, 5.0);
    }
    frame.number(Quantity::Sequence, sequence);
    frame.flag(Quantity::Calibrating, flags & 1 != 0);
    let [a, b, c] = bytes.array()?;
    // The lower half of its address is all it has room for.
    frame.written("mac_end", format_args!("{a:02X}:{b:02X}:{c:02X}"));
    Some(())
}

/// Format E1, without its first byte.
pub(super) fn long(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    if bytes.len() < 39 {
        return None;
    }
    frame.format("ruuvi e1");
    climate(frame, &mut bytes)?;
    for quantity in [Quantity::Pm1, Quantity::Pm25, Quantity::Pm4, Quantity::Pm10] {
        frame.known(quantity, unless(bytes.be16()?, u16::MAX), 10.0);
    }
    frame.known(Quantity::Co2, unless(bytes.be16()?, u16::MAX), 1.0);
    let [voc, nox] = bytes.array()?;
    let light = u24(bytes.array()?);
    let _sounds_now_reserved: [u8; 3] = bytes.array()?;
    let sequence = u24(bytes.array()?);
    let flags = bytes.u8()?;
    indices(frame, voc, nox, flags);
    frame.known(Quantity::Illuminance, unless(light, U24_MAX), 100.0);
    frame.known(Quantity::Sequence, unless(sequence, U24_MAX), 1.0);
    frame.flag(Quantity::Calibrating, flags & 1 != 0);
    let _reserved: [u8; 5] = bytes.array()?;
    frame.mac(bytes.array()?);
    Some(())
}

const U24_MAX: u32 = 0xFF_FFFF;

fn u24([a, b, c]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, a, b, c])
}

fn indices(frame: &mut Frame<'_, '_>, voc: u8, nox: u8, flags: u8) {
    let voc = nine_bits(voc, flags, VOC_BIT);
    let nox = nine_bits(nox, flags, NOX_BIT);
    frame.known(Quantity::VocIndex, unless(voc, 0x1FF), 1.0);
    frame.known(Quantity::NoxIndex, unless(nox, 0x1FF), 1.0);
}

/// Eight bits of the body over one of the flags.
fn nine_bits(high: u8, flags: u8, bit: u8) -> u16 {
    u16::from(high) << 1 | u16::from(flags >> bit & 1)
}

/// Light on a logarithmic scale from 0 to 65,535 lx in 254 steps.
fn luminosity(frame: &mut Frame<'_, '_>, code: u8) {
    if code != u8::MAX {
        let step = f64::from(u32::from(u16::MAX) + 1).ln() / 254.0;
        let lux = (f64::from(code) * step).exp() - 1.0;
        frame.ratio(Quantity::Illuminance, (lux * 100.0).round(), 100.0);
    }
}
