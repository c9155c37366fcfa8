//! What is wrong in the shop, in words for whoever keeps it: what, where,
//! since when, and what to do.

mod air;

use crate::{
    display, machine,
    recording::RecordingHealth,
    shop::{Health, Live},
    uplink,
};
use engine::{
    plan::{SensorKind, StorePlan},
    view::{ScreenPhase, ScreenStatus},
};
use protocol::id::SensorId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A scanner that said nothing for so long is taken to be broken: ours report
/// once a second, Theengs and ESPresense at least twice a minute.
const SCANNER_SILENT_MS: u64 = 60_000;
/// After a start everything gets so long to say its first word.
const WARM_UP_MS: u64 = 45_000;
/// So many commits waiting for the disk mean seconds of delay.
const COMMITS_WAITING: u64 = 2_000;

/// How bad it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    /// Offers are not shown, or nobody knows.
    Bad,
    /// Works, but not as it should.
    Warn,
    /// Good to know.
    Note,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Problem {
    /// Stays the same while the problem does; `screen:dairy`.
    pub(crate) key: String,
    pub(crate) severity: Severity,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do.
    pub(crate) remedy: String,
}

impl Problem {
    /// Whether offers are not shown because of it.
    pub(crate) fn is_bad(&self) -> bool {
        self.severity == Severity::Bad
    }

    pub(crate) fn new(
        severity: Severity,
        key: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            key: key.into(),
            severity,
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

/// Everything that is wrong, worst first.
pub(crate) fn find(live: &Live, plan: &StorePlan) -> Vec<Problem> {
    let mut problems = of_health(&live.health);
    problems.extend(of_screens(live, plan));
    problems.extend(display::problems::find(live, plan));
    problems.extend(of_scanners(live));
    problems.extend(air::find(live));
    problems.extend(of_unknown(live));
    problems.extend(of_sensors(live, plan));
    problems.extend(of_offers(live, plan));
    problems.sort_by_key(|problem| problem.severity);
    problems
}

fn of_health(health: &Health) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !health.broker {
        problems.push(Problem::new(
            Severity::Bad,
            "broker",
            "The message broker is not connected, so nothing is heard from scanners.",
            "Check that the broker is running and that the network cable is in. \
             Screens keep showing the house loop; everything comes back by itself.",
        ));
    }
    if !health.store {
        problems.push(Problem::new(
            Severity::Bad,
            "store",
            "Nothing can be written to the disk, so no offer is shown.",
            "Free some space on the disk, or replace a worn memory card.",
        ));
    }
    if !health.room {
        problems.push(Problem::new(
            Severity::Bad,
            "disk-full",
            "The disk is full: screens show the house loop, and nobody can be enrolled. \
             Consent can still be taken back, and receipts still count.",
            "Free some space on the disk; everything comes back by itself.",
        ));
    }
    if !health.clock {
        problems.push(Problem::new(
            Severity::Warn,
            "clock",
            "The date is not known yet, so offers with a date are not shown.",
            "Connect the gateway to the network once so that it can set its clock.",
        ));
    }
    if health.commits_waiting > COMMITS_WAITING {
        problems.push(Problem::new(
            Severity::Warn,
            "disk",
            format!(
                "The disk is slow: {} entries wait for it.",
                health.commits_waiting
            ),
            "Stop other programs that write to it, or use a faster disk.",
        ));
    }
    if let Some(note) = &health.store_note {
        problems.push(Problem::new(
            Severity::Note,
            "store-note",
            format!("At the last start the store had to be mended: {note}."),
            "Nothing to do now. If it happens again, the disk may be wearing out.",
        ));
    }
    problems.extend(health.recording.as_ref().and_then(of_recording));
    problems.extend(health.uplink.iter().flat_map(uplink::problems::find));
    let of_machine = machine::problems::find(&health.machine).into_iter();
    // A disk that is full has been named.
    problems.extend(of_machine.filter(|problem| health.room || problem.key != "disk-low"));
    problems
}

fn of_recording(health: &RecordingHealth) -> Option<Problem> {
    let problem =
        |text: String, remedy| Some(Problem::new(Severity::Warn, "recording", text, remedy));
    if let Some(error) = &health.last_error {
        return problem(
            format!("A part of the recording is missing: {error}."),
            "Free some space on the disk, or use a faster one. Offers are not touched by it.",
        );
    }
    if health.bytes_lost > 0 {
        return problem(
            format!("{} bytes of recordings found no room.", health.bytes_lost),
            "Raise recording.max_bytes, or lower recording.keep_days.",
        );
    }
    None
}

fn of_screens(live: &Live, plan: &StorePlan) -> Vec<Problem> {
    let starting = live.health.uptime_ms < WARM_UP_MS;
    let screens = live.status.screens.iter();
    screens
        .filter_map(|screen| {
            let planned = plan.screens.iter().find(|s| s.id == screen.id)?;
            of_screen(screen, &planned.label, planned.silent_after_ms, starting)
        })
        .collect()
}

fn of_screen(
    screen: &ScreenStatus,
    label: &str,
    silent_after_ms: u64,
    starting: bool,
) -> Option<Problem> {
    let key = format!("screen:{}", screen.id);
    let Some(silent_ms) = screen.silent_ms else {
        return (!starting).then(|| {
            Problem::new(
                Severity::Warn,
                key,
                format!("Screen \u{201c}{label}\u{201d} has not been heard of since the start."),
                format!("Switch it on and let it open /screen/{}.", screen.id),
            )
        });
    };
    if silent_ms > silent_after_ms {
        return Some(Problem::new(
            Severity::Bad,
            key,
            format!(
                "Screen \u{201c}{label}\u{201d} has not been heard of for {}.",
                in_words(silent_ms)
            ),
            "Check its power and its network.",
        ));
    }
    (screen.phase == ScreenPhase::Silent).then(|| {
        Problem::new(
            Severity::Bad,
            key,
            format!("Screen \u{201c}{label}\u{201d} does not confirm the picture it was sent."),
            "Look whether it shows a picture; if not, switch it off and on again.",
        )
    })
}

/// Offers that were taken back.
fn of_offers(live: &Live, plan: &StorePlan) -> Vec<Problem> {
    let problems = live.status.offers.iter().filter_map(|status| {
        let what = status.ramp.as_ref()?.halted?;
        let known = plan.offer(&status.id).map(|ix| &plan.offers[ix.at()]);
        let title = known.map_or(status.id.as_str(), |offer| offer.title.as_str());
        Some(Problem::new(
            Severity::Warn,
            format!("offer:{}", status.id),
            format!(
                "Offer \u{201c}{}\u{201d} was taken back: {} more often where it is shown.",
                title,
                what.words()
            ),
            format!(
                "Find out why and change it; then let it loose again on the page of offers, or \
                 by `aislecast offers let-loose {}`.",
                status.id
            ),
        ))
    });
    problems.collect()
}

fn of_scanners(live: &Live) -> Vec<Problem> {
    // A broker that is gone silences them all, and was named already.
    if !live.health.broker {
        return Vec::new();
    }
    let starting = live.health.uptime_ms < WARM_UP_MS;
    let scanners = live.status.scanners.iter();
    let silent: Vec<(&str, Option<u64>)> = scanners
        .filter(|scanner| match scanner.silent_ms {
            None => !starting,
            Some(silent_ms) => silent_ms > SCANNER_SILENT_MS,
        })
        .map(|scanner| (scanner.id.as_str(), scanner.silent_ms))
        .collect();
    let total = live.status.scanners.len();
    if silent.len() > 1 && silent.len() == total {
        return vec![Problem::new(
            Severity::Bad,
            "scanners",
            "No scanner is heard, so nobody's place in the shop is known.",
            "Check the network between the scanners and the broker.",
        )];
    }
    silent.into_iter().map(of_scanner).collect()
}

fn of_scanner((id, silent_ms): (&str, Option<u64>)) -> Problem {
    let what = match silent_ms {
        Some(ms) => format!("Scanner {id} has been silent for {}.", in_words(ms)),
        None => format!("Scanner {id} has not been heard of since the start."),
    };
    let remedy = "Check its power and its Wi-Fi; places near it are less certain meanwhile.";
    Problem::new(Severity::Warn, format!("scanner:{id}"), what, remedy)
}

/// Devices that speak and that the plan does not have.
fn of_unknown(live: &Live) -> Option<Problem> {
    let names = &live.unknown_devices;
    let what = match names.as_slice() {
        [] => return None,
        [one] => format!("{one} speaks, and store.toml does not have it."),
        many => format!(
            "{} speak, and store.toml does not have them.",
            many.join(", ")
        ),
    };
    Some(Problem::new(
        Severity::Note,
        "unknown-devices",
        what,
        "If it is yours, enter it there with its place; what it says is not used meanwhile.",
    ))
}

fn of_sensors(live: &Live, plan: &StorePlan) -> Vec<Problem> {
    if !live.health.broker || live.health.uptime_ms < WARM_UP_MS {
        return Vec::new();
    }
    // A button has nothing to say until it is pressed.
    let speaks = |id: &SensorId| {
        let mut buttons = plan.sensors.iter().filter(|s| s.kind == SensorKind::Button);
        buttons.all(|button| button.id != *id)
    };
    let sensors = live.status.sensors.iter();
    let silent = sensors.filter(|s| s.value.is_none() && speaks(&s.id));
    silent
        .map(|sensor| {
            let what = match sensor.silent_ms {
                Some(ms) => format!(
                    "Sensor {} gave no usable value for {}.",
                    sensor.id,
                    in_words(ms)
                ),
                None => format!(
                    "Sensor {} has not been heard of since the start.",
                    sensor.id
                ),
            };
            Problem::new(
                Severity::Warn,
                format!("sensor:{}", sensor.id),
                what,
                "Check its battery; offers that depend on it are not shown meanwhile.",
            )
        })
        .collect()
}

/// A time span as people say it.
pub(crate) fn in_words(ms: u64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::shop::{busy_live, small_plan};
    use engine::{
        trial::{Incident, RampStatus},
        view::OfferStatus,
    };

    fn keys(live: &Live) -> Vec<String> {
        let problems = find(live, &small_plan());
        problems.into_iter().map(|p| p.key).collect()
    }

    fn taken_back() -> OfferStatus {
        OfferStatus {
            id: "milk".parse().unwrap(),
            showings: 40,
            showings_today: 4,
            left: 60,
            painted: 39,
            seen_s: 200.0,
            baskets: [1, 0, 3],
            codes: 0,
            vouchers: None,
            told: Vec::new(),
            ramp: Some(RampStatus {
                permille: 0,
                halted: Some(Incident::Complaint),
                ran_ms: 0,
                showings: 0,
                words: "taken back".to_owned(),
            }),
        }
    }

    #[test]
    fn a_shop_that_works_has_no_problems() {
        assert_eq!(keys(&busy_live()), Vec::<String>::new());
    }

    #[test]
    fn every_trouble_is_named_once_and_the_worst_first() {
        let check = |spoil: &dyn Fn(&mut Live), expected: &[&str]| {
            let mut live = busy_live();
            spoil(&mut live);
            assert_eq!(keys(&live), expected);
        };
        check(&|l| l.health.broker = false, &["broker"]);
        check(&|l| l.health.store = false, &["store"]);
        check(&|l| l.health.room = false, &["disk-full"]);
        check(&|l| l.health.clock = false, &["clock"]);
        check(&|l| l.health.commits_waiting = 5_000, &["disk"]);
        check(
            &|l| l.health.store_note = Some("rebuilt from the ledger".into()),
            &["store-note"],
        );
        let recording = |l: &mut Live| l.health.recording.clone().unwrap_or_default();
        check(
            &|l| {
                let last_error = Some("no space left".to_owned());
                let recording = recording(l);
                l.health.recording = Some(RecordingHealth {
                    last_error,
                    ..recording
                });
            },
            &["recording"],
        );
        check(
            &|l| l.health.uplink = Some(uplink::UplinkHealth::default()),
            &["uplink"],
        );
        check(
            &|l| {
                let recording = recording(l);
                l.health.recording = Some(RecordingHealth {
                    bytes_lost: 9,
                    ..recording
                });
            },
            &["recording"],
        );
        check(
            &|l| {
                l.health.clock = false;
                l.status.screens[0].silent_ms = Some(40_000);
            },
            &["screen:dairy", "clock"],
        );
        check(
            &|l| l.status.screens[0].phase = ScreenPhase::Silent,
            &["screen:dairy"],
        );
        check(&|l| l.status.screens[0].silent_ms = None, &["screen:dairy"]);
        check(&|l| l.status.offers.push(taken_back()), &["offer:milk"]);
        check(
            &|l| l.status.scanners[1].silent_ms = Some(90_000),
            &["scanner:s-2"],
        );
        check(&|l| l.status.sensors[0].value = None, &["sensor:air"]);
        check(
            &|l| l.unknown_devices = vec!["home/other".to_owned()],
            &["unknown-devices"],
        );
        check(
            &|l| {
                for scanner in &mut l.status.scanners {
                    scanner.silent_ms = Some(90_000);
                }
            },
            &["scanners"],
        );
    }

    #[test]
    fn a_button_that_nobody_presses_is_no_trouble() {
        let mut live = busy_live();
        live.status.sensors[0].value = None;
        let mut plan = small_plan();
        assert_eq!(find(&live, &plan).len(), 1);
        plan.sensors[0].kind = SensorKind::Button;
        assert_eq!(find(&live, &plan), []);
    }

    #[test]
    fn a_shop_that_just_started_gets_time_for_first_words() {
        let mut live = busy_live();
        live.health.uptime_ms = 5_000;
        live.status.screens[0].silent_ms = None;
        live.status.scanners[0].silent_ms = None;
        live.status.sensors[0].value = None;
        assert_eq!(keys(&live), Vec::<String>::new());
    }

    #[test]
    fn a_silent_screen_is_told_in_words_with_a_remedy() {
        let mut live = busy_live();
        live.status.screens[0].silent_ms = Some(40_000);
        let problems = find(&live, &small_plan());
        assert_eq!(
            (problems[0].what.as_str(), problems[0].remedy.as_str()),
            (
                "Screen \u{201c}Dairy aisle\u{201d} has not been heard of for 40 s.",
                "Check its power and its network."
            )
        );
    }

    #[test]
    fn time_spans_read_as_people_say_them() {
        for (ms, expected) in [
            (900, "0 s"),
            (40_000, "40 s"),
            (180_000, "3 min"),
            (7_200_000, "2 h"),
            (259_200_000, "3 days"),
        ] {
            assert_eq!(in_words(ms), expected);
        }
    }
}
