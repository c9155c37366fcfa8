//! The watchdog (ARM DDI 0479, CMSDK APB watchdog): starts the board anew when
//! nobody feeds it.

use crate::{register::Register, time::CORE_HZ};

const UNLOCK: u32 = 0x1ACC_E551;
const INTERRUPT_ON: u32 = 1 << 0;
const RESET_ON: u32 = 1 << 1;
/// The counter runs out once to warn and a second time to reset.
const SECONDS: u32 = 8;

/// The watchdog.
#[derive(Clone, Copy)]
pub struct Watchdog {
    load: Register,
    control: Register,
    clear: Register,
    lock: Register,
}

impl Watchdog {
    /// # Safety
    /// A watchdog must be at this address.
    pub const unsafe fn at(address: usize) -> Self {
        // SAFETY: these are its registers, says the caller.
        unsafe {
            let load = Register::at(address);
            Self {
                load,
                control: load.further(0x008),
                clear: load.further(0x00C),
                lock: load.further(0xC00),
            }
        }
    }

    /// Starts it; from then on it must be fed.
    pub fn start(self) {
        self.lock.write(UNLOCK);
        self.load.write(SECONDS * CORE_HZ);
        self.control.write(INTERRUPT_ON | RESET_ON);
    }

    /// Feeds it.
    pub fn feed(self) {
        self.clear.write(1);
    }
}
