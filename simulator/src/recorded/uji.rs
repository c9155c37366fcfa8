//! A library and an office in which a phone hears beacons between shelves
//! (Zenodo 1618692, Universitat Jaume I, CC BY 4.0). Radio works the same both
//! ways: beacons stand for scanners, the phone for a tag. Every second place
//! is surveyed; the tag stands at the others for as long as there are samples.

use super::{
    Case, Folder, Recorded,
    site::{Corners, SiteText, rectangle},
};
use crate::table::Table;
use anyhow::Result;
use std::collections::BTreeMap;

/// Written where a beacon was not heard, dBm.
const NOT_HEARD: f64 = 100.0;
/// The data do not say when; a scan of a phone takes about a second.
const SCAN_S: f64 = 1.0;
/// Room around the outermost things, m.
const MARGIN_M: f64 = 1.0;
/// Zones, east and north.
const ZONES: (u8, u8) = (4, 2);

/// Where the phone stood, mm, and what it heard there, scan by scan.
type Places = BTreeMap<(i64, i64), Vec<Vec<f64>>>;

pub(super) fn cases(from: &Folder) -> Result<Option<Recorded>> {
    let (mut cases, mut said) = (Vec::new(), Vec::new());
    for part in ["lib", "geo"] {
        let table = |name: &str| from.table("uji", name);
        let scans = from.tables("uji", part)?;
        let (Some(beacons), Some(obstacles), false) = (
            table(&format!("{part}_beacons"))?,
            table(&format!("{part}_obstacles"))?,
            scans.is_empty(),
        ) else {
            continue;
        };
        let beacons = beacons_of(beacons)?;
        let obstacles = obstacles_of(obstacles)?;
        let mut places = Places::new();
        for file in scans {
            let more = places_of(file.table, beacons.len())?;
            let all = more.len();
            let new = more.into_iter().filter(|(at, s)| places.get(at) != Some(s));
            let new: Vec<_> = new.collect();
            if new.len() < all {
                let (name, known) = (&file.name, all - new.len());
                said.push(format!(
                    "{name}: {known} places are in another file, too; they count once"
                ));
            }
            for (at, scans) in new {
                places.entry(at).or_default().extend(scans);
            }
        }
        let site = site(part, &beacons, &obstacles, &places);
        let mut case = Case::new(&format!("uji-{part}"), site);
        fill(&mut case, &beacons, &places)?;
        cases.push(case);
    }
    Ok(Some(Recorded { cases, said }).filter(|recorded| !recorded.cases.is_empty()))
}

fn beacons_of(mut table: Table) -> Result<Corners> {
    let (x, y) = (table.column("x")?, table.column("y")?);
    let mut beacons = Corners::new();
    while table.advance()? {
        beacons.push((table.number(x)?, table.number(y)?));
    }
    Ok(beacons)
}

fn obstacles_of(mut table: Table) -> Result<Vec<Corners>> {
    let (id, x, y) = (table.column("id")?, table.column("x")?, table.column("y")?);
    let mut obstacles: BTreeMap<String, Corners> = BTreeMap::new();
    while table.advance()? {
        let corner = (table.number(x)?, table.number(y)?);
        let corners = obstacles.entry(table.text(id)?.to_owned()).or_default();
        // The first corner is repeated at the end.
        if corners.first() != Some(&corner) {
            corners.push(corner);
        }
    }
    // Pillars are slimmer than what the floor plan takes for an obstacle.
    let shelves = obstacles.into_values().filter(|o| area(o) > 0.1);
    Ok(shelves.collect())
}

fn area(corners: &[(f64, f64)]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    let twice: f64 = corners
        .iter()
        .zip(next)
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum();
    twice.abs() / 2.0
}

fn places_of(mut table: Table, beacons: usize) -> Result<Places> {
    let (x, y) = (table.column("x")?, table.column("y")?);
    let first = table.header().iter().position(|name| name == "r0");
    let first = first.unwrap_or(usize::MAX);
    let mut places = Places::new();
    while table.advance()? {
        let milli = |metres: f64| (metres * 1_000.0).round() as i64;
        let key = (milli(table.number(x)?), milli(table.number(y)?));
        let scan = (0..beacons).map(|beacon| table.number_at(first.saturating_add(beacon)));
        places
            .entry(key)
            .or_default()
            .push(scan.collect::<Result<_>>()?);
    }
    Ok(places)
}

fn site(part: &str, beacons: &Corners, obstacles: &[Corners], places: &Places) -> String {
    let stood = places
        .keys()
        .map(|(x, y)| (*x as f64 / 1e3, *y as f64 / 1e3));
    let all = beacons
        .iter()
        .copied()
        .chain(obstacles.iter().flatten().copied());
    let all: Corners = all.chain(stood).collect();
    let low = all
        .iter()
        .fold((f64::MAX, f64::MAX), |l, p| (l.0.min(p.0), l.1.min(p.1)));
    let high = all
        .iter()
        .fold((f64::MIN, f64::MIN), |h, p| (h.0.max(p.0), h.1.max(p.1)));
    let (low, high) = (
        (low.0 - MARGIN_M, low.1 - MARGIN_M),
        (high.0 + MARGIN_M, high.1 + MARGIN_M),
    );
    let outline = rectangle(low.0, low.1, high.0, high.1);
    let source = "Zenodo 1618692, Universitat Jaume I, CC BY 4.0";
    let mut site = SiteText::new(&format!("uji-{part}"), source, &outline, obstacles);
    let (dx, dy) = (
        (high.0 - low.0) / f64::from(ZONES.0),
        (high.1 - low.1) / f64::from(ZONES.1),
    );
    for column in 0..ZONES.0 {
        for row in 0..ZONES.1 {
            let (x, y) = (low.0 + f64::from(column) * dx, low.1 + f64::from(row) * dy);
            let name = format!("z{}{}", column + 1, row + 1);
            site.zone(&name, &rectangle(x, y, x + dx, y + dy));
        }
    }
    for (n, at) in beacons.iter().enumerate() {
        site.scanner(&format!("b{n}"), *at);
    }
    site.finish()
}

fn fill(case: &mut Case, beacons: &Corners, places: &Places) -> Result<()> {
    let plan = case.plan()?;
    for (n, ((x, y), scans)) in places.iter().enumerate() {
        let at = (*x as f64 / 1e3, *y as f64 / 1e3);
        let heard = |scan: &[f64], beacon: usize| Some(scan[beacon]).filter(|r| *r < NOT_HEARD);
        if n % 2 == 0 {
            for beacon in 0..beacons.len() {
                let heard = scans.iter().filter_map(|scan| heard(scan, beacon));
                let (sum, count) = heard.fold((0.0, 0.0), |(s, c), r| (s + r, c + 1.0));
                if count > 0.0 {
                    case.surveyed(at, &format!("b{beacon}"), sum / count, count);
                }
            }
            continue;
        }
        let zone = crate::scorecard::truth::zone_near(&plan, at);
        let zone = zone.map_or("", |z| plan.zones[z.at()].id.as_str());
        let tag = format!("p{n}");
        for (second, scan) in (1_u32..).zip(scans) {
            let t_s = f64::from(second) * SCAN_S;
            for beacon in 0..beacons.len() {
                if let Some(rssi) = heard(scan, beacon) {
                    case.heard(t_s - 0.1, &format!("b{beacon}"), &tag, rssi);
                }
            }
            case.was_at(t_s, &tag, at, zone);
        }
    }
    Ok(())
}
