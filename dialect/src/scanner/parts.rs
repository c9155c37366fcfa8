//! Advertisements that a scanner took apart, put together again, so that all
//! of it is read as one frame and whoever sent it is said once.

use crate::scalar::hex;

/// Largest advertising data that one report carries, bytes: what an extended
/// advertisement holds (Bluetooth Core 5.4, Vol 4, Part E, 7.8.54), and a
/// little more, since some scanners append the scan response.
pub(super) const ADVERT_BYTES_MAX: usize = 288;

const SERVICE_DATA_16: u8 = 0x16;
const SERVICE_DATA_128: u8 = 0x21;
const MANUFACTURER_DATA: u8 = 0xFF;

/// Advertising data in the making.
pub(super) struct Parts {
    bytes: [u8; ADVERT_BYTES_MAX],
    used: usize,
}

impl Parts {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; ADVERT_BYTES_MAX],
            used: 0,
        }
    }

    /// What has been put together, if anything.
    pub(super) fn advert(&self) -> Option<&[u8]> {
        self.bytes.get(..self.used).filter(|ad| !ad.is_empty())
    }

    /// Adds manufacturer data in digits, company id first as it is on air.
    pub(super) fn manufacturer(&mut self, digits: &str) -> Option<()> {
        self.structure(MANUFACTURER_DATA, &[], digits)
    }

    /// Adds service data in digits; the uuid is `feaa`, `0xfeaa` or long.
    pub(super) fn service(&mut self, uuid: &str, digits: &str) -> Option<()> {
        if let Some(short) = short(uuid) {
            return self.structure(SERVICE_DATA_16, &short.to_le_bytes(), digits);
        }
        let mut long = crate::scalar::uuid(uuid)?;
        long.reverse();
        self.structure(SERVICE_DATA_128, &long, digits)
    }

    /// All or nothing: a part that does not fit or is no hexadecimal is left out.
    fn structure(&mut self, kind: u8, head: &[u8], digits: &str) -> Option<()> {
        let (_, free) = self.bytes.split_at_mut(self.used);
        let (start, rest) = free.split_at_mut_checked(2 + head.len())?;
        let data = hex(digits, rest)?.len();
        let length = u8::try_from(1 + head.len() + data).ok()?;
        start[0] = length;
        start[1] = kind;
        start[2..].copy_from_slice(head);
        self.used += 1 + usize::from(length);
        Some(())
    }
}

/// `feaa`, `0xfeaa` or the long form that every short uuid has.
fn short(text: &str) -> Option<u16> {
    const LONG_TAIL: &str = "-0000-1000-8000-00805f9b34fb";
    let is_tail = |tail: &&str| tail.eq_ignore_ascii_case(LONG_TAIL);
    let short = match text.len() {
        4 => text,
        6 => text.strip_prefix("0x")?,
        36 => {
            text.get(8..).filter(is_tail)?;
            text.get(..8)?.strip_prefix("0000")?
        }
        _ => return None,
    };
    let digits = short.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then(|| u16::from_str_radix(short, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_the_advertisement_they_were() {
        let mut parts = Parts::new();
        assert_eq!(parts.advert(), None);
        assert_eq!(parts.manufacturer("4c000215"), Some(()));
        assert_eq!(parts.service("0xFEAA", "00ee"), Some(()));
        assert_eq!(parts.manufacturer("not hexadecimal"), None);
        assert_eq!(parts.service("+eaa", "00"), None);
        let expected = [
            5, 0xFF, 0x4C, 0, 2, 0x15, // manufacturer
            5, 0x16, 0xAA, 0xFE, 0, 0xEE, // service
        ];
        assert_eq!(parts.advert(), Some(&expected[..]));
    }

    #[test]
    fn uuids_are_read_short_and_long() {
        for (text, expected) in [
            ("feaa", Some(0xFEAA)),
            ("0xFCD2", Some(0xFCD2)),
            ("0000FEAA-0000-1000-8000-00805F9B34FB", Some(0xFEAA)),
            ("1de4b189-115e-45f6-b44e-509352269977", None),
            ("+eaa", None),
            ("", None),
            ("äöü", None),
        ] {
            assert_eq!(short(text), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut parts = Parts::new();
        assert_eq!(parts.manufacturer(&"00".repeat(255)), None);
        assert_eq!(parts.manufacturer(&"00".repeat(254)), Some(()));
        assert_eq!(parts.manufacturer(&"00".repeat(33)), None);
        assert_eq!(parts.advert().map(<[u8]>::len), Some(256));
    }
}
