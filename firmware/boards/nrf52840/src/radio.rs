//! The radio: Nordic's controller on the same core, listening.

use crate::Irqs;
use cortex_m::peripheral::SCB;
use embassy_executor::Spawner;
use embassy_nrf::{Peri, mode::Async, peripherals, rng::Rng};
use node::{Advert, Event, Shared, radio};
use nrf_mpsl::{MultiprotocolServiceLayer, raw};
use nrf_sdc::SoftdeviceController;
use static_cell::StaticCell;

/// What the controller is given. With one connection and more of its features it
/// asks for 3,224 bytes (trouble's example for this chip); less than it asks for
/// would be an error at the start.
const MEMORY_BYTES: usize = 4_096;

/// What the radio takes of the chip.
pub(crate) struct Parts {
    pub(crate) mpsl: nrf_mpsl::Peripherals<'static>,
    pub(crate) sdc: nrf_sdc::Peripherals<'static>,
    pub(crate) rng: Peri<'static, peripherals::RNG>,
}

/// Starts the radio. `seed` makes its address, which is never sent.
pub(crate) fn start(
    spawner: Spawner,
    parts: Parts,
    shared: &'static Shared,
    seed: u32,
) -> &'static MultiprotocolServiceLayer<'static> {
    static LAYER: StaticCell<MultiprotocolServiceLayer<'static>> = StaticCell::new();
    static RNG: StaticCell<Rng<'static, Async>> = StaticCell::new();
    static MEMORY: StaticCell<nrf_sdc::Mem<MEMORY_BYTES>> = StaticCell::new();
    // The RC oscillator, calibrated: not every board has a 32 kHz crystal.
    let clock = raw::mpsl_clock_lfclk_cfg_t {
        source: raw::MPSL_CLOCK_LF_SRC_RC as u8,
        rc_ctiv: raw::MPSL_RECOMMENDED_RC_CTIV as u8,
        rc_temp_ctiv: raw::MPSL_RECOMMENDED_RC_TEMP_CTIV as u8,
        accuracy_ppm: raw::MPSL_DEFAULT_CLOCK_ACCURACY_PPM as u16,
        skip_wait_lfclk_started: raw::MPSL_DEFAULT_SKIP_WAIT_LFCLK_STARTED != 0,
    };
    let layer = MultiprotocolServiceLayer::new(parts.mpsl, Irqs, clock);
    let layer: &'static _ = LAYER.init(layer.expect("the clock's numbers are Nordic's own"));
    spawner.spawn(run(layer).expect("started once"));
    let rng = RNG.init(Rng::new(parts.rng, Irqs));
    let memory = MEMORY.init(nrf_sdc::Mem::new());
    let controller = nrf_sdc::Builder::new()
        .map(|builder| builder.support_scan().support_central())
        .and_then(|builder| builder.central_count(1))
        .and_then(|builder| builder.build(parts.sdc, rng, layer, memory));
    let controller = controller.expect("it has the memory it asks for");
    spawner.spawn(listen(controller, shared, seed).expect("started once"));
    layer
}

#[embassy_executor::task]
async fn run(layer: &'static MultiprotocolServiceLayer<'static>) -> ! {
    layer.run().await
}

#[embassy_executor::task]
async fn listen(
    controller: SoftdeviceController<'static>,
    shared: &'static Shared,
    seed: u32,
) -> ! {
    let heard = |advert: Advert<'_>| shared.handle(Event::Heard(advert));
    radio::listen(controller, radio::own_address(seed), heard).await;
    // The controller is part of this program: what broke it is in here.
    SCB::sys_reset()
}
