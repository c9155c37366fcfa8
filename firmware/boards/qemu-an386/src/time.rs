//! Time: the board's counter says what it is, `SysTick` wakes who waits.
//!
//! Ticks alone would be lost while the emulator does not run; the counter goes
//! on by itself.

use crate::register::Register;
use core::{cell::RefCell, task::Waker};
use cortex_m::peripheral::{SYST, syst::SystClkSource};
use cortex_m_rt::exception;
use critical_section::Mutex;
use embassy_time_driver::{Driver, TICK_HZ};
use embassy_time_queue_utils::Queue;

/// Clock of the board (AN386, section 3.4).
pub const CORE_HZ: u32 = 25_000_000;
const PER_TICK: u32 = CORE_HZ / TICK_HZ as u32;

/// FPGAIO: a counter of what its prescaler lets pass (AN386, table 4-1).
// SAFETY: nothing else uses it.
const COUNTER: Register = unsafe { Register::at(0x4002_8018) };
// SAFETY: the same.
const PRESCALE: Register = unsafe { Register::at(0x4002_801C) };

struct State {
    now: u64,
    queue: Queue,
}

impl State {
    /// The counter has 32 bits, 49 days; it is looked at far more often.
    fn now(&mut self) -> u64 {
        let passed = COUNTER.read().wrapping_sub(self.now as u32);
        self.now += u64::from(passed);
        self.now
    }
}

struct Ticks(Mutex<RefCell<State>>);

embassy_time_driver::time_driver_impl!(static TICKS: Ticks = Ticks(Mutex::new(RefCell::new(State {
    now: 0,
    queue: Queue::new(),
}))));

impl Driver for Ticks {
    fn now(&self) -> u64 {
        critical_section::with(|cs| self.0.borrow_ref_mut(cs).now())
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // Every tick looks at the queue: nothing has to be set.
        critical_section::with(|cs| self.0.borrow_ref_mut(cs).queue.schedule_wake(at, waker));
    }
}

/// Starts the clock.
pub fn start(mut timer: SYST) {
    PRESCALE.write(PER_TICK - 1);
    COUNTER.write(0);
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(PER_TICK - 1);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

#[exception]
fn SysTick() {
    critical_section::with(|cs| {
        let mut state = TICKS.0.borrow_ref_mut(cs);
        let now = state.now();
        state.queue.next_expiration(now);
    });
}
