//! `cargo presence --bounds`: how much of what is aimed at the recordings hold.
//!
//! Each row is told something that no shop can know: how radio fades along the very
//! walks that are judged, what the very tags were heard like, every second of the other
//! walks. What the filter does not reach with that is beyond path loss and its own map;
//! what another rule reaches is in the recordings, and the filter does not find it.

use super::{Evaluation, Row, nearest, without_survey};
use crate::{
    args::Recording,
    recorded::{self, Case, Folder, Site},
    scorecard::{Moment, Said, Scorecard, truth::Truth},
};
use anyhow::{Context as _, Result};
use engine::{
    plan::{Point, ScannerIx, SurveyPoint, ZoneIx},
    presence::{CLEARANCE_M, USUAL_DBM},
};
use std::collections::BTreeMap;

/// A true place holds for packets until the next one, if that is not farther, s.
const BESIDE_S: f64 = 1.5;
/// Side of the squares over which a walk surveys itself, m.
const SQUARE_M: f64 = 0.5;

/// All rows, each beside the one that is told nothing.
pub(super) fn find(folder: &Folder) -> Result<Vec<Row>> {
    let mut found = Evaluation::default();
    let hall = sites(Recording::Tetam, folder, |_| true)?;
    let bare: Vec<Site> = hall.iter().map(without_survey).collect();
    found.row("tetam, no survey", None, &bare)?;
    let told: Vec<Site> = bare.iter().map(told_path_loss).collect();
    found.row("  told how radio fades here", None, &told)?;
    let flat = sites(Recording::Flat, folder, |name| !name.contains("-part-"))?;
    found.row("flat, other walks surveyed", None, &flat)?;
    let own: Vec<Site> = flat.iter().map(surveyed_by_itself).collect();
    found.row("  surveyed by the walk itself", None, &own)?;
    let parts = sites(Recording::Flat, folder, |name| name.contains("-part-"))?;
    found.row("flat, all rooms surveyed", None, &parts)?;
    found.rows.push(nearest::row(&flat, &parts)?);
    for window in ["5s", "15s"] {
        let of_window = |name: &str| name.contains(&format!("-{window}-"));
        let tags = sites(Recording::Vestibule, folder, of_window)?;
        found.row(&format!("vestibule, {window} windows"), None, &tags)?;
        let windows: Vec<Vec<Window>> = tags.iter().map(windows).collect();
        found.rows.push(classified(&windows, Taught::ByOthers)?);
        found.rows.push(classified(&windows, Taught::ByAll)?);
    }
    Ok(found.rows)
}

fn sites(
    recording: Recording,
    folder: &Folder,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Site>> {
    let recorded = recorded::cases(recording, folder)?;
    let recorded =
        recorded.context("the folder does not hold all recordings that bounds are for")?;
    let wanted = recorded.cases.iter().filter(|case| wanted(&case.name));
    wanted.map(Case::open).collect()
}

/// Packets with the place the tag was truly at.
fn placed(site: &Site) -> impl Iterator<Item = (ScannerIx, (f64, f64), f64)> {
    site.sightings.heard.iter().filter_map(|heard| {
        let truths = &site.truths[&site.sightings.tags[heard.tag as usize]];
        let at = place_at(truths, heard.t_s)?;
        Some((heard.scanner, at, f64::from(heard.rssi_dbm)))
    })
}

fn place_at(truths: &[Truth], t_s: f64) -> Option<(f64, f64)> {
    let next = truths.partition_point(|truth| truth.t_s < t_s);
    let near = |truth: &&Truth| (truth.t_s - t_s).abs() <= BESIDE_S;
    let before = next.checked_sub(1).map(|at| &truths[at]).filter(near);
    let after = truths.get(next).filter(near);
    match (before, after) {
        (Some(a), Some(b)) => {
            let part = (t_s - a.t_s) / (b.t_s - a.t_s);
            let (a, b) = (a.at?, b.at?);
            Some((a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1)))
        }
        (one, other) => one.or(other)?.at,
    }
}

/// Least squares over everything that is going to be heard: one exponent, and the
/// level of each scanner, the tag's power included.
fn told_path_loss(site: &Site) -> Site {
    let mut by_scanner = vec![Vec::new(); site.plan.scanners.len()];
    for (scanner, (x, y), dbm) in placed(site) {
        let Point { x: sx, y: sy } = site.plan.scanners[scanner.at()].at;
        let across = (x - f64::from(sx)).hypot(y - f64::from(sy));
        by_scanner[scanner.at()].push((-10.0 * across.hypot(f64::from(CLEARANCE_M)).log10(), dbm));
    }
    let middles: Vec<(f64, f64)> = by_scanner.iter().map(|heard| middle(heard)).collect();
    let (mut along, mut across) = (0.0, 0.0);
    for (heard, (x0, y0)) in by_scanner.iter().zip(&middles) {
        for (x, y) in heard {
            along += (x - x0) * (x - x0);
            across += (x - x0) * (y - y0);
        }
    }
    let exponent = across / along;
    let mut site = site.clone();
    site.plan.presence.path_loss_exponent = exponent as f32;
    for (scanner, (x, y)) in site.plan.scanners.iter_mut().zip(middles) {
        scanner.offset_db = (y - exponent * x - f64::from(USUAL_DBM)) as f32;
    }
    site
}

fn middle(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len().max(1) as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |(x, y), p| (x + p.0, y + p.1));
    (sum.0 / n, sum.1 / n)
}

/// With means of everything that is going to be heard as the survey.
fn surveyed_by_itself(site: &Site) -> Site {
    let square = |metres: f64| (metres / SQUARE_M).floor() as i64;
    let mut sums: BTreeMap<(i64, i64, ScannerIx), (f64, u16)> = BTreeMap::new();
    for (scanner, (x, y), dbm) in placed(site) {
        let sum = sums.entry((square(x), square(y), scanner)).or_default();
        *sum = (sum.0 + dbm, sum.1.saturating_add(1));
    }
    let middle = |square: i64| ((square as f64 + 0.5) * SQUARE_M) as f32;
    let points = sums
        .into_iter()
        .map(|((x, y, scanner), (sum, n))| SurveyPoint {
            at: Point {
                x: middle(x),
                y: middle(y),
            },
            level: 0,
            scanner,
            rssi_dbm: (sum / f64::from(n)) as f32,
            packets: n,
        });
    let mut site = site.clone();
    site.plan.survey = points.collect();
    site
}

/// A window's means by the two receivers, dBm, and the zone its tag was in.
type Window = ([f64; 2], ZoneIx);

fn windows(site: &Site) -> Vec<Window> {
    let mut sums = vec![[(0.0, 0.0); 2]; site.sightings.tags.len()];
    for heard in &site.sightings.heard {
        if let Some(sum) = sums[heard.tag as usize].get_mut(heard.scanner.at()) {
            *sum = (sum.0 + f64::from(heard.rssi_dbm), sum.1 + 1.0);
        }
    }
    let named = site.sightings.tags.iter().zip(sums);
    let window = named.filter_map(|(tag, sums)| {
        let zone = site.truths.get(tag)?.first()?.zone?;
        let heard = sums.iter().all(|(_, n)| *n > 0.0);
        heard.then(|| (sums.map(|(sum, n)| sum / n), zone))
    });
    window.collect()
}

/// Which tags a classifier was taught by.
#[derive(Clone, Copy, PartialEq)]
enum Taught {
    /// All but the one that is judged.
    ByOthers,
    /// That one, too.
    ByAll,
}

/// What a quadratic discriminant makes of the windows: for each zone a normal
/// distribution of the two means, with its covariance.
fn classified(tags: &[Vec<Window>], taught: Taught) -> Result<Row> {
    let moments = |judged: usize| -> Vec<Moment> {
        let teaches = |tag: &usize| taught == Taught::ByAll || *tag != judged;
        let lessons = (0..tags.len()).filter(teaches).flat_map(|tag| &tags[tag]);
        let normals = normals(lessons);
        let moment = |(window, zone): &Window| moment(*zone, likeliest(&normals, *window));
        tags[judged].iter().map(moment).collect()
    };
    let walks: Vec<Vec<Moment>> = (0..tags.len()).map(moments).collect();
    let case = match taught {
        Taught::ByOthers => "  normal, taught by other tags",
        Taught::ByAll => "  normal, taught by all tags",
    };
    Ok(Row {
        case: case.to_owned(),
        rival: None,
        card: Scorecard::of(&walks).context("no window was heard by both receivers")?,
    })
}

fn moment(zone: ZoneIx, said: Option<ZoneIx>) -> Moment {
    Moment {
        t_s: 0.0,
        at: None,
        zone: Some(zone),
        said: Some(Said {
            at: None,
            error_m: None,
            zone: said,
            forgiven: said == Some(zone),
            p_zone: None,
        }),
    }
}

/// Mean and covariance (variances, then what is common) of the windows of a zone.
type Normal = ([f64; 2], [f64; 3]);

fn normals<'w>(windows: impl Iterator<Item = &'w Window>) -> BTreeMap<ZoneIx, Normal> {
    let mut by_zone: BTreeMap<ZoneIx, Vec<(f64, f64)>> = BTreeMap::new();
    for ([a, b], zone) in windows {
        by_zone.entry(*zone).or_default().push((*a, *b));
    }
    let normal = |points: Vec<(f64, f64)>| {
        let (x, y) = middle(&points);
        let n = points.len().max(2) as f64 - 1.0;
        let sum =
            |of: fn(f64, f64) -> f64| points.iter().map(|p| of(p.0 - x, p.1 - y)).sum::<f64>() / n;
        (
            [x, y],
            [sum(|x, _| x * x), sum(|_, y| y * y), sum(|x, y| x * y)],
        )
    };
    by_zone.into_iter().map(|(z, p)| (z, normal(p))).collect()
}

fn likeliest(normals: &BTreeMap<ZoneIx, Normal>, [a, b]: [f64; 2]) -> Option<ZoneIx> {
    let surprise = |([x, y], [xx, yy, xy]): &Normal| {
        let (dx, dy) = (a - x, b - y);
        let volume = xx * yy - xy * xy;
        (yy * dx * dx - 2.0 * xy * dx * dy + xx * dy * dy) / volume + volume.ln()
    };
    let least = normals
        .iter()
        .min_by(|p, q| surprise(p.1).total_cmp(&surprise(q.1)));
    least.map(|(zone, _)| *zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::four_nodes;

    #[test]
    fn path_loss_is_found_again_where_nothing_else_happens() {
        let site = four_nodes::case(four_nodes::DIAGONAL).open().unwrap();
        let told = told_path_loss(&site);
        let exponent = told.plan.presence.path_loss_exponent;
        assert!((exponent - 3.0).abs() < 0.5, "{exponent}");
        let mut offsets = told.plan.scanners.iter().map(|s| s.offset_db);
        assert!(offsets.all(|db| (db - 5.4).abs() < 2.0));
    }

    #[test]
    fn a_walk_surveys_where_it_went() {
        let site = four_nodes::case(four_nodes::DIAGONAL).open().unwrap();
        let own = surveyed_by_itself(&site).plan.survey;
        let first = own.iter().find(|p| p.scanner == ScannerIx(1)).unwrap();
        assert!(
            first.at.distance(Point { x: 0.75, y: 0.75 }) < 0.8,
            "{first:?}"
        );
        let packets: usize = own.iter().map(|p| usize::from(p.packets)).sum();
        assert_eq!(packets, site.sightings.heard.len());
    }

    #[test]
    fn a_window_is_of_the_zone_that_sounds_like_it() {
        let (near, far) = (ZoneIx(0), ZoneIx(1));
        let lessons = [
            ([-60.0, -80.0], near),
            ([-64.0, -82.0], near),
            ([-61.0, -84.0], near),
            ([-80.0, -60.0], far),
            ([-84.0, -63.0], far),
            ([-83.0, -58.0], far),
        ];
        let normals = normals(lessons.iter());
        for (heard, zone) in [([-63.0, -79.0], near), ([-79.0, -61.0], far)] {
            assert_eq!(likeliest(&normals, heard), Some(zone));
        }
    }
}
