//! The radio: whatever Bluetooth controller a board has, listening.

use crate::scan::Advert;
use bt_hci::{
    cmd::le::LeSetScanParams,
    controller::ControllerCmdSync,
    param::{AddrKind, FilterDuplicates, LeAdvReportsIter},
};
use core::{fmt, future::pending};
use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Instant, with_timeout};
use embedded_io_async::Read;
use protocol::beacon::Address;
use trouble_host::{
    BleHostError, Controller, HostResources,
    connection::ScanConfig,
    prelude::{DefaultPacketPool, EventHandler},
    scan::Scanner,
};

/// The radio listens without a pause: interval and window are the same. It
/// goes to the next advertising channel with each interval.
const INTERVAL: Duration = Duration::from_millis(60);

/// A pause between packets, and how long one is waited for: a shop full of
/// phones leaves few.
const QUIET: Duration = Duration::from_millis(20);
const QUIET_MAX: Duration = Duration::from_secs(1);

/// Hands every advertisement to `heard`, for as long as the controller works.
/// Passive: nobody is asked anything, so that a node sends nothing to phones.
pub async fn listen<C>(controller: C, own: [u8; 6], heard: impl Fn(Advert<'_>)) -> RadioError
where
    C: Controller + ControllerCmdSync<LeSetScanParams>,
{
    let mut resources: HostResources<DefaultPacketPool, 0, 0> = HostResources::new();
    let stack = trouble_host::new(controller, &mut resources)
        .set_random_address(trouble_host::Address::random(own))
        .build();
    let mut runner = stack.runner();
    let ears = Ears(heard);
    let listening = async {
        let mut central = stack.central();
        let mut scanner = Scanner::new(&mut central);
        let config = ScanConfig {
            active: false,
            interval: INTERVAL,
            window: INTERVAL,
            // Every packet counts: the mean of many is what places somebody.
            filter_duplicates: FilterDuplicates::Disabled,
            ..ScanConfig::default()
        };
        match scanner.scan(&config).await {
            Ok(_session) => pending::<RadioError>().await,
            Err(error) => RadioError::of(&error),
        }
    };
    match select(runner.run_with_handler(&ears), listening).await {
        Either::First(Ok(())) => RadioError::Stopped,
        Either::First(Err(error)) => RadioError::of(&error),
        Either::Second(error) => error,
    }
}

/// The address of a radio that only listens: it must have one, and never sends
/// it. A random static one: its two highest bits are set (Bluetooth Core 5.4,
/// Vol 6, Part B, 1.3.2.1).
pub const fn own_address(seed: u32) -> [u8; 6] {
    let [a, b, c, d] = seed.to_le_bytes();
    [a, b, c, d, 0x41, 0xC0]
}

/// Throws away what a line to a controller still brings, until it is quiet for
/// a moment: in the middle of nonsense, a new session would not find its feet.
pub async fn quiet<R: Read>(line: &mut R) {
    let mut nonsense = [0; 64];
    let ends = Instant::now() + QUIET_MAX;
    while Instant::now() < ends
        && matches!(
            with_timeout(QUIET, line.read(&mut nonsense)).await,
            Ok(Ok(1..))
        )
    {}
}

/// Why the radio hears nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RadioError {
    /// The link to the controller broke, or what it says makes no sense.
    Controller,
    /// The host software refused to go on.
    Host,
    /// It ended without a reason.
    Stopped,
}

impl fmt::Display for RadioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Controller => "the Bluetooth controller cannot be understood",
            Self::Host => "the Bluetooth host gave up",
            Self::Stopped => "it stopped",
        })
    }
}

impl core::error::Error for RadioError {}

impl RadioError {
    const fn of<E>(error: &BleHostError<E>) -> Self {
        match error {
            BleHostError::Controller(_) => Self::Controller,
            BleHostError::BleHost(_) => Self::Host,
        }
    }
}

struct Ears<F>(F);

impl<F: Fn(Advert<'_>)> EventHandler for Ears<F> {
    fn on_adv_reports(&self, reports: LeAdvReportsIter<'_>) {
        // A report that is cut off ends the iteration by itself.
        for report in reports.flatten() {
            let mut address = report.addr.into_inner();
            // Least significant byte first on the wire, last in print.
            address.reverse();
            let is_random = report.addr_kind.as_raw() & 1 == AddrKind::RANDOM.as_raw();
            (self.0)(Advert {
                address: Some((Address(address), is_random)),
                data: report.data,
                rssi_dbm: report.rssi,
            });
        }
    }
}
