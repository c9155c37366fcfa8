//! Does the simulated radio look like a real one? A tag stands at the places of
//! TETAM's survey (`philotuxo/Position-Annotated-BLE-RSSI-Dataset`, CC0 1.0),
//! simulated scanners hang where the real ones hung, and what they hear is
//! measured as the recording was.

use super::radio::{Link, Radio};
use crate::chance::{Chance, Concern};
use engine::plan::{Point, StorePlan};

const SITE: &str = include_str!("../../tests/presence/tetam/store.toml");
const SURVEY: &str = include_str!("../../tests/presence/tetam/survey.csv");

/// As measured in the recording.
const PATH_LOSS_EXPONENT: f64 = 1.55;
const REFERENCE_DBM: f64 = -60.7;
const SHADOWING_SD_DB: f64 = 4.5;
const PACKET_SD_DB_MEDIAN: f64 = 2.9;
const PACKET_SD_DB_POOLED: f64 = 3.8;
const LOSS: f64 = 0.137;
const AUTOCORRELATION: [(usize, f64); 4] = [(1, 0.17), (2, -0.24), (5, 0.11), (10, 0.0)];

/// Shops whose shadows are drawn, and packets of every link.
const SHOPS: u32 = 6;
const PACKETS: usize = 150;

/// What one scanner heard of the tag at one place.
struct Series {
    far_m: f64,
    expected_dbm: f32,
    dbm: Vec<f64>,
}

fn recorded() -> Vec<Series> {
    let plan = config::parse_place(SITE).unwrap().plan;
    let survey = config::read_survey("survey.csv", SURVEY, &plan).unwrap();
    let mut all = Vec::new();
    for shop in 0..SHOPS {
        let plan = StorePlan {
            store: format!("tetam-{shop}").parse().unwrap(),
            ..plan.clone()
        };
        let radio = Radio::new(&plan);
        let mut chance = Chance::new(u64::from(shop), Concern::Radio);
        all.extend(survey.iter().map(|point| {
            let scanner = point.scanner.at();
            let mean_dbm = radio.means(point.at)[scanner];
            let mut link = Link::new(&mut chance);
            let heard = (0..PACKETS).filter_map(|_| link.packet(mean_dbm, &mut chance));
            Series {
                far_m: f64::from(far(plan.scanners[scanner].at, point.at)),
                expected_dbm: mean_dbm,
                // Receivers tell whole decibels.
                dbm: heard.map(|dbm| f64::from(dbm.round())).collect(),
            }
        }));
    }
    all.retain(|series| series.dbm.len() >= PACKETS / 2);
    all
}

fn far(a: Point, b: Point) -> f32 {
    a.distance(b).max(0.5)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
    sum / n
}

fn near(name: &str, found: f64, expected: f64) {
    let off = (found - expected).abs();
    // A share of nothing is nothing: beside 0 lies what a share of the largest
    // correlation would be.
    let bound = 0.15
        * if expected == 0.0 {
            0.24
        } else {
            expected.abs()
        };
    assert!(
        off <= bound,
        "{name}: {found:.3}, measured in the hall: {expected}"
    );
}

#[test]
fn path_loss_and_shadows_are_those_of_the_hall() {
    let all = recorded();
    let level = |s: &Series| mean(s.dbm.iter().copied());
    let log = |s: &Series| s.far_m.log10();
    let (x, y) = (mean(all.iter().map(log)), mean(all.iter().map(level)));
    let above = mean(all.iter().map(|s| (log(s) - x) * (level(s) - y)));
    let below = mean(all.iter().map(|s| (log(s) - x) * (log(s) - x)));
    let slope = above / below;
    near("path-loss exponent", slope / -10.0, PATH_LOSS_EXPONENT);
    near("strength at a metre", y - slope * x, REFERENCE_DBM);
    let square = |s: &Series| {
        let off = level(s) - y - slope * (log(s) - x);
        off * off
    };
    near(
        "shadows",
        mean(all.iter().map(square)).sqrt(),
        SHADOWING_SD_DB,
    );
}

#[test]
fn packets_scatter_and_get_lost_as_in_the_hall() {
    let all = recorded();
    let variance = |s: &Series| {
        let middle = mean(s.dbm.iter().copied());
        mean(s.dbm.iter().map(|dbm| (dbm - middle) * (dbm - middle)))
    };
    let mut deviations: Vec<f64> = all.iter().map(|s| variance(s).sqrt()).collect();
    deviations.sort_by(f64::total_cmp);
    let median = deviations[deviations.len() / 2];
    near("deviation, median link", median, PACKET_SD_DB_MEDIAN);
    let pooled = mean(all.iter().map(variance)).sqrt();
    near("deviation, pooled", pooled, PACKET_SD_DB_POOLED);
    let in_range = all.iter().filter(|s| s.expected_dbm > -80.0);
    let heard = mean(in_range.map(|s| s.dbm.len() as f64 / PACKETS as f64));
    near("loss", 1.0 - heard, LOSS);
}

#[test]
fn strength_runs_round_the_channels_as_in_the_hall() {
    let all = recorded();
    for (lag, expected) in AUTOCORRELATION {
        let (mut above, mut below) = (0.0, 0.0);
        for series in &all {
            let middle = mean(series.dbm.iter().copied());
            let off: Vec<f64> = series.dbm.iter().map(|dbm| dbm - middle).collect();
            above += off.iter().zip(&off[lag..]).map(|(a, b)| a * b).sum::<f64>();
            below += off.iter().map(|a| a * a).sum::<f64>();
        }
        near(
            &format!("autocorrelation at lag {lag}"),
            above / below,
            expected,
        );
    }
}
