//! What nobody's answer may hang on: which way the floor is drawn, and what
//! scanners are called and in which order they stand.

use super::{
    estimates::Estimate,
    follow,
    sightings::{Heard, Sightings},
};
use crate::table::Table;
use engine::plan::{Point, Polygon, ScannerIx, StorePlan};
use std::collections::BTreeMap;

const SITE: &str = include_str!("../../tests/presence/tetam/store.toml");
const SURVEY: &str = include_str!("../../tests/presence/tetam/survey.csv");
const SIGHTINGS: &str = include_str!("../../tests/presence/tetam/sightings.csv");
/// Width of the hall, metres.
const WIDE_M: f32 = 21.0;
/// Who walks is 8 m and more from where they were so long before, s.
const LATER_S: f64 = 22.0;

fn hall() -> (StorePlan, Sightings) {
    let mut plan = config::parse_place(SITE).unwrap().plan;
    plan.survey = config::read_survey("survey.csv", SURVEY, &plan).unwrap();
    let sightings = Table::of_text("sightings.csv", SIGHTINGS).unwrap();
    let sightings = Sightings::read(sightings, &plan).unwrap();
    (plan, sightings)
}

/// East is west, the last scanner is the first, and all have other names.
fn mirrored((mut plan, mut sightings): (StorePlan, Sightings)) -> (StorePlan, Sightings) {
    let mirror = |at: &mut Point| at.x = WIDE_M - at.x;
    let mirror_all = |area: &mut Polygon| area.0.iter_mut().for_each(mirror);
    mirror_all(&mut plan.outline);
    for zone in &mut plan.zones {
        mirror_all(&mut zone.area);
    }
    let last = plan.scanners.len() as u8 - 1;
    let renamed = |scanner: &mut ScannerIx| scanner.0 = last - scanner.0;
    plan.scanners.reverse();
    for (n, scanner) in plan.scanners.iter_mut().enumerate() {
        mirror(&mut scanner.at);
        scanner.id = format!("other-{n}").parse().unwrap();
    }
    for point in &mut plan.survey {
        mirror(&mut point.at);
        renamed(&mut point.scanner);
    }
    for heard in &mut sightings.heard {
        renamed(&mut heard.scanner);
    }
    (plan, sightings)
}

#[test]
fn a_mirrored_hall_with_renamed_scanners_gives_the_mirrored_walk() {
    let follow = |(plan, sightings): &(StorePlan, Sightings)| -> Vec<Estimate> {
        follow::follow(plan, sightings, 1_000).estimates
    };
    let (is, mirrored) = (follow(&hall()), follow(&mirrored(hall())));
    assert_eq!(is.len(), mirrored.len());
    assert!(is.len() > 40, "{}", is.len());
    let mut other_zones = 0;
    for (is, mirrored) in is.iter().zip(&mirrored) {
        assert_eq!(is.t_s.to_bits(), mirrored.t_s.to_bits());
        let ((x, y), (mx, my)) = (is.at.unwrap(), mirrored.at.unwrap());
        // Sums are added up in another order, and of places of the survey that are
        // equally near others come first: five centimetres at most.
        let apart_m = (f64::from(WIDE_M) - x - mx).hypot(y - my);
        assert!(apart_m < 0.1, "{apart_m} m at {} s", is.t_s);
        other_zones += usize::from(is.zone != mirrored.zone);
    }
    // Borders at 5.25 m run through the middles of cells, which are then of the
    // zone on the other side.
    assert!(other_zones <= is.len() / 10, "{other_zones} zones differ");
}

/// What a frame leaves out, and that it comes later, costs little.
#[test]
fn nodes_of_ours_find_a_recorded_walk_where_its_packets_do() {
    let (plan, sightings) = hall();
    let packets = follow::follow(&plan, &sightings, 1_000);
    let frames = follow::follow_frames(&plan, &sightings, 1_000);
    assert_eq!(frames.counts.implausible + frames.counts.duplicate, 0);
    assert!(frames.counts.sightings < packets.counts.sightings);
    let at = |estimate: &Estimate| (estimate.t_s.to_bits(), estimate.at.unwrap());
    let by_packets: BTreeMap<u64, (f64, f64)> = packets.estimates.iter().map(at).collect();
    let apart = frames.estimates.iter().filter_map(|estimate| {
        let (t, (x, y)) = at(estimate);
        let (px, py) = by_packets.get(&t)?;
        Some((x - px).hypot(y - py))
    });
    let apart: Vec<f64> = apart.collect();
    assert!(apart.len() > 40, "{}", apart.len());
    let mean_m = apart.iter().sum::<f64>() / apart.len() as f64;
    assert!(mean_m < 0.8, "{mean_m} m");
}

/// One end of the walk is copied to the other: both are heard at once.
#[test]
fn a_recorded_tag_that_is_copied_is_noticed_and_one_that_is_not_is_let_be() {
    let (surveyed, alone) = hall();
    let mut bare = surveyed.clone();
    bare.survey.clear();
    let begin_s = alone.heard[0].t_s;
    let moved = alone.heard.iter().filter_map(|heard| {
        let t_s = heard.t_s - LATER_S;
        (t_s >= begin_s).then_some(Heard { t_s, ..*heard })
    });
    let mut copied = alone.clone();
    copied.heard.extend(moved.collect::<Vec<_>>());
    copied.heard.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
    for plan in [&surveyed, &bare] {
        let followed = follow::follow(plan, &alone, 1_000);
        assert_eq!(followed.copied, BTreeMap::new());
        let followed = follow::follow(plan, &copied, 1_000);
        let from_s = followed.copied["straight"][0] - begin_s;
        assert!((4.0..20.0).contains(&from_s), "{from_s}");
        let then = followed.estimates.iter();
        let then = then.filter(|e| (0.0..5.0).contains(&(e.t_s - begin_s - from_s)));
        let zones: Vec<_> = then.map(|e| e.zone).collect();
        assert_eq!(zones, [None; 5]);
    }
}
