//! Why the board started, told by a word that survives a reset but no power cut.
//!
//! Only the watchdog and a panic reset this board from within, and a panic
//! says so.

use core::mem::MaybeUninit;
use protocol::health::Restart;

const RUNNING: u32 = 0x52_55_4E_21;
const PANICKED: u32 = 0x50_41_4E_21;

/// Left as it is by whatever starts the program.
// SAFETY: the section is cortex-m-rt's, which never touches it.
#[unsafe(link_section = ".uninit.restart")]
static mut WORD: MaybeUninit<u32> = MaybeUninit::uninit();

/// Why the board started. To be asked once: from then on it is running.
pub fn reason() -> Restart {
    // SAFETY: nothing runs beside the start, and any bits are a number.
    let before = unsafe { (&raw const WORD).cast::<u32>().read_volatile() };
    write(RUNNING);
    match before {
        RUNNING => Restart::Watchdog,
        PANICKED => Restart::Panic,
        _ => Restart::Power,
    }
}

/// To be called before a panic resets the board.
pub fn panicked() {
    write(PANICKED);
}

fn write(word: u32) {
    // SAFETY: one aligned store, which nobody reads until the next start.
    unsafe { (&raw mut WORD).cast::<u32>().write_volatile(word) }
}
