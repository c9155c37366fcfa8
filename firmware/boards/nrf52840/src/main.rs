//! The node's firmware on an nRF52840, for example its development kit.
//!
//! | pins | what for |
//! |---|---|
//! | USB | the bridge: `aislecast bridge` on the computer at the other end |
//! | P0.26 SDA, P0.27 SCL | I2C |
//! | P0.03 | the motion detector |
//! | P0.04 outside, P0.28 inside | the light barriers |
//!
//! [`node::wiring`] says what is wired there, and which port each sensor has.
#![no_std]
#![no_main]

mod radio;
mod usb;

use core::{cell::RefCell, panic::PanicInfo};
use cortex_m::peripheral::SCB;
use embassy_executor::Spawner;
use embassy_nrf::{
    Peri, bind_interrupts,
    config::{Config, HfclkSource},
    gpio::{Input, Pull},
    interrupt::{self, InterruptExt as _, Priority},
    nvmc::Nvmc,
    pac, peripherals, rng, twim,
    usb::vbus_detect,
    wdt::{self, Watchdog, WatchdogHandle},
};
use embassy_time::Delay;
use node::{
    Node, Shared, flash,
    wiring::{self, Wiring},
};
use protocol::{health::Restart, settings::Settings};
use static_cell::StaticCell;

bind_interrupts!(struct Irqs {
    CLOCK_POWER => nrf_mpsl::ClockInterruptHandler, vbus_detect::InterruptHandler;
    EGU0_SWI0 => nrf_mpsl::LowPrioInterruptHandler;
    RADIO => nrf_mpsl::HighPrioInterruptHandler;
    RNG => rng::InterruptHandler<peripherals::RNG>;
    RTC0 => nrf_mpsl::HighPrioInterruptHandler;
    TIMER0 => nrf_mpsl::HighPrioInterruptHandler;
    TWISPI0 => twim::InterruptHandler<peripherals::TWISPI0>;
    USBD => embassy_nrf::usb::InterruptHandler<peripherals::USBD>;
});

/// Behind what memory.x leaves to the program.
const SETTINGS_AT: u32 = 1_012 * 1_024;
/// Ticks of 32,768 Hz: 8 s.
const WATCHDOG_TICKS: u32 = 8 * 32_768;
/// What I2C drivers write from flash at once, bytes.
const I2C_BYTES: usize = 32;

static SETTINGS: StaticCell<Settings> = StaticCell::new();
static SHARED: StaticCell<Shared> = StaticCell::new();

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let restart = reason();
    let mut config = Config::default();
    config.hfclk_source = HfclkSource::ExternalXtal;
    // The radio's interrupts must not wait for ours.
    config.gpiote_interrupt_priority = Priority::P2;
    config.time_interrupt_priority = Priority::P2;
    let p = embassy_nrf::init(config);
    interrupt::USBD.set_priority(Priority::P2);
    interrupt::TWISPI0.set_priority(Priority::P2);
    let mut watchdog = watch(p.WDT);
    // Before the radio: erasing a page stops the core for 85 ms.
    let Ok((settings, start)) = flash::open(&mut Nvmc::new(p.NVMC), SETTINGS_AT) else {
        // Nothing to do without; the watchdog tries again.
        loop {
            cortex_m::asm::wfi();
        }
    };
    let settings: &Settings = SETTINGS.init(settings);
    let node = Node::new(start, settings.allowed.clone()).started_by(restart);
    let shared: &Shared = SHARED.init(Shared::new(node));

    let parts = radio::Parts {
        mpsl: nrf_mpsl::Peripherals::new(
            p.RTC0, p.TIMER0, p.TEMP, p.PPI_CH19, p.PPI_CH30, p.PPI_CH31,
        ),
        sdc: nrf_sdc::Peripherals::new(
            p.PPI_CH17, p.PPI_CH18, p.PPI_CH20, p.PPI_CH21, p.PPI_CH22, p.PPI_CH23, p.PPI_CH24,
            p.PPI_CH25, p.PPI_CH26, p.PPI_CH27, p.PPI_CH28, p.PPI_CH29,
        ),
        rng: p.RNG,
    };
    let mpsl = radio::start(spawner, parts, shared, start);
    // USB needs the crystal also while the radio is off.
    let _crystal = mpsl.request_hfclk().await.expect("asked for once");
    usb::start(spawner, p.USBD, settings, shared);
    let mut i2c = twim::Config::default();
    i2c.frequency = twim::Frequency::K100;
    static WRITTEN: StaticCell<[u8; I2C_BYTES]> = StaticCell::new();
    let written = WRITTEN.init([0; I2C_BYTES]);
    let bus = twim::Twim::new(p.TWISPI0, Irqs, p.P0_26, p.P0_27, i2c, written);
    let motion = Input::new(p.P0_03, Pull::Down);
    let outer = Input::new(p.P0_04, Pull::Down);
    let inner = Input::new(p.P0_28, Pull::Down);
    spawner.spawn(sense(shared, bus, [motion, outer, inner]).expect("started once"));
    shared.keep_awake(|| watchdog.pet()).await;
}

#[embassy_executor::task]
async fn sense(shared: &'static Shared, bus: twim::Twim<'static>, pins: [Input<'static>; 3]) -> ! {
    let bus = RefCell::new(bus);
    let mut wiring = Wiring::new(&bus, Delay, pins);
    wiring::watch(shared, |now| wiring.poll(now)).await
}

/// Why the chip started. A panic resets it from within.
fn reason() -> Restart {
    let reasons = pac::POWER.resetreas().read();
    // Ones clear them.
    pac::POWER.resetreas().write_value(reasons);
    if reasons.dog() {
        Restart::Watchdog
    } else if reasons.sreq() || reasons.lockup() {
        Restart::Panic
    } else {
        Restart::Power
    }
}

fn watch(watchdog: Peri<'static, peripherals::WDT>) -> WatchdogHandle {
    let mut config = wdt::Config::default();
    config.timeout_ticks = WATCHDOG_TICKS;
    config.action_during_debug_halt = wdt::HaltConfig::Pause;
    match Watchdog::try_new::<_, 1>(watchdog, config) {
        Ok((_, [handle])) => handle,
        // A bootloader started one of its own, which knows only its own time.
        Err(_) => SCB::sys_reset(),
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    SCB::sys_reset()
}
