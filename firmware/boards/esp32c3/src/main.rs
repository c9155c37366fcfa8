//! The node's firmware on an ESP32-C3, for example the `DevKitM-1`.
//!
//! | pins | what for |
//! |---|---|
//! | GPIO 5 SDA, GPIO 6 SCL | I2C |
//! | GPIO 7 | the motion detector |
//! | GPIO 3 outside, GPIO 4 inside | the light barriers |
//!
//! [`node::wiring`] says what is wired there, and which port each sensor has.
//!
//! Bluetooth and Wi-Fi share one radio: while it sends over Wi-Fi it hears no
//! beacons. How much that costs was not measured.
#![no_std]
#![no_main]

use bt_hci::controller::ExternalController;
use core::{cell::RefCell, panic::PanicInfo};
use embassy_executor::Spawner;
use embassy_net::{Runner, Stack, StackResources};
use embassy_time::{Delay, Duration, Timer};
use esp_hal::{
    Blocking,
    clock::CpuClock,
    gpio::{Input, InputConfig, Pull},
    i2c::master::{Config as I2cConfig, I2c},
    rng::Rng,
    rtc_cntl::SocResetReason,
    system,
    timer::timg::{MwdtStage, TimerGroup},
};
use esp_radio::{
    ble::controller::BleConnector,
    wifi::{
        AuthenticationMethodConfig, Config, ControllerConfig, Interface, WifiController,
        sta::StationConfig,
    },
};
use esp_storage::FlashStorage;
use node::{
    Advert, Backoff, Event, Node, Shared, flash, net, radio,
    wiring::{self, Wiring},
};
use protocol::{
    health::Restart,
    settings::{Settings, Wifi},
};
use static_cell::StaticCell;

esp_bootloader_esp_idf::esp_app_desc!();

/// The partition `nvs` of espflash's table, 24 KiB, which nobody else uses.
const SETTINGS_AT: u32 = 0x9000;
const WATCHDOG: esp_hal::time::Duration = esp_hal::time::Duration::from_secs(8);
/// Between two attempts to get into the wireless network.
const WIFI_AGAIN: Duration = Duration::from_secs(5);
/// What esp-radio's drivers allocate with both radios on, by its own example
/// (`examples/wifi/embassy_coex`): half of it where the bootloader was.
const HEAP_BYTES: usize = 64 * 1_024;

static SETTINGS: StaticCell<Settings> = StaticCell::new();
static SHARED: StaticCell<Shared> = StaticCell::new();
static NETWORK: StaticCell<StackResources<3>> = StaticCell::new();

#[esp_rtos::main]
async fn main(spawner: Spawner) {
    let restart = reason();
    let p = esp_hal::init(esp_hal::Config::default().with_cpu_clock(CpuClock::max()));
    esp_alloc::heap_allocator!(#[esp_hal::ram(reclaimed)] size: HEAP_BYTES);
    esp_alloc::heap_allocator!(size: HEAP_BYTES);
    let mut watchdog = TimerGroup::new(p.TIMG1).wdt;
    watchdog.set_timeout(MwdtStage::Stage0, WATCHDOG);
    watchdog.enable();
    let mut memory = FlashStorage::new(p.FLASH);
    let opened = flash::open(&mut memory, SETTINGS_AT);
    let wifi = flash::wifi(&mut memory, SETTINGS_AT);
    let (Ok((settings, start)), Ok(wifi)) = (opened, wifi) else {
        // Nothing to do without; the watchdog tries again.
        loop {
            core::hint::spin_loop();
        }
    };
    let settings: &Settings = SETTINGS.init(settings);
    let node = Node::new(start, settings.allowed.clone()).started_by(restart);
    let shared: &Shared = SHARED.init(Shared::new(node));

    let timers = TimerGroup::new(p.TIMG0);
    esp_rtos::start(timers.timer0, p.FROM_CPU_INTR0);
    let connector = BleConnector::new(p.BT, esp_radio::ble::Config::default());
    let bluetooth = ExternalController::new(connector.expect("Espressif's own numbers"));
    let station = Interface::station();
    let control = ControllerConfig::default().with_initial_config(configuration(&wifi));
    let control = WifiController::new(p.WIFI, control);
    let (stack, runner) = embassy_net::new(
        station,
        embassy_net::Config::dhcpv4(embassy_net::DhcpConfig::default()),
        NETWORK.init(StackResources::new()),
        seed(),
    );
    spawner.spawn(stay(control.expect("Espressif's own numbers")).expect("started once"));
    spawner.spawn(network(runner).expect("started once"));
    spawner.spawn(link(stack, settings, shared, start).expect("started once"));
    spawner.spawn(listen(bluetooth, shared, start).expect("started once"));

    let bus = I2c::new(p.I2C0, I2cConfig::default()).expect("100 kHz can be made");
    let bus = bus.with_sda(p.GPIO5).with_scl(p.GPIO6);
    let low = InputConfig::default().with_pull(Pull::Down);
    let motion = Input::new(p.GPIO7, low);
    let (outer, inner) = (Input::new(p.GPIO3, low), Input::new(p.GPIO4, low));
    spawner.spawn(sense(shared, bus, [motion, outer, inner]).expect("started once"));
    shared.keep_awake(|| watchdog.feed()).await;
}

/// Keeps in the wireless network.
#[embassy_executor::task]
async fn stay(mut control: WifiController<'static>) -> ! {
    loop {
        if control.connect_async().await.is_ok() {
            let _left = control.wait_for_disconnect_async().await;
        }
        Timer::after(WIFI_AGAIN).await;
    }
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Interface>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn link(
    stack: Stack<'static>,
    settings: &'static Settings,
    shared: &'static Shared,
    start: u32,
) {
    // There is no console to tell anything.
    let backoff = Backoff::of(&settings.node, start);
    net::keep(stack, settings, shared, backoff, |_| {}).await;
}

#[embassy_executor::task]
async fn listen(
    bluetooth: ExternalController<BleConnector<'static>, 4>,
    shared: &'static Shared,
    start: u32,
) -> ! {
    let heard = |advert: Advert<'_>| shared.handle(Event::Heard(advert));
    radio::listen(bluetooth, radio::own_address(start), heard).await;
    // The controller is part of this program: what broke it is in here.
    system::software_reset()
}

#[embassy_executor::task]
async fn sense(
    shared: &'static Shared,
    bus: I2c<'static, Blocking>,
    pins: [Input<'static>; 3],
) -> ! {
    let bus = RefCell::new(bus);
    let mut wiring = Wiring::new(&bus, Delay, pins);
    wiring::watch(shared, |now| wiring.poll(now)).await
}

fn configuration(wifi: &Wifi) -> Config {
    let ssid = wifi.ssid.as_str().try_into().expect("32 bytes fit");
    let station = StationConfig::default().with_ssid(ssid);
    let password = wifi.password.as_str();
    Config::Station(if password.is_empty() {
        station.with_authentication(AuthenticationMethodConfig::Open)
    } else {
        let password = password.try_into().expect("64 bytes fit");
        station.with_authentication(AuthenticationMethodConfig::Wpa2Personal(password))
    })
}

fn seed() -> u64 {
    let rng = Rng::new();
    u64::from(rng.random()) << 32 | u64::from(rng.random())
}

/// Why the chip started. A panic resets it from within.
fn reason() -> Restart {
    match system::reset_reason() {
        Some(
            SocResetReason::CoreMwdt0
            | SocResetReason::CoreMwdt1
            | SocResetReason::Cpu0Mwdt0
            | SocResetReason::Cpu0Mwdt1
            | SocResetReason::CoreRtcWdt
            | SocResetReason::Cpu0RtcWdt
            | SocResetReason::SysRtcWdt
            | SocResetReason::SysSuperWdt,
        ) => Restart::Watchdog,
        Some(SocResetReason::CoreSw | SocResetReason::Cpu0Sw) => Restart::Panic,
        _ => Restart::Power,
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    system::software_reset()
}
