//! Tests that run on the board itself. The last line says how they went:
//! `N passed, N failed`.
#![no_std]
#![no_main]

use core::{fmt::Write as _, panic::PanicInfo};
use cortex_m_rt::entry;
use embassy_time::{Delay, Duration, Instant, block_for};
use node::{
    Advert, Event, LONG_WINDOW_MS, MAX_FRAMES, Node, Uptime,
    sensors::{Climate, Thermometer},
    starts, uptime,
};
use protocol::{
    beacon::{Address, Beacon},
    frame::{
        MAX_BYTES, MAX_READINGS, MAX_SIGHTINGS, NodeFrame, NodeReading, NodeSighting, Quantity,
    },
    settings::Allowed,
    time::Stamp,
};
use qemu_an386::{CONSOLE, WATCHDOG, bus, memory, restart, time};

/// A name and what must hold.
type Test = (&'static str, fn() -> bool);

const TESTS: [Test; 8] = [
    ("settings_come_back_and_starts_are_counted", settings),
    ("the_thermometer_answers", thermometer),
    ("a_chip_that_is_not_there_is_a_fault", nobody),
    ("time_goes_on_as_fast_as_it_should", clock),
    ("numbers_with_a_point_are_right_to_the_last_bit", floats),
    ("the_fullest_frame_fits_its_buffer", fullest),
    ("a_full_node_drops_the_oldest_and_says_so", drops),
    ("a_stranger_does_not_leave_the_node", stranger),
];

#[entry]
fn main() -> ! {
    let core = cortex_m::Peripherals::take().expect("nobody took them before");
    time::start(core.SYST);
    CONSOLE.start(false);
    WATCHDOG.start();
    let (mut passed, mut failed, mut console) = (0, 0, CONSOLE);
    for (name, holds) in TESTS {
        WATCHDOG.feed();
        let word = if holds() { "ok" } else { "FAILED" };
        let counter = if word == "ok" {
            &mut passed
        } else {
            &mut failed
        };
        *counter += 1;
        let _ = writeln!(console, "test {name} ... {word}");
    }
    let _ = writeln!(console, "{passed} passed, {failed} failed");
    loop {
        WATCHDOG.feed();
        cortex_m::asm::wfi();
    }
}

fn settings() -> bool {
    let Ok((settings, first, bus)) = memory::open(bus()) else {
        return false;
    };
    let Ok((again, second, _)) = memory::open(bus) else {
        return false;
    };
    let wraps = starts::next([[0xFF; starts::BYTES]; 2]).2 == 1;
    settings == again && second == first.wrapping_add(1) && wraps
}

fn thermometer() -> bool {
    let value = Thermometer::new(bus()).poll(uptime());
    matches!(value, Some(Quantity::TemperatureCentiCelsius(_)))
}

fn nobody() -> bool {
    Climate::new(bus(), Delay).poll(uptime()) == Some([Quantity::Fault; 2])
}

fn clock() -> bool {
    let begun = Instant::now();
    block_for(Duration::from_millis(50));
    let passed = begun.elapsed();
    // The emulator may pause for a while; it must not run ahead.
    passed >= Duration::from_millis(50) && passed < Duration::from_secs(5)
}

fn floats() -> bool {
    // IEEE 754: 0.1 + 0.2 as 32 bits, and a root.
    let sum = core::hint::black_box(0.1_f32) + core::hint::black_box(0.2_f32);
    let quotient = core::hint::black_box(1.0_f32) / core::hint::black_box(3.0_f32);
    sum.to_bits() == 0x3E99_999A && quotient.to_bits() == 0x3EAA_AAAB
}

fn fullest() -> bool {
    let sighting = NodeSighting {
        beacon: Beacon::IBeacon {
            uuid: [0xFF; 16],
            major: u16::MAX,
            minor: u16::MAX,
        },
        rssi_mean_dbm: i8::MIN,
        rssi_max_dbm: i8::MIN,
        count: u8::MAX,
        reference_dbm: Some(i8::MIN),
        age_ms: u16::MAX,
    };
    let reading = NodeReading {
        port: u8::MAX,
        value: Quantity::NumberMilli(i64::MIN),
        age_ms: u16::MAX,
    };
    let frame = NodeFrame {
        made: Some(Stamp {
            epoch: u32::MAX,
            steady_ms: u64::MAX,
            within_ms: u32::MAX,
            date_ms: Some(u64::MAX),
        }),
        boot: u32::MAX,
        sequence: u32::MAX,
        uptime_ms: u32::MAX,
        dropped: u32::MAX,
        sightings: [sighting; MAX_SIGHTINGS].into_iter().collect(),
        readings: [reading; MAX_READINGS].into_iter().collect(),
    };
    let mut buffer = [0; MAX_BYTES];
    let Ok(bytes) = frame.encode(&mut buffer) else {
        return false;
    };
    NodeFrame::decode(bytes) == Ok(frame)
}

fn drops() -> bool {
    let mut node = Node::new(1, Allowed::NOTHING);
    // The clock wraps while the link is away.
    let mut now = Uptime(u32::MAX - 3 * LONG_WINDOW_MS);
    node.handle(now, Event::Woke);
    let windows = MAX_FRAMES as u32 + 5;
    for n in 0..windows {
        let value = Quantity::NumberMilli(n.into());
        node.handle(now, Event::Read { port: 0, value });
        now = Uptime(now.0.wrapping_add(LONG_WINDOW_MS));
        node.handle(now, Event::Woke);
    }
    let mut left = 0;
    while let Some(frame) = node.outgoing() {
        left += frame.readings.len() as u32;
        node.handle(now, Event::Sent);
    }
    left + node.counters().dropped == windows && left <= MAX_FRAMES as u32
}

fn stranger() -> bool {
    let mut node = Node::new(1, Allowed::NOTHING);
    // A phone's bare address with Apple's continuity data.
    let data = [
        0x0A, 0xFF, 0x4C, 0x00, 0x10, 0x05, 0x03, 0x1C, 0x0F, 0x2A, 0x3B,
    ];
    let advert = Advert {
        address: Some((Address([0x40, 1, 2, 3, 4, 5]), true)),
        data: &data,
        rssi_dbm: -40,
    };
    node.handle(Uptime(0), Event::Heard(advert));
    node.handle(Uptime(LONG_WINDOW_MS), Event::Woke);
    let counters = node.counters();
    let leaves = node
        .outgoing()
        .is_none_or(|frame| !frame.sightings.is_empty());
    counters.heard == 1 && counters.refused == 1 && !leaves
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let mut console = CONSOLE;
    let _ = writeln!(console, "{info}\n0 passed, 1 failed");
    restart::panicked();
    loop {
        cortex_m::asm::wfi();
    }
}
