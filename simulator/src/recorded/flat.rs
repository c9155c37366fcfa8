//! A flat of six rooms, six anchors and walks through it with a tag
//! (Kolakowski, "Static real-environment BLE RSS fingerprints", Zenodo 5457591,
//! CC BY 4.0). Every walk is followed with the others as its survey. Half of the
//! rooms are walked through on one of the three only, so that nobody ever
//! surveyed them; so each third of a walk is followed, too, with everything
//! that was recorded at another time as its survey.

use super::{
    Case, Folder, Recorded,
    files::join,
    site::{Corners, SiteText, rectangle},
};
use crate::table::Table;
use anyhow::Result;
use std::collections::BTreeMap;

/// Outer wall, from the data's `layout.csv`.
const OUTLINE: [(f64, f64); 6] = [
    (0.0, 0.0),
    (6.27, 0.0),
    (6.27, 4.19),
    (9.07, 4.19),
    (9.07, 7.1),
    (0.0, 7.1),
];
/// Rooms, up to the middle of the walls between them.
const ROOMS: [(&str, f64, f64, f64, f64); 6] = [
    ("entry", 0.0, 0.0, 1.98, 2.12),
    ("hall", 1.98, 0.0, 3.96, 2.1),
    ("bath", 3.96, 0.0, 6.27, 2.02),
    ("bedroom", 0.0, 2.12, 2.64, 7.1),
    ("living", 2.64, 2.1, 6.27, 7.1),
    ("kitchen", 6.27, 4.19, 9.07, 7.1),
];
/// Inner walls, from `layout.csv`.
const WALLS: [(f64, f64, f64, f64); 9] = [
    (1.93, 0.0, 2.04, 0.64),
    (1.93, 1.74, 2.04, 2.07),
    (3.88, 0.0, 4.05, 0.6),
    (3.88, 1.42, 4.05, 1.93),
    (3.88, 1.93, 6.27, 2.12),
    (6.27, 4.19, 6.37, 4.82),
    (2.58, 2.07, 2.7, 7.1),
    (0.0, 2.07, 0.73, 2.18),
    (1.52, 2.07, 2.7, 2.18),
];
/// Means of the survey are taken over squares of this side, m.
const SURVEY_STEP_M: f64 = 0.5;

/// Parts of a walk, and how long before and after one nothing is surveyed, s.
const PARTS: u32 = 3;
const APART_S: f64 = 10.0;

/// One row of the data: when, where, and how strong each anchor heard.
#[derive(PartialEq)]
struct Row {
    t_s: f64,
    at: (f64, f64),
    rssi: Vec<Option<f64>>,
}

pub(super) fn cases(from: &Folder) -> Result<Option<Recorded>> {
    let fingerprints = from.tables("flat", "fingerprints")?;
    let anchors = from.table("flat", "anchors")?;
    let (Some(anchors), false) = (anchors, fingerprints.is_empty()) else {
        return Ok(None);
    };
    let (site, anchors) = site(anchors)?;
    let (mut walks, mut said) = (BTreeMap::new(), Vec::new());
    for file in fingerprints {
        let more = walks_of(file.table, anchors.len())?;
        join(&mut walks, more, &file.name, &mut said);
    }
    let mut cases = Vec::new();
    for (tested, rows) in &walks {
        let others = walks.iter().filter(|(name, _)| *name != tested);
        let others = others.flat_map(|(_, rows)| rows);
        let mut whole = Case::new(&format!("flat-{tested}"), site.clone());
        follow(tested, rows.iter(), &anchors, &mut whole);
        survey(others.clone(), &anchors, &mut whole);
        cases.push(whole);
        for part in 0..PARTS {
            let name = format!("flat-part-{tested}-{}", part + 1);
            let mut case = Case::new(&name, site.clone());
            let (from_s, until_s) = span(rows, part);
            let within =
                |row: &&Row, slack_s: f64| (from_s - slack_s..until_s + slack_s).contains(&row.t_s);
            let here = rows.iter().filter(|row| within(row, 0.0));
            follow(tested, here, &anchors, &mut case);
            let apart = rows.iter().filter(|row| !within(row, APART_S));
            survey(others.clone().chain(apart), &anchors, &mut case);
            cases.push(case);
        }
    }
    Ok(Some(Recorded { cases, said }))
}

/// When a part of a walk begins and ends, s.
fn span(rows: &[Row], part: u32) -> (f64, f64) {
    let begin = rows.first().map_or(0.0, |row| row.t_s);
    let end = rows.last().map_or(0.0, |row| row.t_s);
    let at = |part: u32| begin + (end + 1.0 - begin) * f64::from(part) / f64::from(PARTS);
    (at(part), at(part + 1))
}

fn site(mut anchors: Table) -> Result<(String, Vec<String>)> {
    let walls: Vec<Corners> = WALLS
        .iter()
        .map(|(x0, y0, x1, y1)| rectangle(*x0, *y0, *x1, *y1))
        .collect();
    let source = "Zenodo 5457591 (marckolak/ble-rss-fingerprints-calib2021), CC BY 4.0";
    let mut site = SiteText::new("flat", source, &OUTLINE, &walls);
    for (id, x0, y0, x1, y1) in ROOMS {
        site.zone(id, &rectangle(x0, y0, x1, y1));
    }
    let (id, x, y) = (
        anchors.column("id")?,
        anchors.column("x")?,
        anchors.column("y")?,
    );
    let mut names = Vec::new();
    while anchors.advance()? {
        let name = format!("anchor-{}", anchors.text(id)?);
        site.scanner(&name, (anchors.number(x)?, anchors.number(y)?));
        names.push(name);
    }
    Ok((site.finish(), names))
}

fn walks_of(mut table: Table, anchors: usize) -> Result<BTreeMap<String, Vec<Row>>> {
    const COLUMNS: [&str; 8] = [
        "rssi_1", "rssi_2", "rssi_3", "rssi_4", "rssi_5", "rssi_6", "rssi_7", "rssi_8",
    ];
    let (path, t) = (table.column("path")?, table.column("t")?);
    let (x, y) = (table.column("x")?, table.column("y")?);
    let heard = COLUMNS.iter().take(anchors);
    let heard: Vec<_> = heard
        .map(|name| table.column(name))
        .collect::<Result<_>>()?;
    let mut walks: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    while table.advance()? {
        let rssi = heard.iter().map(|column| table.number_if_any(*column));
        let row = Row {
            t_s: table.number(t)?,
            at: (table.number(x)?, table.number(y)?),
            rssi: rssi.collect::<Result<_>>()?,
        };
        walks
            .entry(table.text(path)?.to_owned())
            .or_default()
            .push(row);
    }
    Ok(walks)
}

fn follow<'r>(tag: &str, rows: impl Iterator<Item = &'r Row>, anchors: &[String], case: &mut Case) {
    for row in rows {
        for (anchor, rssi) in anchors.iter().zip(&row.rssi) {
            if let Some(rssi) = rssi {
                case.heard(row.t_s, anchor, tag, *rssi);
            }
        }
        // One truth a second: the rows come every third of one.
        if (row.t_s - row.t_s.round()).abs() < 0.01 {
            case.was_at(row.t_s, tag, row.at, room_of(row.at));
        }
    }
}

fn room_of((x, y): (f64, f64)) -> &'static str {
    let away = |(_, x0, y0, x1, y1): &(&str, f64, f64, f64, f64)| {
        let beyond = |at: f64, low: f64, high: f64| (low - at).max(at - high).max(0.0);
        beyond(x, *x0, *x1).hypot(beyond(y, *y0, *y1))
    };
    let nearest = ROOMS.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
    nearest.map_or("", |room| room.0)
}

fn survey<'r>(rows: impl Iterator<Item = &'r Row>, anchors: &[String], case: &mut Case) {
    let square = |metres: f64| (metres / SURVEY_STEP_M).floor() as i64;
    let mut sums: BTreeMap<(i64, i64, usize), (f64, f64)> = BTreeMap::new();
    for row in rows {
        for (anchor, rssi) in row.rssi.iter().enumerate() {
            if let Some(rssi) = rssi {
                let sum = sums.entry((square(row.at.0), square(row.at.1), anchor));
                let sum = sum.or_default();
                sum.0 += rssi;
                sum.1 += 1.0;
            }
        }
    }
    for ((column, row, anchor), (sum, n)) in sums {
        let middle = |square: i64| (square as f64 + 0.5) * SURVEY_STEP_M;
        let at = (middle(column), middle(row));
        case.surveyed(at, &anchors[anchor], sum / n, n);
    }
}
