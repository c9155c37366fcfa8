//! `cargo presence --cross-validate`: how much of the figures is tuning.
//!
//! The filter's constants ([`Tuning`]) were chosen on these recordings. Here they
//! are chosen again, for every walk of the hall on the other walks only, among what
//! is in use and constants drawn about it; that walk is then judged by the choice.
//! What comes of it is what to expect of a choice elsewhere.

use super::{Fault, walks, with_fault, without_survey};
use crate::{
    chance::{Chance, Concern},
    recorded::Site,
    scorecard::{Moment, Scorecard},
};
use anyhow::{Context as _, Result};
use engine::presence::Tuning;
use serde::Serialize;
use std::fmt::Write as _;

/// Constants drawn beside those in use.
const DRAWN: usize = 40;
/// What each is multiplied by: a third of them stay.
const FACTORS: [f32; 6] = [0.5, 0.7, 1.0, 1.0, 1.4, 2.0];

/// What is in use, beside what would have been chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidated {
    /// How many choices there were.
    pub choices: usize,
    /// Which was best without each walk, 0 for what is in use.
    pub without: Vec<usize>,
    /// Figures by what was done to the hall.
    pub rows: Vec<Compared>,
}

/// The hall in one condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Which.
    pub condition: String,
    /// What is in use.
    pub used: Scorecard,
    /// What is best on all walks, those judged included.
    pub best: Scorecard,
    /// Each walk judged by what is best on the others.
    pub left_out: Scorecard,
}

/// A walk in one condition, once for every draw of its fault.
type Walk = Vec<Vec<Moment>>;

/// What one choice made of every condition, walk by walk.
type Played = Vec<Vec<Walk>>;

/// Plays the hall with all choices, and chooses.
pub(super) fn validate(hall: &Site) -> Result<CrossValidated> {
    let conditions = conditions(hall);
    let mut chance = Chance::new(1, Concern::Tuning);
    let drawn = (0..DRAWN).map(|_| drawn(&mut chance));
    let choices = std::iter::once(Tuning::USED).chain(drawn);
    let play_all = |tuning| -> Played {
        let each = conditions.iter().map(|(_, sites)| play(sites, tuning));
        each.collect()
    };
    let played: Vec<Played> = choices.map(play_all).collect();
    let of_walks = 0..hall.truths.len();
    let best = best(&played, &of_walks.clone().collect::<Vec<_>>());
    let without: Vec<usize> = of_walks
        .clone()
        .map(|out| best_without(&played, of_walks.clone(), out))
        .collect();
    let rows = conditions.iter().enumerate().map(|(c, (condition, _))| {
        let card = |choice: &dyn Fn(usize) -> usize| {
            let walks = of_walks
                .clone()
                .flat_map(|w| played[choice(w)][c][w].clone());
            Scorecard::of(&walks.collect::<Vec<_>>()).context("the hall has no true moments")
        };
        Ok(Compared {
            condition: condition.clone(),
            used: card(&|_| 0)?,
            best: card(&|_| best)?,
            left_out: card(&|walk| without[walk])?,
        })
    });
    Ok(CrossValidated {
        choices: played.len(),
        rows: rows.collect::<Result<_>>()?,
        without: without.clone(),
    })
}

/// With its survey, without, and with every fault.
fn conditions(hall: &Site) -> Vec<(String, Vec<Site>)> {
    let plain = [
        ("survey", hall.clone()),
        ("no survey", without_survey(hall)),
    ];
    let plain = plain.map(|(name, site)| (name.to_owned(), vec![site]));
    let faulty = Fault::ALL.map(|fault| {
        let draws = (1..=fault.draws()).map(|draw| with_fault(hall, fault, draw));
        (fault.name().to_owned(), draws.collect())
    });
    plain.into_iter().chain(faulty).collect()
}

/// Constants about those in use.
fn drawn(chance: &mut Chance) -> Tuning {
    let mut about = |used: f32| used * chance.pick::<f32>(&FACTORS);
    let used = Tuning::USED;
    Tuning {
        fades_ms: about(used.fades_ms),
        above: about(used.above),
        below: about(used.below),
        common_look: about(used.common_look),
        fresh_per_s: about(used.fresh_per_s),
        missed: about(used.missed),
        power_sd_surveyed_db: about(used.power_sd_surveyed_db),
        power_look: about(used.power_look),
        offset_variance: about(used.offset_variance),
        offset_look: about(used.offset_look),
        offset_kept: about(used.offset_kept),
        lesson_halves: about(f32::from(used.lesson_halves)).round() as u8,
        spread: about(used.spread),
        smooth_kept: about(used.smooth_kept),
        margin: about(used.margin),
        guessed_after: about(f32::from(used.guessed_after)).round() as u8,
    }
}

fn play(sites: &[Site], tuning: Tuning) -> Vec<Walk> {
    let mut by_walk: Vec<Walk> = Vec::new();
    for site in sites {
        let mut plan = site.plan.clone();
        plan.presence.tuning = tuning;
        let walks = walks(&plan, &site.sightings, &site.truths, None);
        by_walk.resize(walks.len(), Walk::new());
        for (all, walk) in by_walk.iter_mut().zip(walks) {
            all.push(walk);
        }
    }
    by_walk
}

fn best_without(played: &[Played], walks: std::ops::Range<usize>, out: usize) -> usize {
    best(played, &walks.filter(|w| *w != out).collect::<Vec<_>>())
}

/// The choice with the least loss on these walks.
fn best(played: &[Played], walks: &[usize]) -> usize {
    let of = |choice: &Played| -> f64 {
        let conditions = choice.iter().zip(&played[0]);
        conditions
            .map(|(is, used)| loss(is, walks) / loss(used, walks))
            .sum()
    };
    let losses = played.iter().map(of).enumerate();
    let best = losses.min_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or(0, |(choice, _)| choice)
}

/// Mean error, and five metres for every moment in a wrong zone: the side of one.
fn loss(of_walks: &[Walk], walks: &[usize]) -> f64 {
    const WRONG_ZONE_M: f64 = 5.0;
    let moments = walks.iter().flat_map(|w| of_walks[*w].iter().flatten());
    let (mut sum, mut n) = (0.0, 0.0);
    for moment in moments {
        let error_m = moment.said.and_then(|said| said.error_m);
        sum += error_m.unwrap_or(WRONG_ZONE_M);
        sum += if moment.right() { 0.0 } else { WRONG_ZONE_M };
        n += 1.0;
    }
    sum / n
}

/// Everything, for people.
pub(super) fn words(found: &CrossValidated) -> String {
    let mut out = format!(
        "{:<22}{:<15}{:>18}{:>20}{:>20}\n",
        "", "", "in use", "best on all walks", "left out"
    );
    for row in &found.rows {
        let cards = [&row.used, &row.best, &row.left_out];
        let figures: [(&str, [String; 3]); 3] = [
            (
                "mean error, m",
                cards.map(|c| super::report::range(c.error_mean_m)),
            ),
            (
                "zone right",
                cards.map(|c| super::report::range(Some(c.zone_accuracy))),
            ),
            (
                "changes",
                cards.map(|c| super::report::range(c.changes_range)),
            ),
        ];
        for (n, (figure, [used, best, left_out])) in figures.into_iter().enumerate() {
            let condition = if n == 0 { row.condition.as_str() } else { "" };
            let _ = writeln!(
                out,
                "{condition:<22}{figure:<15}{used:>18}{best:>20}{left_out:>20}"
            );
        }
    }
    let own = found.without.iter().filter(|choice| **choice == 0).count();
    let _ = writeln!(
        out,
        "\n{} choices of constants; without one walk, what is in use was best {own} of {} times",
        found.choices,
        found.without.len()
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::Said;

    /// A second for each error, m; the zone is right where it is small.
    fn walk(errors_m: &[f64]) -> Walk {
        let zone = |right: bool| right.then_some(engine::plan::ZoneIx(0));
        let moment = |(t_s, error_m): (u32, &f64)| Moment {
            t_s: f64::from(t_s),
            at: Some((0.0, 0.0)),
            zone: zone(true),
            said: Some(Said {
                at: None,
                error_m: Some(*error_m),
                zone: zone(*error_m < 2.0),
                forgiven: false,
                p_zone: None,
            }),
        };
        vec![(0..).zip(errors_m).map(moment).collect()]
    }

    #[test]
    fn a_choice_that_suits_one_walk_only_is_not_made_for_that_walk() {
        let used = vec![vec![walk(&[1.0; 20]), walk(&[1.0; 20])]];
        let suits_the_first = vec![vec![walk(&[0.1; 20]), walk(&[1.5; 20])]];
        let played = [used, suits_the_first];
        assert_eq!(best(&played, &[0, 1]), 1);
        assert_eq!(best_without(&played, 0..2, 0), 0);
        assert_eq!(best_without(&played, 0..2, 1), 1);
    }

    #[test]
    fn constants_are_drawn_about_those_in_use() {
        let mut chance = Chance::new(1, Concern::Tuning);
        let drawn: Vec<Tuning> = (0..DRAWN).map(|_| drawn(&mut chance)).collect();
        let above = 0.5 * Tuning::USED.above..=2.0 * Tuning::USED.above;
        assert!(drawn.iter().all(|t| above.contains(&t.above)));
        assert!(drawn.iter().any(|t| t.margin > Tuning::USED.margin));
        assert!(drawn.iter().all(|t| t.guessed_after > 0));
    }
}
