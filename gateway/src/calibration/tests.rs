use super::*;
use crate::http::tests::shop::small_plan;
use engine::{
    calibration::self_test,
    plan::ScannerIx,
    strength::Strength,
    time::{Mono, Wall},
};
use protocol::{frame::NodeFrame, frame::NodeSighting, time::Stamp};

/// A moment of this start of the gateway.
fn at(mono_ms: u64) -> Dating {
    let now = Now {
        mono: Mono(mono_ms),
        wall: Wall::Unsynced,
    };
    Dating { now, epoch: EPOCH }
}

const EPOCH: u32 = 7;
const TAG: &str = "ibeacon:a15ec457-0000-4000-8000-0000000000ff-1-1";

fn sighting(scanner: u8, beacon: &str, rssi_dbm: f32) -> Event {
    Event::Sighting(Sighting {
        scanner: ScannerIx(scanner),
        beacon: beacon.parse().unwrap(),
        strength: Strength::of_one(rssi_dbm),
        reference_dbm: None,
        heard: Heard::OnReceipt,
    })
}

fn leg(x: f32) -> Step {
    Step::Leg {
        from: [x, 1.0],
        to: None,
        level: 0,
    }
}

/// The two scanners of the small shop hang at 1 and 11 m: free-space loss.
fn dbm(x: f32, scanner: u8) -> f32 {
    let away = (x - [1.0, 11.0][usize::from(scanner)]).abs().max(1.0);
    -50.0 - 20.0 * away.log10()
}

struct Walker {
    calibration: Calibration,
    plan: StorePlan,
    now_ms: u64,
}

impl Walker {
    fn step(&mut self, step: Step) -> Result<Progress, Refused> {
        self.calibration
            .step(self.now_ms, &step, &self.plan, |_| false)
    }

    fn stand(&mut self, x: f32, packets: u64) -> Result<Progress, Refused> {
        self.step(leg(x))?;
        for n in 0..packets {
            self.now_ms += 100;
            let scanner = (n % 2) as u8;
            let heard = sighting(scanner, TAG, dbm(x, scanner));
            self.calibration.hear(at(self.now_ms), &heard);
        }
        self.now_ms += 1;
        self.step(Step::End)
    }
}

fn walker() -> Walker {
    let mut walker = Walker {
        calibration: Calibration::default(),
        plan: small_plan(),
        now_ms: 1_000,
    };
    let tag = TAG.to_owned();
    walker.step(Step::Begin { tag }).unwrap();
    walker
}

#[test]
fn a_walk_becomes_a_survey_that_is_read_again() {
    let mut walker = walker();
    for x in [1.0, 2.0, 3.0, 6.0, 9.0, 11.0] {
        walker.stand(x, 100).unwrap();
    }
    let plan = walker.plan.clone();
    let Surveyed {
        points,
        quality,
        now,
    } = walker.calibration.walk().unwrap().survey(&plan);
    assert!(now.unwrap().seconds > 0);
    assert_eq!(points.len(), 12);
    assert!(points.iter().all(|p| p.packets == 50));
    let text = config::write_survey(&points, &plan);
    let again = config::read_survey("survey.csv", &text, &plan).unwrap();
    assert_eq!(again.len(), 12);
    assert!(quality.unwrap().error_m < 6.0, "{quality:?}");
}

#[test]
fn steps_that_make_no_sense_are_refused_in_words() {
    let mut walker = walker();
    for (step, why) in [
        (Step::End, "no leg is going on"),
        (Step::Undo, "there is no leg"),
        (leg(50.0), "outside the floor"),
        (
            Step::Begin {
                tag: "anna".to_owned(),
            },
            "no tag is written like that",
        ),
    ] {
        let told = walker.step(step.clone()).unwrap_err().to_string();
        assert!(told.contains(why), "{step:?}: {told}");
    }
    let told = walker.stand(2.0, 3).unwrap_err().to_string();
    assert!(told.contains("heard 3 times only"), "{told}");
    walker.stand(2.0, 30).unwrap();
    walker.step(leg(3.0)).unwrap();
    let told = walker.step(leg(3.0)).unwrap_err().to_string();
    assert!(told.contains("end it first"), "{told}");
    walker.step(Step::Undo).unwrap();
    let left = walker.step(Step::Undo).unwrap();
    assert_eq!((left.legs.len(), left.open), (0, None));
}

#[test]
fn nobody_is_followed_about_by_calibrating() {
    let mut calibration = Calibration::default();
    let begin = Step::Begin {
        tag: TAG.to_owned(),
    };
    let told = calibration.step(0, &begin, &small_plan(), |_| true);
    assert!(
        told.unwrap_err()
            .to_string()
            .contains("belongs to a shopper")
    );
    assert!(calibration.walk().is_err());
    let mut walker = walker();
    let other = "ibeacon:a15ec457-0000-4000-8000-0000000000ff-1-2";
    walker
        .calibration
        .hear(at(1_100), &sighting(0, other, -50.0));
    assert_eq!(walker.calibration.progress(1_200, &walker.plan).packets, 0);
}

#[test]
fn a_walk_that_is_left_is_forgotten() {
    let mut walker = walker();
    walker.stand(2.0, 30).unwrap();
    let late = walker.now_ms + FORGOTTEN_MS + 1;
    walker.calibration.hear(at(late), &sighting(0, TAG, -50.0));
    assert!(walker.calibration.walk().is_err());
}

fn sending() -> StorePlan {
    let mut plan = small_plan();
    for (n, scanner) in plan.scanners.iter_mut().enumerate() {
        let beacon = format!("ibeacon:a15ec457-0000-4000-8000-0000000000aa-1-{n}");
        scanner.beacon = Some(beacon.parse().unwrap());
    }
    plan
}

#[test]
fn scanners_that_send_are_found_by_the_others() {
    let plan = sending();
    let mut neighbours = Neighbours::new(&plan);
    for n in 0..200_u64 {
        // The scanner at 1 m, as the one at 11 m hears it; and itself, which says nothing.
        let first = "ibeacon:a15ec457-0000-4000-8000-0000000000aa-1-0";
        neighbours.hear(at(n * 100), &sighting(1, first, -70.0));
        neighbours.hear(at(n * 100), &sighting(0, first, -30.0));
    }
    let heard = neighbours.heard();
    assert_eq!(
        heard.iter().map(|(_, p)| p.len()).collect::<Vec<_>>(),
        [200, 0]
    );
    let test = self_test(&plan, &heard);
    let found = test.scanners[0].quality.unwrap();
    assert!(found.seconds >= 14 && found.error_m < 12.0, "{found:?}");
    assert_eq!(test.scanners[1].quality, None);
    // One link says nothing about how radio fades.
    assert_eq!(test.zones[0].error_m, None);
}

#[test]
fn what_is_kept_of_a_scanner_is_bounded() {
    let plan = sending();
    let mut neighbours = Neighbours::new(&plan);
    let first = "ibeacon:a15ec457-0000-4000-8000-0000000000aa-1-0";
    for n in 0..5_000_u64 {
        neighbours.hear(at(n), &sighting(1, first, -70.0));
    }
    assert_eq!(neighbours.heard()[0].1.len(), 1_024);
}

#[test]
fn what_a_node_kept_counts_as_of_when_it_was_heard() {
    let beacon: Beacon = TAG.parse().unwrap();
    let sighting = NodeSighting {
        beacon,
        rssi_mean_dbm: -60,
        rssi_max_dbm: -60,
        count: 1,
        reference_dbm: None,
        age_ms: 100,
    };
    let stamp = |epoch, within_ms| Stamp {
        epoch,
        steady_ms: 7_000,
        within_ms,
        date_ms: None,
    };
    for (made, now_ms, expected) in [
        (None, 9_000, Some(8_900)),
        (Some(stamp(EPOCH, 20)), 9_000, Some(6_900)),
        // Not sure of its age: as young as it may be.
        (Some(stamp(EPOCH, 500)), 9_000, Some(7_400)),
        // Another start's clock says nothing.
        (Some(stamp(EPOCH + 1, 20)), 9_000, Some(8_900)),
        (Some(stamp(EPOCH, 20)), 19_000, None),
    ] {
        let frame = NodeFrame {
            made,
            sightings: [sighting].into_iter().collect(),
            ..NodeFrame::decode(&[1, 5, 0, 0, 0, 0, 0]).unwrap()
        };
        let event = Event::Node {
            scanner: ScannerIx(0),
            frame: Box::new(frame),
        };
        let mut heard = None;
        each_packet(at(now_ms), &event, |_, packet| heard = Some(packet.at_ms));
        assert_eq!(heard, expected, "{now_ms}");
    }
}
