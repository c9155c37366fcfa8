//! What following people promises, in a hall with six scanners on each storey
//! and noise that is the same every time.

pub(super) mod hall;

use super::{Change, Tag, Tracker};
use crate::{
    Seed,
    plan::{Point, ScannerIx, Stairs, StorePlan, SurveyPoint, ZoneIx},
    time::Mono,
};
use hall::{Hall, at, rectangle};

/// 18 by 12 m, a western and an eastern zone on each storey.
pub(super) fn hall(levels: u8) -> StorePlan {
    let scanner = |n: u8| {
        let (column, row) = (f32::from(n % 6 / 2), f32::from(n % 2));
        (at(3.0 + 6.0 * column, 3.0 + 6.0 * row), n / 6)
    };
    Hall {
        sides_m: (18.0, 12.0),
        zones: (2, 1),
        levels,
    }
    .plan((0..6 * levels).map(scanner))
}

/// A beacon that is carried about.
struct Walk<'a> {
    plan: &'a StorePlan,
    tracker: Tracker,
    seconds: u64,
    noise: u32,
    changes: Vec<Change>,
}

impl<'a> Walk<'a> {
    fn new(plan: &'a StorePlan) -> Self {
        Self {
            plan,
            tracker: Tracker::new(plan, Seed(1)),
            seconds: 0,
            noise: 1,
            changes: Vec::new(),
        }
    }

    /// Between -4 and 4 dB.
    fn noise_db(&mut self) -> f32 {
        self.noise = self
            .noise
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        (self.noise >> 16) as f32 / 65_536.0 * 8.0 - 4.0
    }

    fn truth_dbm(&self, scanner: usize, place: Point, level: u8) -> f32 {
        let scanner = &self.plan.scanners[scanner];
        let slab_db = 15.0 * f32::from(scanner.level.abs_diff(level));
        let metres = libm::hypotf(scanner.at.distance(place), 1.0);
        -60.0 - 20.0 * libm::log10f(metres) - slab_db
    }

    /// A second in which these beacons are at these places, so much stronger
    /// than usual; scanners for which `hears` says no are dead.
    fn second(&mut self, beacons: &[(Tag, Point, u8, f32)], hears: impl Fn(usize) -> bool) {
        for packet in 0..2 {
            let now = Mono(self.seconds * 1_000 + packet * 470 + 20);
            for scanner in (0..self.plan.scanners.len()).filter(|s| hears(*s)) {
                for (tag, place, level, extra_db) in beacons {
                    let rssi = self.truth_dbm(scanner, *place, *level) + extra_db + self.noise_db();
                    if rssi > -95.0 {
                        let heard = (scanner, rssi);
                        self.tracker.hear_tag(now, 1, *tag, heard);
                    }
                }
            }
        }
        self.seconds += 1;
        let now = Mono(self.seconds * 1_000);
        self.tracker.step(now, &mut self.changes);
    }

    /// Stands somewhere for ten seconds; the error at the end, metres.
    fn stand(&mut self, place: Point, extra_db: f32, hears: impl Fn(usize) -> bool) -> f32 {
        for _ in 0..10 {
            self.second(&[(Tag(0), place, 0, extra_db)], &hears);
        }
        self.place().distance(place)
    }

    fn place(&self) -> Point {
        self.tracker.visit(1).unwrap().place.at
    }

    fn zone(&self) -> Option<ZoneIx> {
        self.tracker.visit(1).unwrap().zone()
    }
}

#[test]
fn a_weak_tag_is_found_as_well_as_a_strong_one() {
    let plan = hall(1);
    for extra_db in [0.0, -8.0, 8.0] {
        let mut walk = Walk::new(&plan);
        for place in [at(3.5, 8.0), at(12.0, 6.0), at(15.0, 3.0)] {
            let error = walk.stand(place, extra_db, |_| true);
            assert!(error < 2.0, "{extra_db} dB at {place:?}: {error} m");
        }
        assert_eq!(walk.zone(), Some(ZoneIx(1)));
    }
}

#[test]
fn two_dead_scanners_of_six_do_not_draw_anybody_away() {
    let plan = hall(1);
    let mut walk = Walk::new(&plan);
    for place in [at(6.0, 6.0), at(14.0, 4.0)] {
        let error = walk.stand(place, 0.0, |s| s != 0 && s != 5);
        assert!(error < 2.5, "{place:?}: {error} m");
    }
}

#[test]
fn a_survey_says_where_a_scanner_hears_less_than_expected() {
    let mut plan = hall(1);
    // Behind a column: scanner 2 hears 15 dB less of everything in the east.
    let shade = |scanner: usize, place: Point| {
        if scanner == 2 && place.x > 9.0 {
            -15.0
        } else {
            0.0
        }
    };
    let flat = plan.clone();
    let truth = Walk::new(&flat);
    for n in 0..24_u8 {
        let place = at(f32::from(n % 6) * 3.0 + 1.5, f32::from(n / 6) * 3.0 + 1.5);
        for scanner in 0..6 {
            plan.survey.push(SurveyPoint {
                at: place,
                level: 0,
                scanner: ScannerIx(scanner as u8),
                rssi_dbm: truth.truth_dbm(scanner, place, 0) + shade(scanner, place),
                packets: 50,
            });
        }
    }
    let expected = super::floor::Floor::new(&plan).map.expected;
    let grid = super::grid::Grid::new(&plan);
    for cell in (0..grid.cells()).step_by(37) {
        let (place, _) = grid.at(cell);
        if (place.x - 9.0).abs() > 2.0 {
            let is = truth.truth_dbm(2, place, 0) + shade(2, place);
            assert!((expected[2][cell] - is).abs() < 5.0, "{place:?}");
        }
    }
}

#[test]
fn what_was_surveyed_on_one_side_of_a_wall_says_little_of_the_other() {
    let mut plan = hall(1);
    let tracker = plan.clone();
    let truth = Walk::new(&tracker);
    // The wall at 9 m takes 15 dB of what scanner 0, in the west, hears of the east.
    for n in 0..24_u8 {
        let place = at(f32::from(n % 6) * 3.0 + 1.5, f32::from(n / 6) * 3.0 + 1.5);
        let taken_db = if place.x > 9.0 { 15.0 } else { 0.0 };
        plan.survey.push(SurveyPoint {
            at: place,
            level: 0,
            scanner: ScannerIx(0),
            rssi_dbm: truth.truth_dbm(0, place, 0) - taken_db,
            packets: 50,
        });
    }
    let open = super::floor::Floor::new(&plan);
    plan.obstacles = vec![rectangle(8.9, 0.0, 9.1, 12.0)];
    let walled = super::floor::Floor::new(&plan);
    let on = |floor: &super::floor::Floor, x: f32| {
        let cell = cell_at(&floor.grid, at(x, 4.75));
        (floor.map.expected[0][cell], floor.map.doubt[cell])
    };
    let falls_db = |floor| on(floor, 8.25).0 - on(floor, 9.75).0;
    let (with, without) = (falls_db(&walled), falls_db(&open));
    assert!(with > without + 4.0 && with > 10.0, "{with} {without} dB");
    // Beside the wall only one side is near: there the map is less sure.
    let (with, without) = (on(&walled, 8.25).1, on(&open, 8.25).1);
    assert!(with > without + 0.5, "{with} {without} dB squared");
}

/// The cell nearest to a place on the ground floor.
fn cell_at(grid: &super::grid::Grid, place: Point) -> usize {
    let away = |cell: &usize| grid.at(*cell).0.distance(place);
    let cells = 0..grid.floor();
    cells.min_by(|a, b| away(a).total_cmp(&away(b))).unwrap()
}

#[test]
fn storeys_are_told_apart_and_changed_by_the_stairs_only() {
    let mut plan = hall(2);
    plan.stairs = vec![Stairs {
        lower: 0,
        area: rectangle(7.0, 4.0, 11.0, 8.0),
    }];
    let mut walk = Walk::new(&plan);
    let stays = |walk: &mut Walk<'_>, place, level, seconds| {
        for _ in 0..seconds {
            walk.second(&[(Tag(0), place, level, 0.0)], |_| true);
        }
        walk.tracker.visit(1).unwrap().place.level
    };
    assert_eq!(stays(&mut walk, at(4.0, 6.0), 0, 10), 0);
    assert_eq!(stays(&mut walk, at(9.0, 6.0), 0, 6), 0);
    assert_eq!(stays(&mut walk, at(9.0, 6.0), 1, 10), 1);
    assert_eq!(stays(&mut walk, at(14.0, 6.0), 1, 10), 1);
    assert_eq!(walk.zone(), Some(ZoneIx(3)));
}

#[test]
fn a_fob_and_a_phone_of_one_shopper_are_one_visit() {
    let plan = hall(1);
    let mut walk = Walk::new(&plan);
    let place = at(13.0, 8.0);
    for _ in 0..15 {
        let beacons = [(Tag(0), place, 0, 6.0), (Tag(9), place, 0, -10.0)];
        walk.second(&beacons, |_| true);
    }
    assert!(walk.place().distance(place) < 2.0, "{:?}", walk.place());
    assert_eq!(walk.zone(), Some(ZoneIx(1)));
    assert!(!walk.tracker.visit(1).unwrap().is_doubled());
}

#[test]
fn a_copied_identity_is_in_no_zone_until_the_copy_is_gone() {
    let plan = hall(1);
    let mut walk = Walk::new(&plan);
    let hers = (Tag(9), at(3.2, 3.2), 0, 0.0);
    for _ in 0..10 {
        walk.second(&[hers], |_| true);
    }
    assert_eq!(walk.zone(), Some(ZoneIx(0)));
    let copy = (Tag(9), at(15.0, 8.8), 0, 0.0);
    for _ in 0..10 {
        walk.second(&[hers, copy], |_| true);
    }
    let visit = walk.tracker.visit(1).unwrap();
    assert!(visit.is_doubled());
    assert_eq!(visit.zone(), None);
    assert!(visit.probabilities.iter().all(|p| *p == 0.0));
    let told = walk.changes.iter();
    let told = told.filter(|c| matches!(c, Change::Doubled { .. }));
    assert_eq!(told.count(), 1);
    for _ in 0..20 {
        walk.second(&[hers], |_| true);
    }
    assert_eq!(walk.zone(), Some(ZoneIx(0)));
}

#[test]
fn nobody_walks_through_a_wall() {
    let mut plan = hall(1);
    plan.obstacles = vec![rectangle(8.9, 0.0, 9.1, 12.0)];
    let floor = super::floor::Floor::new(&plan);
    let grid = &floor.grid;
    let west = |belief: &[f32]| -> f32 {
        let cells = belief.iter().enumerate();
        cells
            .filter(|(c, _)| grid.at(*c).0.x < 9.0)
            .map(|(_, p)| p)
            .sum()
    };
    let mut belief: Vec<f32> = (0..grid.cells())
        .map(|cell| f32::from(u8::from(grid.stands(cell) && grid.at(cell).0.x < 9.0)))
        .collect();
    super::sums::normalise(&mut belief);
    let mut scratch = belief.clone();
    for _ in 0..10 {
        floor.stroll.pass(grid, &mut belief, &mut scratch);
    }
    // What doubt alone carries over in ten half steps.
    assert!(west(&belief) > 0.98, "{}", west(&belief));
}

#[test]
fn a_phone_that_is_not_copied_does_not_speak_for_a_fob_that_is() {
    let plan = hall(1);
    let mut walk = Walk::new(&plan);
    let fob = |place| (Tag(9), place, 0, 0.0);
    let phone = (Tag(0), at(3.2, 3.2), 0, 0.0);
    for _ in 0..20 {
        walk.second(&[phone, fob(at(3.2, 3.2)), fob(at(15.0, 8.8))], |_| true);
    }
    assert!(walk.tracker.visit(1).unwrap().is_doubled());
}
