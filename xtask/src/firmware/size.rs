//! How big a firmware is, read from its ELF file.

use std::{fmt, fs, ops::Range, path::Path};

/// Sections of a 32-bit little-endian ELF file (System V ABI, "Section header").
const SECTIONS_AT: usize = 0x20;
const SECTION_SIZE_AT: usize = 0x2E;
const SECTION_COUNT_AT: usize = 0x30;
const NOBITS: u32 = 8;
const WRITE: u32 = 1;
const ALLOC: u32 = 2;
/// Where code that runs from RAM lies: on a Cortex-M, and on an ESP32-C3, which
/// fetches from RAM here (technical reference manual, table 3.3-1).
const RAM: [Range<u32>; 2] = [0x2000_0000..0x3000_0000, 0x4037_C000..0x403E_0000];

/// Bytes, in the words of `size`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    text: u64,
    data: u64,
    bss: u64,
    /// That part of `text` which is copied to RAM.
    fast: u64,
}

/// The size of a firmware.
pub(crate) fn of(elf: &Path) -> Result<Size, String> {
    let bytes = fs::read(elf).map_err(|why| format!("failed to read {}: {why}", elf.display()))?;
    read(&bytes).ok_or_else(|| format!("{} is no 32-bit ELF file", elf.display()))
}

fn read(bytes: &[u8]) -> Option<Size> {
    let half = |at: usize| {
        let bytes = bytes.get(at..at + 2)?;
        Some(u16::from_le_bytes(bytes.try_into().ok()?))
    };
    let word = |at: usize| {
        let bytes = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    // Class 1: 32 bits; data 1: little-endian.
    bytes.strip_prefix(b"\x7fELF\x01\x01")?;
    let first = word(SECTIONS_AT)? as usize;
    let step = usize::from(half(SECTION_SIZE_AT)?);
    let mut size = Size::default();
    for n in 0..usize::from(half(SECTION_COUNT_AT)?) {
        let at = first + n * step;
        let (kind, flags, length) = (word(at + 4)?, word(at + 8)?, u64::from(word(at + 20)?));
        let address = word(at + 12)?;
        match (flags & ALLOC != 0, kind == NOBITS, flags & WRITE != 0) {
            (true, true, true) => size.bss += length,
            (true, false, true) => size.data += length,
            (true, false, false) => {
                size.text += length;
                if RAM.iter().any(|ram| ram.contains(&address)) {
                    size.fast += length;
                }
            }
            // Addresses that are kept free for something else, or nothing at all.
            (true, true, false) | (false, ..) => {}
        }
    }
    Some(size)
}

impl Size {
    /// The size beside what the chip has, KiB; an error when it does not fit.
    pub(crate) fn against(self, flash_kib: u64, ram_kib: u64) -> Result<String, String> {
        let flash = self.text + self.data;
        let ram = self.data + self.bss + self.fast;
        let said = format!(
            "{self}; {} of {flash_kib} KiB flash, {} of {ram_kib} KiB RAM",
            flash.div_ceil(1_024),
            ram.div_ceil(1_024)
        );
        if flash > flash_kib * 1_024 || ram > ram_kib * 1_024 {
            Err(format!("it does not fit: {said}"))
        } else {
            Ok(said)
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text {} data {} bss {}", self.text, self.data, self.bss)?;
        if self.fast > 0 {
            write!(f, " (of text {} run from RAM)", self.fast)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file of nothing but section headers: kind, flags, address, length.
    fn elf(sections: &[(u32, u32, u32, u32)]) -> Vec<u8> {
        let mut bytes = vec![0; 0x34];
        bytes[..6].copy_from_slice(b"\x7fELF\x01\x01");
        bytes[SECTIONS_AT] = 0x34;
        bytes[SECTION_SIZE_AT] = 40;
        bytes[SECTION_COUNT_AT] = sections.len() as u8;
        for (kind, flags, address, length) in sections {
            let words = [0, *kind, *flags, *address, 0, *length, 0, 0, 0, 0];
            bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        }
        bytes
    }

    #[test]
    fn sections_count_where_they_live() {
        let sections = [
            (0, 0, 0, 9),
            (1, 6, 0x100, 100),
            (1, 2, 0x3C00_0000, 20),
            (1, 6, 0x4038_0000, 13),
            (1, 3, 0x2000_0000, 7),
            (8, 3, 0x2000_0007, 50),
            // Nothing is there.
            (8, 6, 0x4200_0000, 888),
            (1, 0, 0, 999),
        ];
        let size = read(&elf(&sections));
        let expected = Size {
            text: 133,
            data: 7,
            bss: 50,
            fast: 13,
        };
        assert_eq!(size, Some(expected));
        assert_eq!(read(b"\x7fELF\x02\x01"), None);
        assert_eq!(read(&elf(&sections)[..60]), None);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let size = Size {
            text: 1_000,
            data: 100,
            bss: 900,
            fast: 0,
        };
        assert!(size.against(2, 1).is_ok());
        let fast = Size { fast: 25, ..size };
        assert!(fast.against(2, 1).is_err());
        assert!(size.against(1, 1).is_err());
        assert!(size.against(2, 0).is_err());
    }
}
