//! What each object of `BTHome` is (bthome.io/format, "Data format").

use crate::Quantity as Q;
use Object::{Button, Clock, Command, DeviceType, Dimmer, Firmware, Flag, Number, Raw, Text};

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Object {
    /// A number: `parts` for every step of the value, `per` to the unit.
    Number {
        quantity: Q,
        length: u8,
        signed: bool,
        parts: u32,
        per: f64,
    },
    /// Yes or no.
    Flag(Q),
    /// Presses of a button.
    Button,
    /// Turns of a dimmer.
    Dimmer,
    /// An order to something else.
    Command,
    /// Seconds since 1970.
    Clock,
    /// A text with its length.
    Text,
    /// Bytes with their length.
    Raw,
    /// The maker's number of the device's type.
    DeviceType,
    /// The version of the device's program, of as many parts.
    Firmware(u8),
}

impl Object {
    /// The same with the length and sign that version 1 states beside it.
    pub(super) fn with(self, bytes: usize, has_sign: bool) -> Self {
        match self {
            Number {
                quantity,
                parts,
                per,
                ..
            } => Number {
                quantity,
                length: bytes.min(8) as u8,
                signed: has_sign,
                parts,
                per,
            },
            other => other,
        }
    }

    const fn times(self, parts: u32) -> Self {
        match self {
            Number {
                quantity,
                length,
                signed,
                per,
                ..
            } => Number {
                quantity,
                length,
                signed,
                parts,
                per,
            },
            other => other,
        }
    }
}

const fn whole(quantity: Q, length: u8, per: u32) -> Object {
    Number {
        quantity,
        length,
        signed: false,
        parts: 1,
        per: per as f64,
    }
}

const fn signed(quantity: Q, length: u8, per: u32) -> Object {
    Number {
        quantity,
        length,
        signed: true,
        parts: 1,
        per: per as f64,
    }
}

/// Hundredths of a pound, which is 0.45359237 kg by definition.
const fn pounds() -> Object {
    Number {
        quantity: Q::Mass,
        length: 2,
        signed: false,
        parts: 45_359_237,
        per: 1e10,
    }
}

/// The object of this number.
pub(super) fn object(id: u8) -> Option<Object> {
    Some(match id {
        0x00..=0x0E => measured_first(id)?,
        0x0F..=0x11 | 0x15..=0x2D => flagged(id)?,
        0x12..=0x14 | 0x2E..=0x2F | 0x3D..=0x4F => measured_next(id)?,
        0x3A => Button,
        0x3B => Command,
        0x3C => Dimmer,
        0x50 => Clock,
        0x53 => Text,
        0x54 => Raw,
        0x51..=0x65 => measured_last(id)?,
        0xF0 => DeviceType,
        0xF1 => Firmware(4),
        0xF2 => Firmware(3),
        _ => return None,
    })
}

fn measured_first(id: u8) -> Option<Object> {
    Some(match id {
        0x00 => whole(Q::PacketId, 1, 1),
        0x01 => whole(Q::Battery, 1, 1),
        0x02 => signed(Q::Temperature, 2, 100),
        0x03 => whole(Q::Humidity, 2, 100),
        0x04 => whole(Q::Pressure, 3, 1),
        0x05 => whole(Q::Illuminance, 3, 100),
        0x06 => whole(Q::Mass, 2, 100),
        0x07 => pounds(),
        0x08 => signed(Q::DewPoint, 2, 100),
        0x09 => whole(Q::Count, 1, 1),
        0x0A => whole(Q::Energy, 3, 1_000),
        0x0B => whole(Q::Power, 3, 100),
        0x0C => whole(Q::Voltage, 2, 1_000),
        0x0D => whole(Q::Pm25, 2, 1),
        0x0E => whole(Q::Pm10, 2, 1),
        _ => return None,
    })
}

fn flagged(id: u8) -> Option<Object> {
    Some(Flag(match id {
        0x0F => Q::Generic,
        0x10 => Q::PowerOn,
        0x11 => Q::Opening,
        0x15 => Q::BatteryLow,
        0x16 => Q::BatteryCharging,
        0x17 => Q::CarbonMonoxide,
        0x18 => Q::Cold,
        0x19 => Q::Connectivity,
        0x1A => Q::Door,
        0x1B => Q::GarageDoor,
        0x1C => Q::GasDetected,
        0x1D => Q::Heat,
        0x1E => Q::Light,
        0x1F => Q::Lock,
        0x20 => Q::Wet,
        0x21 => Q::Motion,
        0x22 => Q::Moving,
        0x23 => Q::Occupancy,
        0x24 => Q::Plug,
        0x25 => Q::Presence,
        0x26 => Q::Problem,
        0x27 => Q::Running,
        0x28 => Q::Safety,
        0x29 => Q::Smoke,
        0x2A => Q::Sound,
        0x2B => Q::Tamper,
        0x2C => Q::Vibration,
        0x2D => Q::Window,
        _ => return None,
    }))
}

fn measured_next(id: u8) -> Option<Object> {
    Some(match id {
        0x12 => whole(Q::Co2, 2, 1),
        0x13 => whole(Q::Voc, 2, 1),
        0x14 => whole(Q::Moisture, 2, 100),
        0x2E => whole(Q::Humidity, 1, 1),
        0x2F => whole(Q::Moisture, 1, 1),
        0x3D => whole(Q::Count, 2, 1),
        0x3E => whole(Q::Count, 4, 1),
        0x3F => signed(Q::Rotation, 2, 10),
        0x40 => whole(Q::Distance, 2, 1_000),
        0x41 => whole(Q::Distance, 2, 10),
        0x42 => whole(Q::Duration, 3, 1_000),
        0x43 => whole(Q::Current, 2, 1_000),
        0x44 => whole(Q::Speed, 2, 100),
        0x45 => signed(Q::Temperature, 2, 10),
        0x46 => whole(Q::UvIndex, 1, 10),
        0x47 => whole(Q::Volume, 2, 10),
        0x48 => whole(Q::Volume, 2, 1_000),
        0x49 => whole(Q::VolumeFlow, 2, 1_000),
        0x4A => whole(Q::Voltage, 2, 10),
        0x4B => whole(Q::Gas, 3, 1_000),
        0x4C => whole(Q::Gas, 4, 1_000),
        0x4D => whole(Q::Energy, 4, 1_000),
        0x4E => whole(Q::Volume, 4, 1_000),
        0x4F => whole(Q::Water, 4, 1_000),
        _ => return None,
    })
}

fn measured_last(id: u8) -> Option<Object> {
    Some(match id {
        0x51 => whole(Q::Acceleration, 2, 1_000),
        0x52 => whole(Q::AngularVelocity, 2, 1_000),
        0x55 => whole(Q::VolumeStored, 4, 1_000),
        0x56 => whole(Q::Conductivity, 2, 1),
        0x57 => signed(Q::Temperature, 1, 1),
        0x58 => signed(Q::Temperature, 1, 100).times(35),
        0x59 => signed(Q::Count, 1, 1),
        0x5A => signed(Q::Count, 2, 1),
        0x5B => signed(Q::Count, 4, 1),
        0x5C => signed(Q::Power, 4, 100),
        0x5D => signed(Q::Current, 2, 1_000),
        0x5E => whole(Q::Direction, 2, 100),
        0x5F => whole(Q::Precipitation, 2, 10),
        0x60 => whole(Q::Channel, 1, 1),
        0x61 => whole(Q::RotationalSpeed, 2, 1),
        0x62 => signed(Q::Speed, 4, 1_000_000),
        0x63 => signed(Q::Acceleration, 4, 1_000_000),
        0x64 => whole(Q::LightLevel, 1, 1),
        0x65 => whole(Q::Revision, 1, 1),
        _ => return None,
    })
}
