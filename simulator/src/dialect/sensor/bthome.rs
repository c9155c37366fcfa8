//! BTHome v2, not encrypted (bthome.io/format): an information byte, then
//! objects of an id and a value, low byte first, in the order of their ids.

use crate::dialect::ad;

/// Version 2, not encrypted, sent at intervals.
const INFORMATION: u8 = 0b0100_0000;
/// The device speaks only when something happens.
const TRIGGER_BASED: u8 = 0b0000_0100;

/// One object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// Counts packets, so that one heard twice is known.
    PacketId(u8),
    /// Percent.
    Battery(u8),
    /// Hundredths of °C.
    Temperature(i16),
    /// Hundredths of a percent.
    Humidity(u16),
    /// Hundredths of a lux.
    Illuminance(u32),
    /// Hundredths of a kilogram.
    Mass(u16),
    /// A plain count.
    Count(u16),
    /// Something moves.
    Motion(bool),
    /// Somebody is there.
    Occupancy(bool),
    /// 0: nothing, 1: press.
    Button(u8),
    /// Millimetres.
    Distance(u16),
}

impl Object {
    fn bytes(self) -> Vec<u8> {
        let id_and = |id: u8, value: &[u8]| [&[id], value].concat();
        match self {
            Self::PacketId(n) => vec![0x00, n],
            Self::Battery(percent) => vec![0x01, percent],
            Self::Temperature(centi) => id_and(0x02, &centi.to_le_bytes()),
            Self::Humidity(centi) => id_and(0x03, &centi.to_le_bytes()),
            Self::Illuminance(centi) => id_and(0x05, &centi.to_le_bytes()[..3]),
            Self::Mass(centi) => id_and(0x06, &centi.to_le_bytes()),
            Self::Motion(yes) => vec![0x21, u8::from(yes)],
            Self::Occupancy(yes) => vec![0x23, u8::from(yes)],
            Self::Button(event) => vec![0x3A, event],
            Self::Count(n) => id_and(0x3D, &n.to_le_bytes()),
            Self::Distance(mm) => id_and(0x40, &mm.to_le_bytes()),
        }
    }
}

/// A whole advertisement.
pub fn advert(objects: &[Object]) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = objects.iter().map(|object| object.bytes()).collect();
    parts.sort_by_key(|part| part[0]);
    let waits = |object: &Object| matches!(object, Object::Button(_) | Object::Motion(_));
    let trigger = if objects.iter().any(waits) {
        TRIGGER_BASED
    } else {
        0
    };
    let data = [&[0xD2, 0xFC, INFORMATION | trigger], &parts.concat()[..]].concat();
    ad::advert(&[(ad::SERVICE_DATA, &data)])
}

/// The objects of a body of ours, without its information byte.
pub(in crate::dialect) fn objects(body: &[u8]) -> impl Iterator<Item = Object> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (&id, tail) = rest.split_first()?;
        let mut take = |n: usize| {
            let (value, left) = tail.split_at_checked(n)?;
            rest = left;
            let mut bytes = [0; 4];
            bytes[..n].copy_from_slice(value);
            Some(u32::from_le_bytes(bytes))
        };
        Some(match id {
            0x00 => Object::PacketId(take(1)? as u8),
            0x01 => Object::Battery(take(1)? as u8),
            0x02 => Object::Temperature(take(2)? as i16),
            0x03 => Object::Humidity(take(2)? as u16),
            0x05 => Object::Illuminance(take(3)?),
            0x06 => Object::Mass(take(2)? as u16),
            0x21 => Object::Motion(take(1)? != 0),
            0x23 => Object::Occupancy(take(1)? != 0),
            0x3A => Object::Button(take(1)? as u8),
            0x3D => Object::Count(take(2)? as u16),
            0x40 => Object::Distance(take(2)? as u16),
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::upper_hex;

    /// The example of bthome.io/format: 25.06 °C and 50.55 %.
    #[test]
    fn the_example_of_the_format_is_made_byte_for_byte() {
        let made = advert(&[Object::Humidity(5_055), Object::Temperature(2_506)]);
        assert_eq!(upper_hex(&made), "0201060A16D2FC4002CA0903BF13");
        let (_, body) = made.split_at(made.len() - 6);
        let read: Vec<Object> = objects(body).collect();
        assert_eq!(read, [Object::Temperature(2_506), Object::Humidity(5_055)]);
    }
}
