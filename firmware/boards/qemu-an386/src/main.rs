//! The node's firmware on QEMU's mps2-an386. Whose settings name no broker (0.0.0.0) is
//! taken to stand at a wire, and says there what others publish.
#![no_std]
#![no_main]

use bt_hci::controller::ExternalController;
use bt_hci_serial::SerialTransport;
use core::{fmt::Write as _, panic::PanicInfo};
use cortex_m::{
    interrupt::InterruptNumber,
    peripheral::{NVIC, SCB},
};
use cortex_m_rt::exception;
use embassy_executor::Spawner;
use embassy_net::{Runner, Stack, StackResources};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_time::{Duration, Timer};
use node::{Backoff, Event, Node, Shared, line, net, radio, sensors::Thermometer, wiring};
use protocol::settings::Settings;
use qemu_an386::{
    CONSOLE, CONTROLLER, ETHER, WATCHDOG, WIRE, bus,
    ether::Ether,
    i2c::Bus,
    memory, restart, time,
    uart::{Inbox, Receiver, Sender},
};
use static_cell::StaticCell;

const CONTROLLER_LINE: u16 = 2;
const WIRE_LINE: u16 = 4;
const ETHER_LINE: u16 = 13;

/// Between the end of one session with the controller and the next.
const RADIO_AGAIN: Duration = Duration::from_millis(100);

static HEARD: Inbox = Inbox::empty();
static TOLD: Inbox = Inbox::empty();
static SHARED: StaticCell<Shared> = StaticCell::new();
static SETTINGS: StaticCell<Settings> = StaticCell::new();
static NETWORK: StaticCell<StackResources<3>> = StaticCell::new();

macro_rules! say {
    ($($words:tt)*) => {{
        let mut console = CONSOLE;
        let _ = writeln!(console, $($words)*);
    }};
}

/// An interrupt line of the board.
#[derive(Clone, Copy)]
struct Line(u16);

// SAFETY: the number never changes, and the board has these lines.
unsafe impl InterruptNumber for Line {
    fn number(self) -> u16 {
        self.0
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let core = cortex_m::Peripherals::take().expect("nobody took them before");
    time::start(core.SYST);
    CONSOLE.start(false);
    WATCHDOG.start();
    let restart = restart::reason();
    let (settings, start, bus) = match memory::open(bus()) {
        Ok(opened) => opened,
        Err(error) => stop(error),
    };
    say!(
        "node {} of {}, start {start} ({restart:?})",
        settings.node,
        settings.store
    );
    let settings: &Settings = SETTINGS.init(settings);
    let node = Node::new(start, settings.allowed.clone()).started_by(restart);
    let shared: &Shared = SHARED.init(Shared::new(node));

    CONTROLLER.start(true);
    unmask(CONTROLLER_LINE);
    if settings.broker == [0; 4] {
        WIRE.start(true);
        unmask(WIRE_LINE);
        spawner.spawn(speak(settings, shared).expect("started once"));
    } else {
        ETHER.start();
        unmask(ETHER_LINE);
        connect(spawner, settings, shared, start);
    }
    spawner.spawn(listen(shared, start).expect("started once"));
    spawner.spawn(sense(shared, bus).expect("started once"));
    shared.keep_awake(|| WATCHDOG.feed()).await;
}

/// To be called once what the handler below touches is set up.
fn unmask(line: u16) {
    // SAFETY: it is, says the caller.
    unsafe { NVIC::unmask(Line(line)) };
}

/// The wire has no way to say that it is not there: what nobody takes is repeated.
#[embassy_executor::task]
async fn speak(settings: &'static Settings, shared: &'static Shared) {
    let receiver = Receiver {
        port: WIRE,
        inbox: &TOLD,
    };
    let Err(error) = line::serve(receiver, Sender(WIRE), settings, shared).await;
    say!("line: {error}");
}

fn connect(spawner: Spawner, settings: &'static Settings, shared: &'static Shared, start: u32) {
    let config = embassy_net::Config::dhcpv4(embassy_net::DhcpConfig::default());
    let resources = NETWORK.init(StackResources::new());
    let (stack, runner) = embassy_net::new(ETHER, config, resources, u64::from(start));
    spawner.spawn(network(runner).expect("started once"));
    spawner.spawn(link(stack, settings, shared, start).expect("started once"));
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Ether>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn link(
    stack: Stack<'static>,
    settings: &'static Settings,
    shared: &'static Shared,
    start: u32,
) {
    let tell = |told: net::Told| say!("link: {told}");
    let backoff = Backoff::of(&settings.node, start);
    net::keep(stack, settings, shared, backoff, tell).await;
}

#[embassy_executor::task]
async fn listen(shared: &'static Shared, start: u32) {
    let own = radio::own_address(start);
    loop {
        let inbox = &HEARD;
        let mut receiver = Receiver {
            port: CONTROLLER,
            inbox,
        };
        radio::quiet(&mut receiver).await;
        let transport: SerialTransport<CriticalSectionRawMutex, _, _> =
            SerialTransport::new(receiver, Sender(CONTROLLER));
        let controller: ExternalController<_, 4> = ExternalController::new(transport);
        let error = radio::listen(controller, own, |advert| {
            shared.handle(Event::Heard(advert));
        })
        .await;
        say!("radio: {error}");
        Timer::after(RADIO_AGAIN).await;
    }
}

#[embassy_executor::task]
async fn sense(shared: &'static Shared, bus: Bus) -> ! {
    let mut thermometer = Thermometer::new(bus);
    wiring::watch(shared, |now| [thermometer.poll(now)]).await
}

#[exception]
unsafe fn DefaultHandler(line: i16) {
    match u16::try_from(line) {
        Ok(CONTROLLER_LINE) => HEARD.receive(CONTROLLER),
        Ok(WIRE_LINE) => TOLD.receive(WIRE),
        Ok(ETHER_LINE) => ETHER.interrupted(),
        Ok(_) | Err(_) => {}
    }
}

/// Without settings there is nothing to do but say so; the watchdog tries again.
fn stop(error: memory::BadMemory) -> ! {
    say!("stopped: {error}");
    loop {
        cortex_m::asm::wfi();
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    say!("{info}");
    restart::panicked();
    SCB::sys_reset()
}
