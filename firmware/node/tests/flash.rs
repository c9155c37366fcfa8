//! Settings and starts in flash, on a model of it.

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use node::flash::{BadFlash, SECTOR, open};
use protocol::{
    id::{ScannerId, StoreId},
    settings::{Allowed, BadSettings, MAX_BYTES, Settings},
};

const AT: u32 = SECTOR;

/// Flash that only erasing brings back to ones.
struct Model {
    bytes: Vec<u8>,
    /// Power goes before the write that follows this many operations.
    power: u32,
}

impl Model {
    fn blank() -> Self {
        Self {
            bytes: vec![0xFF; 4 * SECTOR as usize],
            power: u32::MAX,
        }
    }

    fn with_settings() -> Self {
        let mut model = Self::blank();
        let mut room = [0; MAX_BYTES];
        let written = settings().write(&mut room).expect("any fit");
        let at = AT as usize;
        model.bytes[at..at + written.len()].copy_from_slice(written);
        model
    }

    fn spend(&mut self) -> Result<(), NorFlashErrorKind> {
        self.power = self.power.checked_sub(1).ok_or(NorFlashErrorKind::Other)?;
        Ok(())
    }
}

impl ErrorType for Model {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for Model {
    const READ_SIZE: usize = 4;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        check_read(self, offset, bytes.len())?;
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for Model {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = SECTOR as usize;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        check_erase(self, from, to)?;
        self.spend()?;
        self.bytes[from as usize..to as usize].fill(0xFF);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        check_write(self, offset, bytes.len())?;
        self.spend()?;
        for (cell, byte) in self.bytes[offset as usize..].iter_mut().zip(bytes) {
            *cell &= byte;
        }
        Ok(())
    }
}

fn settings() -> Settings {
    Settings {
        store: "shop".parse::<StoreId>().expect("a name"),
        node: "s-door".parse::<ScannerId>().expect("a name"),
        broker: [10, 0, 0, 2],
        port: 1883,
        user: heapless::String::new(),
        password: heapless::String::new(),
        allowed: Allowed::NOTHING,
    }
}

#[test]
fn starts_are_counted_and_settings_stay() {
    let mut flash = Model::with_settings();
    for start in 1..6 {
        assert_eq!(open(&mut flash, AT), Ok((settings(), start)));
    }
}

#[test]
fn a_start_in_which_power_goes_costs_at_most_its_own_number() {
    for power in 0..2 {
        let mut flash = Model::with_settings();
        for start in 1..4 {
            assert_eq!(open(&mut flash, AT), Ok((settings(), start)));
        }
        flash.power = power;
        assert_eq!(open(&mut flash, AT), Err(BadFlash::Broken));
        flash.power = u32::MAX;
        assert_eq!(open(&mut flash, AT), Ok((settings(), 4)));
    }
}

#[test]
fn flash_without_settings_says_so() {
    let blank = open(&mut Model::blank(), AT);
    assert_eq!(blank, Err(BadFlash::Settings(BadSettings::Blank)));
    let beyond = open(&mut Model::blank(), 64 * SECTOR);
    assert_eq!(beyond, Err(BadFlash::Broken));
}
