//! What the console sees, renewed a few times a second.

use super::Running;
use crate::{
    shop::{Health, Live},
    uplink::Watch,
};
use engine::time::Mono;
use std::{collections::VecDeque, fs, sync::Arc};

/// Rates are means over this long, ms: short enough to see a scanner fall
/// silent, long enough not to flicker.
const RATE_MS: u64 = 5_000;

/// What rates are worked out from.
#[derive(Debug, Default)]
pub(super) struct Gauges {
    /// When, sightings taken in, strangers dropped.
    samples: VecDeque<(Mono, u64, u64)>,
}

impl Gauges {
    /// Sightings and strangers per second.
    fn rates(&mut self, at: Mono, sightings: u64, strangers: u64) -> (f32, f32) {
        self.samples.push_back((at, sightings, strangers));
        while self.samples.len() > 2 && at.since_ms(self.samples[1].0) >= RATE_MS {
            self.samples.pop_front();
        }
        let (since, sightings_then, strangers_then) = self.samples[0];
        let seconds = at.since_ms(since) as f32 / 1_000.0;
        if seconds <= 0.0 {
            return (0.0, 0.0);
        }
        let rate = |now: u64, then: u64| (now - then) as f32 / seconds;
        (
            rate(sightings, sightings_then),
            rate(strangers, strangers_then),
        )
    }
}

impl Running {
    pub(super) fn publish(&mut self) {
        let now = self.clock.now();
        let counts = self.engine.counts().clone();
        let (sightings_per_s, strangers_per_s) =
            self.gauges
                .rates(now.mono, counts.sightings, counts.strangers);
        let gauge = self.store.gauge();
        let live = Live {
            status: self.engine.status(now),
            counts,
            sightings_per_s,
            strangers_per_s,
            unknown_devices: self.strangers.newest_first(),
            nodes: self.nodes.statuses(),
            recent: self.happenings.newest_first(),
            displays: self.counter.displays.statuses(&self.plan),
            health: Health {
                broker: self.is_linked,
                retained_dropped: self.retained_dropped,
                store: gauge.is_durable(),
                room: !gauge.is_full(),
                store_note: gauge.note(),
                clock: now.wall.known().is_some(),
                uptime_ms: now.mono.0,
                commits_waiting: gauge.waiting() + self.jobs.len() as u64,
                rss_bytes: rss_bytes(),
                recording: self.recorder.as_ref().map(|r| r.gauge().health()),
                uplink: self.uplink.as_ref().map(Watch::health),
                machine: self.machine.borrow().clone(),
            },
            truth: self.truth.clone(),
        };
        self.counter.live.send_replace(Arc::new(live));
    }
}

/// Resident memory of this process; 0 where the kernel does not say.
fn rss_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_the_mean_of_the_last_seconds() {
        let mut gauges = Gauges::default();
        assert_eq!(gauges.rates(Mono(0), 0, 0), (0.0, 0.0));
        let mut last = (0.0, 0.0);
        for tick in 1..=80_u64 {
            // 100 sightings a second for ten seconds, then none.
            let sightings = 25 * tick.min(40);
            last = gauges.rates(Mono(tick * 250), sightings, tick);
            if tick == 40 {
                assert!((last.0 - 100.0).abs() < 0.01 && (last.1 - 4.0).abs() < 0.01);
            }
        }
        assert!(last.0.abs() < f32::EPSILON);
        assert!(gauges.samples.len() <= 22);
    }

    #[test]
    fn this_process_takes_up_memory() {
        assert!(rss_bytes() > 1 << 20);
    }
}
