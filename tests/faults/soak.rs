//! A day's trade at once, with everything on the disk that belongs there: memory and open
//! files of the gateway stay what they were.

use crate::{
    times,
    uplink::{MEMBERS, enrol_all},
};
use std::{
    fs,
    time::{Duration, Instant},
};
use tests::{
    chance::Chance,
    gateway::Gateway,
    mqtt::Client,
    radio::{Fob, espresense},
    site::Site,
    wait,
};

/// A busy day's entries of the ledger, and what is heard between two hundred of them.
const DAY: usize = 50_000;
const SIGHTINGS: u64 = 1_000;
/// Days, unless `AISLECAST_DAYS` says otherwise.
const DAYS: usize = 1;
/// Before that the gateway has not yet met everybody: caches fill.
const WARM_UP: usize = 50;
/// Memory may grow by this much a day: what an allocator does not give back, KiB.
const GROWTH_KIB_MAX: u64 = 8 << 10;

/// What a process holds: memory in KiB and open files.
pub(crate) fn held(process: u32) -> (u64, usize) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    let files = fs::read_dir(format!("/proc/{process}/fd")).expect("it is ours");
    (kib.expect("Linux says so"), files.count())
}

/// Members and strangers are heard all over the shop.
fn walk_about(client: &mut Client, chance: &mut Chance) {
    for _ in 0..SIGHTINGS {
        // As many again are not of the shop, and never the same.
        let n = chance.below(2 * usize::from(MEMBERS));
        let member = u16::try_from(n).expect("small");
        let fob = if member < MEMBERS {
            Fob::of_the_shop(1 + member)
        } else {
            Fob {
                uuid: chance
                    .number()
                    .to_le_bytes()
                    .repeat(2)
                    .try_into()
                    .expect("16 bytes"),
                ..Fob::of_the_shop(member)
            }
        };
        let rssi = -50.0 - chance.below(30) as f32;
        let (topic, payload) = espresense(&fob, "dairy", rssi);
        client
            .publish(&topic, payload.as_bytes())
            .expect("the broker is there");
    }
    client.flush().expect("the broker is there");
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn memory_and_open_files_stay_what_they_were_over_days_of_trade() {
    let site = Site::embedded();
    let mut gateway = Gateway::start(&site);
    let process = gateway.process().id();
    let mut client = Client::connect(site.broker_port, "soak").expect("the broker is there");
    let mut chance = Chance::new(8);
    let days = times("AISLECAST_DAYS", DAYS);
    let rounds = WARM_UP + days * DAY / usize::from(MEMBERS);
    let begun = Instant::now();
    let mut before = (0, 0);
    for round in 1..=rounds {
        enrol_all(&site, round as u64);
        walk_about(&mut client, &mut chance);
        if round == WARM_UP {
            before = held(process);
        }
    }
    let heard = rounds as u64 * SIGHTINGS;
    let all = wait::within(Duration::from_mins(2), || {
        let live = gateway.live();
        let counts = &live["counts"];
        (counts["sightings"].as_u64()? >= heard).then_some(())
    });
    assert!(
        all.is_some(),
        "{} of {heard} were heard",
        gateway.count("sightings")
    );
    let after = held(process);
    let grown = after.0.saturating_sub(before.0);
    eprintln!(
        "soak: {days} days of {DAY} entries and {} sightings each in {:.0} s; memory {} KiB after the \
         warm-up and {} KiB at the end, open files {} and {}",
        heard as usize / rounds * (DAY / usize::from(MEMBERS)),
        begun.elapsed().as_secs_f64(),
        before.0,
        after.0,
        before.1,
        after.1,
    );
    assert!(grown <= GROWTH_KIB_MAX * days as u64, "{grown} KiB more");
    assert!(
        after.1 <= before.1 + 2,
        "open files: {before:?} and {after:?}"
    );
}
