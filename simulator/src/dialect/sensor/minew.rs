//! Minew's radar people counter MSR01: manufacturer data 0x0639, frame
//! `CA 18 00`, passages each way, low byte first (advlib-ble-manufacturers of
//! reelyactive, whose test is the test here).

use crate::dialect::ad;

const COMPANY: [u8; 2] = [0x39, 0x06];
/// Bytes of the frame that mean nothing to us: zero in the published sample.
const REST: [u8; 12] = [0; 12];

/// What the counter sends: a number that changes with the counts, and who came
/// in and went out since it was started; each count has 16 bits.
pub(super) fn counter(cycle: u8, inward: u32, outward: u32, serial: [u8; 4]) -> Vec<u8> {
    let (inward, outward) = (inward as u16, outward as u16);
    let data = [
        &COMPANY[..],
        &[0xCA, 0x18, 0x00, cycle],
        &inward.to_le_bytes(),
        &outward.to_le_bytes(),
        &REST,
        &serial,
    ]
    .concat();
    ad::advert(&[(ad::MANUFACTURER_DATA, &data)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::hex;

    #[test]
    fn the_published_sample_is_made_byte_for_byte() {
        let made = counter(127, 291, 12_816, [0x12, 0x34, 0xAB, 0xCD]);
        let sample = "ca18007f230110320000000000000000000000001234abcd";
        assert!(hex(&made).ends_with(sample), "{}", hex(&made));
    }
}
