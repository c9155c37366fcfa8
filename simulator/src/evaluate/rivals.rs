//! What people run today, on the same sightings: so that a figure has a peer.

use crate::{
    locate::{estimates::Estimate, sightings::Sightings},
    scorecard::truth::zone_near,
};
use engine::plan::{Point, StorePlan, ZoneIx};
use std::collections::BTreeMap;

/// What one tag was heard like within one second, by scanner: mean, dBm.
type Second = Vec<Option<f64>>;

/// A rival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rival {
    /// The scanner that hears best in a second.
    Strongest,
    /// The rule of ESPresense with Home Assistant's `mqtt_room`: each scanner's
    /// distance is smoothed; another room takes over when it is nearer, or when
    /// the current one has been silent for five seconds.
    Espresense,
    /// The five likeliest places of the survey, weighted, and a Kalman filter
    /// over their mean. Needs a survey.
    Neighbours,
}

/// Part of a new value in a smoothed one; about ESPresense's three seconds.
const SMOOTHED: f64 = 0.3;
/// Silence after which a room is given up, s: the default of `mqtt_room`.
const SILENT_S: f64 = 5.0;
/// Neighbours that are asked; of a small survey no more than every fourth.
const NEIGHBOURS: usize = 5;
/// Taken for what was not heard, dBm.
const FLOOR_DBM: f64 = -100.0;
/// Walking and looking, of the Kalman filter: variances per second and per
/// look, m squared. The best on the walks of TETAM.
const WALK_M2: f64 = 0.3;
const LOOK_M2: f64 = 4.0;

impl Rival {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Strongest, Self::Espresense, Self::Neighbours];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strongest => "strongest scanner",
            Self::Espresense => "ESPresense's rule",
            Self::Neighbours => "k-NN and Kalman",
        }
    }

    /// Whether the rival can do anything here.
    pub fn can(self, plan: &StorePlan) -> bool {
        self != Self::Neighbours || !plan.survey.is_empty()
    }

    /// Its estimates, once a second.
    pub fn follow(self, plan: &StorePlan, sightings: &Sightings) -> Vec<Estimate> {
        let survey = places(plan);
        let mut estimates = Vec::new();
        for (tag, seconds) in seconds(plan, sightings) {
            let mut state = State::default();
            for (t_s, heard) in seconds {
                let place = match self {
                    Self::Strongest => strongest(&heard).map(|s| scanner_at(plan, s)),
                    Self::Espresense => state.rooms(t_s, &heard).map(|s| scanner_at(plan, s)),
                    Self::Neighbours => state.neighbours(&survey, &heard),
                };
                estimates.extend(place.map(|at| Estimate {
                    t_s,
                    tag: tag.clone(),
                    at: Some(at),
                    zone: zone_at(plan, at),
                    p_zone: None,
                    event: None,
                }));
            }
        }
        estimates.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
        estimates
    }
}

/// What a rival remembers of a tag.
#[derive(Default)]
struct State {
    /// By scanner: smoothed strength and when last heard, s.
    smoothed: Vec<Option<(f64, f64)>>,
    room: Option<usize>,
    /// Place and its variance.
    kalman: Option<((f64, f64), f64)>,
    recent: Vec<Second>,
}

impl State {
    fn rooms(&mut self, t_s: f64, heard: &Second) -> Option<usize> {
        self.smoothed.resize(heard.len(), None);
        for (slot, dbm) in self.smoothed.iter_mut().zip(heard) {
            if let Some(dbm) = dbm {
                let before = slot.map_or(*dbm, |(before, _)| before);
                *slot = Some((before + SMOOTHED * (dbm - before), t_s));
            }
        }
        for scanner in (0..heard.len()).filter(|s| heard[*s].is_some()) {
            let level = |s: usize| self.smoothed[s].map_or(f64::MIN, |(dbm, _)| dbm);
            let silent = |s: usize| self.smoothed[s].is_none_or(|(_, at)| t_s - at >= SILENT_S);
            let taken_over = self
                .room
                .is_none_or(|room| level(scanner) > level(room) || silent(room));
            if taken_over {
                self.room = Some(scanner);
            }
        }
        self.room
    }

    fn neighbours(&mut self, survey: &[Place], heard: &Second) -> Option<(f64, f64)> {
        self.recent.push(heard.clone());
        // Two seconds smooth the worst of the channels' cycle.
        if self.recent.len() > 2 {
            self.recent.remove(0);
        }
        let level = |scanner: usize| {
            let heard = self.recent.iter().filter_map(|second| second[scanner]);
            let (sum, n) = heard.fold((0.0, 0.0), |(s, n), dbm| (s + dbm, n + 1.0));
            if n > 0.0 { sum / n } else { FLOOR_DBM }
        };
        let now: Vec<f64> = (0..heard.len()).map(level).collect();
        let mut ranked: Vec<(f64, (f64, f64))> = survey
            .iter()
            .map(|place| {
                let squares = place
                    .levels
                    .iter()
                    .zip(&now)
                    .map(|(a, b)| (a - b) * (a - b));
                (squares.sum::<f64>().sqrt(), place.at)
            })
            .collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        ranked.truncate((survey.len() / 4).clamp(1, NEIGHBOURS));
        let weights: f64 = ranked.iter().map(|(d, _)| 1.0 / (d + 1.0)).sum();
        let mean = |axis: fn(&(f64, f64)) -> f64| {
            let parts = ranked.iter().map(|(d, at)| axis(at) / (d + 1.0));
            parts.sum::<f64>() / weights
        };
        let look = (mean(|at| at.0), mean(|at| at.1));
        let (before, variance) = self.kalman.unwrap_or((look, LOOK_M2));
        let variance = variance + WALK_M2;
        let gain = variance / (variance + LOOK_M2);
        let at = (
            before.0 + gain * (look.0 - before.0),
            before.1 + gain * (look.1 - before.1),
        );
        self.kalman = Some((at, variance * (1.0 - gain)));
        (!ranked.is_empty()).then_some(at)
    }
}

/// One place of the survey.
struct Place {
    at: (f64, f64),
    levels: Vec<f64>,
}

fn places(plan: &StorePlan) -> Vec<Place> {
    let mut places: BTreeMap<(i64, i64), Place> = BTreeMap::new();
    for point in &plan.survey {
        let milli = |metres: f32| (metres * 1_000.0).round() as i64;
        let place = places.entry((milli(point.at.x), milli(point.at.y)));
        let place = place.or_insert_with(|| Place {
            at: (f64::from(point.at.x), f64::from(point.at.y)),
            levels: vec![FLOOR_DBM; plan.scanners.len()],
        });
        place.levels[point.scanner.at()] = f64::from(point.rssi_dbm);
    }
    places.into_values().collect()
}

/// By tag: the ends of seconds and what was heard within.
fn seconds(plan: &StorePlan, sightings: &Sightings) -> BTreeMap<String, Vec<(f64, Second)>> {
    let mut sums: BTreeMap<(u32, i64), Vec<(f64, f64)>> = BTreeMap::new();
    for heard in sightings.heard.iter().filter(|h| h.rssi_dbm.is_finite()) {
        let second = sums.entry((heard.tag, heard.t_s.ceil() as i64));
        let second = second.or_insert_with(|| vec![(0.0, 0.0); plan.scanners.len()]);
        let sum = &mut second[heard.scanner.at()];
        sum.0 += f64::from(heard.rssi_dbm);
        sum.1 += 1.0;
    }
    let mut seconds: BTreeMap<String, Vec<(f64, Second)>> = BTreeMap::new();
    for ((tag, end), sums) in sums {
        let mean = |(sum, n): &(f64, f64)| (*n > 0.0).then(|| sum / n);
        let of_tag = seconds.entry(sightings.tags[tag as usize].clone());
        let second = (end as f64, sums.iter().map(mean).collect());
        of_tag.or_default().push(second);
    }
    seconds
}

fn strongest(heard: &Second) -> Option<usize> {
    let heard = heard.iter().enumerate();
    let heard = heard.filter_map(|(s, dbm)| Some((s, (*dbm)?)));
    heard.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(s, _)| s)
}

fn scanner_at(plan: &StorePlan, scanner: usize) -> (f64, f64) {
    let Point { x, y } = plan.scanners[scanner].at;
    (f64::from(x), f64::from(y))
}

fn zone_at(plan: &StorePlan, at: (f64, f64)) -> Option<ZoneIx> {
    zone_near(plan, at)
}
