//! Inside, in the vestibule or outside: two receivers hear tags that stay in
//! one of the three (UCI 586). Where receivers and tags were is not published,
//! so the three zones stand in a row with walls between, for nobody changes
//! zones, and what the other tags of a zone were heard like is taken for all of
//! it. Each window of a tag is found out by itself.

use super::{
    Case, Folder, Recorded,
    files::join,
    site::{SiteText, rectangle},
};
use crate::table::Table;
use anyhow::Result;
use std::collections::BTreeMap;

/// Zones from west to east: as labelled, and their western and eastern ends.
const ZONES: [(&str, &str, f64, f64); 3] = [
    ("INSIDE", "inside", 0.0, 4.0),
    ("IN_VESTIBULE", "vestibule", 4.0, 8.0),
    ("OUTSIDE", "outside", 8.0, 12.0),
];
/// From south to north, m.
const DEPTH_M: f64 = 4.0;
/// Half the thickness of the walls between, m.
const WALL_M: f64 = 0.05;
/// Places of the survey in each zone, in each direction.
const PLACES: u32 = 3;
/// Lengths of windows, s.
const WINDOWS_S: [u32; 2] = [5, 15];

/// One tag: its zone, and when it was heard how strong by both receivers.
#[derive(PartialEq)]
struct Tag {
    zone: usize,
    heard: Vec<(f64, [Option<f64>; 2])>,
}

pub(super) fn cases(from: &Folder) -> Result<Option<Recorded>> {
    let files = from.tables("vestibule", "filtered_rssi")?;
    if files.is_empty() {
        return Ok(None);
    }
    let (mut tags, mut said) = (BTreeMap::new(), Vec::new());
    for file in files {
        join(&mut tags, tags_of(file.table)?, &file.name, &mut said);
    }
    let tags: Vec<Tag> = tags.into_values().collect();
    let mut cases = Vec::new();
    for window_s in WINDOWS_S {
        for (n, tested) in tags.iter().enumerate() {
            let mut case = Case::new(&format!("vestibule-{window_s}s-{}", n + 1), site());
            windows(tested, window_s, &mut case);
            let others = tags.iter().enumerate().filter(|(other, _)| *other != n);
            survey(others.map(|(_, tag)| tag), &mut case);
            cases.push(case);
        }
    }
    Ok(Some(Recorded { cases, said }))
}

fn site() -> String {
    let width = ZONES[2].3;
    let outline = rectangle(0.0, 0.0, width, DEPTH_M);
    let between = ZONES[1..].iter().map(|z| z.2);
    let walls: Vec<_> = between
        .map(|x| rectangle(x - WALL_M, 0.0, x + WALL_M, DEPTH_M))
        .collect();
    let mut site = SiteText::new("vestibule", "UCI 586; places are made up", &outline, &walls);
    for (_, id, west, east) in ZONES {
        site.zone(id, &rectangle(west, 0.0, east, DEPTH_M));
    }
    // The first hears those outside best, the second those in the vestibule.
    site.scanner("one", (8.5, 0.2));
    site.scanner("two", (5.5, 3.8));
    site.finish()
}

fn tags_of(mut table: Table) -> Result<BTreeMap<String, Tag>> {
    let (name, label) = (table.column("name")?, table.column("locationstatus")?);
    let t = table.column("timestamp")?;
    let rssi = [table.column("rssione")?, table.column("rssitwo")?];
    let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
    while table.advance()? {
        let label = table.text(label)?;
        let Some(zone) = ZONES.iter().position(|z| z.0 == label) else {
            anyhow::bail!("{}: {label:?} is no place known here", table.place());
        };
        let heard = (
            table.number(t)? / 1_000.0,
            [table.number_if_any(rssi[0])?, table.number_if_any(rssi[1])?],
        );
        let tag = tags.entry(format!("{} {zone}", table.text(name)?));
        let tag = tag.or_insert_with(|| Tag {
            zone,
            heard: Vec::new(),
        });
        tag.heard.push(heard);
    }
    for tag in tags.values_mut() {
        tag.heard.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    Ok(tags)
}

/// Every window is a tag of its own, asked for at its end.
fn windows(tag: &Tag, window_s: u32, case: &mut Case) {
    let begin = tag.heard.first().map_or(0.0, |h| h.0.floor());
    let window_s = f64::from(window_s);
    let mut last = None;
    for (t_s, rssi) in &tag.heard {
        let window = ((t_s - begin) / window_s).floor();
        let name = format!("w{window}");
        for (scanner, rssi) in ["one", "two"].iter().zip(rssi) {
            if let Some(rssi) = rssi {
                case.heard(*t_s, scanner, &name, *rssi);
            }
        }
        if last != Some(window as u64) {
            last = Some(window as u64);
            let end = begin + (window + 1.0) * window_s;
            case.was_in(end, &name, ZONES[tag.zone].1);
        }
    }
}

/// The tags of one zone share its places out among themselves.
fn survey<'t>(tags: impl Iterator<Item = &'t Tag> + Clone, case: &mut Case) {
    for (zone, (_, _, west, east)) in ZONES.iter().enumerate() {
        let of_zone: Vec<&Tag> = tags.clone().filter(|t| t.zone == zone).collect();
        let places = (0..PLACES).flat_map(|x| (0..PLACES).map(move |y| (x, y)));
        for (tag, (x, y)) in of_zone.iter().cycle().zip(places) {
            let part = |n: u32, of: f64| (f64::from(n) + 0.5) / f64::from(PLACES) * of;
            stood(tag, (west + part(x, east - west), part(y, DEPTH_M)), case);
        }
    }
}

fn stood(tag: &Tag, at: (f64, f64), case: &mut Case) {
    for (n, scanner) in ["one", "two"].iter().enumerate() {
        let heard = tag.heard.iter().filter_map(|h| h.1[n]);
        let (sum, count) = heard.fold((0.0, 0.0), |(s, c), rssi| (s + rssi, c + 1.0));
        if count > 0.0 {
            case.surveyed(at, scanner, sum / count, count);
        }
    }
}
