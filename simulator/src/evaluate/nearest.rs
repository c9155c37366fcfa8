//! A bound for rooms: each moment of a walk found by the recorded moments that sounded
//! most like it (k nearest neighbours: Bahl and Padmanabhan, "RADAR", INFOCOM 2000).
//!
//! Nothing is known of radio, of walls or of how people walk, and no shop is surveyed
//! like this: it takes every second of every other walk, with the places walked through
//! before and after. What it finds is in the recordings.

use super::Row;
use crate::{
    locate::estimates::Estimate,
    recorded::Site,
    scorecard::{
        Scorecard, matched,
        truth::{Truth, zone_near},
    },
};
use anyhow::{Context as _, Result};

/// For how long a moment is listened to, s: the channels' cycle at two packets a second
/// is three, and who walks has gone on by then.
const LISTENED_S: f64 = 2.0;
/// Moments that are asked.
const NEAREST: usize = 9;
/// Taken for what was not heard, dBm.
const UNHEARD_DBM: f64 = -95.0;
/// Moments of the same walk nearer than this teach nothing, s.
const APART_S: f64 = 10.0;

/// A place, and how strongly a tag was heard there by each scanner, dBm.
struct Lesson {
    at: (f64, f64),
    levels: Vec<f64>,
}

/// Parts of walks, found by the whole walks without what was recorded about that time.
pub(super) fn row(whole: &[Site], parts: &[Site]) -> Result<Row> {
    let walks = parts.iter().flat_map(|part| {
        let estimates = found(part, whole);
        matched(&part.plan, &estimates, &part.truths)
    });
    Ok(Row {
        case: "  nine nearest moments".to_owned(),
        rival: None,
        card: Scorecard::of(&walks.collect::<Vec<_>>()).context("no walk has a true moment")?,
    })
}

fn found(part: &Site, whole: &[Site]) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    for (tag, truths) in &part.truths {
        let (Some(first), Some(last)) = (truths.first(), truths.last()) else {
            continue;
        };
        let about = first.t_s - APART_S..=last.t_s + APART_S;
        let others = whole.iter().flat_map(|site| {
            let own = site.truths.contains_key(tag);
            lessons(site, |t_s| !own || !about.contains(&t_s))
        });
        let lessons: Vec<Lesson> = others.collect();
        estimates.extend(truths.iter().map(|truth| {
            let levels = levels(part, truth.t_s - LISTENED_S, truth.t_s);
            let at = nearest(&lessons, &levels);
            Estimate {
                t_s: truth.t_s,
                tag: tag.clone(),
                at,
                zone: at.and_then(|at| zone_near(&part.plan, at)),
                p_zone: None,
                event: None,
            }
        }));
    }
    estimates
}

/// Moments of a walk at the times wanted, each heard half before and half after.
fn lessons(site: &Site, wanted: impl Fn(f64) -> bool) -> Vec<Lesson> {
    let truths = site.truths.values().flatten();
    let lesson = |truth: &Truth| {
        let half_s = LISTENED_S / 2.0;
        Some(Lesson {
            at: truth.at?,
            levels: levels(site, truth.t_s - half_s, truth.t_s + half_s),
        })
    };
    let wanted = truths.filter(|truth| wanted(truth.t_s));
    wanted.filter_map(lesson).collect()
}

fn levels(site: &Site, from_s: f64, until_s: f64) -> Vec<f64> {
    let heard = &site.sightings.heard;
    let after = |t_s: f64| heard.partition_point(|h| h.t_s <= t_s);
    let mut sums = vec![(0.0, 0.0); site.plan.scanners.len()];
    for heard in &heard[after(from_s)..after(until_s)] {
        let sum = &mut sums[heard.scanner.at()];
        *sum = (sum.0 + f64::from(heard.rssi_dbm), sum.1 + 1.0);
    }
    let mean = |(sum, n): (f64, f64)| if n > 0.0 { sum / n } else { UNHEARD_DBM };
    sums.into_iter().map(mean).collect()
}

/// The mean place of the moments that sounded most alike, by how alike they did.
fn nearest(lessons: &[Lesson], levels: &[f64]) -> Option<(f64, f64)> {
    let away_db = |lesson: &Lesson| {
        let pairs = lesson.levels.iter().zip(levels);
        pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    };
    let mut ranked: Vec<(f64, (f64, f64))> = lessons.iter().map(|l| (away_db(l), l.at)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.truncate(NEAREST);
    let (mut weights, mut x, mut y) = (0.0, 0.0, 0.0);
    for (db, at) in &ranked {
        let weight = 1.0 / (db + 0.1);
        weights += weight;
        x += weight * at.0;
        y += weight * at.1;
    }
    (!ranked.is_empty()).then(|| (x / weights, y / weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::four_nodes;

    #[test]
    fn a_moment_is_where_others_sounded_like_it() {
        let lessons: Vec<Lesson> = (0..40_u8)
            .map(|metre| Lesson {
                at: (f64::from(metre), 1.0),
                levels: vec![-40.0 - f64::from(metre), -80.0 + f64::from(metre)],
            })
            .collect();
        let (x, y) = nearest(&lessons, &[-60.0, -60.0]).unwrap();
        assert!((x - 20.0).abs() < 1e-6 && (y - 1.0).abs() < 1e-6);
        assert_eq!(nearest(&[], &[-60.0, -60.0]), None);
    }

    #[test]
    fn a_walk_does_not_teach_itself() {
        let site = four_nodes::case(four_nodes::DIAGONAL).open().unwrap();
        let estimates = found(&site, std::slice::from_ref(&site));
        assert!(!estimates.is_empty());
        assert!(estimates.iter().all(|estimate| estimate.at.is_none()));
    }
}
