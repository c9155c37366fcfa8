//! Rows of a survey, joined by place and scanner: files of histograms have one
//! for every strength.

use super::{
    HEADER,
    join::{Joined, join},
};
use crate::{
    compile::geometry::distance_to,
    doc::Finding,
    suggest::{listed, nearest},
};
use csv::StringRecord;
use engine::plan::{Point, ScannerIx, StorePlan, SurveyPoint};
use serde::Deserialize;
use std::{collections::BTreeMap, ops::RangeInclusive};

/// Columns without which nothing can be read.
const WANTED: [&str; 4] = ["x_m", "y_m", "scanner", "rssi_dbm"];
/// Weakest and strongest mean a receiver can mean, dBm (Bluetooth Core 5.4, vol. 4
/// part E, 7.7.65.2); some write 100 for "not heard".
const RSSI_DBM: RangeInclusive<f64> = -127.0..=20.0;
/// Fewest and most packets that a mean is made of.
const PACKETS: RangeInclusive<f64> = 1.0..=1e9;
/// Most pairs of place and scanner that are read, to be joined.
const READ_MAX: usize = 400_000;
/// How far from the floor a tag may have been held, metres: just outside the door.
const AWAY_M: f32 = 3.0;

/// A line as it is written.
#[derive(Debug, Deserialize)]
struct Line {
    x_m: f64,
    y_m: f64,
    /// The ground floor, if there is no such column.
    #[serde(default)]
    level: u8,
    scanner: String,
    rssi_dbm: f64,
    /// One packet, if there is no such column.
    n: Option<f64>,
}

/// What can be used, and what is wrong.
pub(super) struct Rows {
    pub(super) points: Vec<SurveyPoint>,
    pub(super) joined: Option<Joined>,
    pub(super) wrong: Vec<Wrong>,
}

/// One wrong line.
pub(super) struct Wrong {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) finding: Finding,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is no line of a survey of this floor.
    Broken,
    /// The plan does not have this scanner.
    UnknownScanner,
    /// Nothing is heard like that.
    NoValue,
    /// The place is far from the floor; used all the same.
    Far,
    /// More places than can be worked with; joined.
    Dense,
}

/// Where and by whom: millimetres east and north, storey, scanner.
pub(super) type Key = (i64, i64, u8, u8);

/// Sum of strengths and of packets.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) dbm: f64,
    pub(super) packets: f64,
}

impl Wrong {
    pub(super) fn broken(line: usize, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            line,
            kind: Kind::Broken,
            finding: Finding::error(what, remedy),
        }
    }
}

/// Reads all rows.
pub(super) fn read(text: &str, plan: &StorePlan) -> Rows {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let (mut sums, mut wrong) = (BTreeMap::new(), Vec::new());
    let header: StringRecord = match reader.headers() {
        Ok(header) => header.iter().map(str::to_lowercase).collect(),
        Err(why) => return Rows::none(Wrong::shapeless(1, &why)),
    };
    let missing = |name: &&&str| header.iter().all(|known| known != **name);
    if let Some(name) = WANTED.iter().find(missing).filter(|_| !header.is_empty()) {
        let what = format!("there is no column {name}");
        return Rows::none(Wrong::broken(1, what, wanted()));
    }
    for record in reader.records() {
        wrong.extend(take(record, &header, plan, &mut sums).err());
        if sums.len() > READ_MAX {
            let line = text.lines().count();
            let what = format!("there are more than {READ_MAX} pairs of place and scanner");
            let remedy = "survey fewer places: one in two metres is enough";
            return Rows::none(Wrong::broken(line, what, remedy));
        }
    }
    let (sums, joined) = join(sums);
    Rows {
        points: sums.iter().map(mean).collect(),
        joined,
        wrong,
    }
}

impl Rows {
    fn none(wrong: Wrong) -> Self {
        Self {
            points: Vec::new(),
            joined: None,
            wrong: vec![wrong],
        }
    }
}

impl Wrong {
    /// There are more places than can be worked with.
    pub(super) fn dense(joined: Joined) -> Self {
        let Joined {
            places,
            squares,
            side_m,
        } = joined;
        let what = format!("{places} places are joined in {squares} squares of {side_m} m");
        let remedy = "nothing is lost; a place every metre or two is enough";
        Self {
            line: 1,
            kind: Kind::Dense,
            finding: Finding::warning(what, remedy),
        }
    }

    fn shapeless(line: usize, why: &csv::Error) -> Self {
        let what = match why.kind() {
            csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
            _ => why.to_string(),
        };
        Self::broken(line, what, wanted())
    }
}

fn wanted() -> String {
    format!("write numbers in the columns {HEADER}")
}

/// Adds one row up, or says what is wrong with it.
fn take(
    record: Result<StringRecord, csv::Error>,
    header: &StringRecord,
    plan: &StorePlan,
    sums: &mut BTreeMap<Key, Sum>,
) -> Result<(), Wrong> {
    let number = |position: Option<&csv::Position>| position.map_or(1, |p| p.line() as usize);
    let record = record.map_err(|why| Wrong::shapeless(number(why.position()), &why))?;
    let at_line = number(record.position());
    let row: Line = record
        .deserialize(Some(header))
        .map_err(|why| Wrong::shapeless(at_line, &why))?;
    let wrong = |(kind, finding)| Wrong {
        line: at_line,
        kind,
        finding,
    };
    let packets = row.n.unwrap_or(1.0);
    let key = key(&row, packets, plan).map_err(wrong)?;
    let sum = sums.entry(key).or_default();
    sum.dbm += row.rssi_dbm * packets;
    sum.packets += packets;
    near(&row, plan).map_err(wrong)
}

/// Where and by whom, if the row says so.
fn key(row: &Line, packets: f64, plan: &StorePlan) -> Result<Key, (Kind, Finding)> {
    if plan.levels().nth(usize::from(row.level)).is_none() {
        let what = format!("there is no storey {}", row.level);
        return Err((Kind::Broken, Finding::error(what, "0 is the ground floor")));
    }
    let known = || plan.scanners.iter().map(|s| s.id.as_str());
    let Some(scanner) = known().position(|id| id == row.scanner) else {
        let what = format!("there is no scanner {:?}", row.scanner);
        let finding = Finding::error(what, format!("known: {}", listed(known())));
        let finding = finding.meaning(nearest(&row.scanner, known()));
        return Err((Kind::UnknownScanner, finding));
    };
    let heard = RSSI_DBM.contains(&row.rssi_dbm) && PACKETS.contains(&packets);
    if !heard || !row.x_m.is_finite() || !row.y_m.is_finite() {
        let remedy = "rssi_dbm is -127 to 20, n at least 1, and a place in metres";
        let finding = Finding::error("nothing is heard like that", remedy);
        return Err((Kind::NoValue, finding));
    }
    let milli = |metres: f64| (metres * 1_000.0).round() as i64;
    Ok((milli(row.x_m), milli(row.y_m), row.level, scanner as u8))
}

fn near(row: &Line, plan: &StorePlan) -> Result<(), (Kind, Finding)> {
    let at = Point {
        x: row.x_m as f32,
        y: row.y_m as f32,
    };
    let outline = plan.levels().nth(usize::from(row.level));
    if outline.is_some_and(|(outline, _)| distance_to(outline, at) > AWAY_M) {
        let what = "this place is far from the floor";
        let finding = Finding::error(what, "give metres from the south-west corner");
        return Err((Kind::Far, finding));
    }
    Ok(())
}

fn mean(((x, y, level, scanner), sum): (&Key, &Sum)) -> SurveyPoint {
    let metres = |milli: i64| milli as f32 / 1_000.0;
    SurveyPoint {
        at: Point {
            x: metres(*x),
            y: metres(*y),
        },
        level: *level,
        scanner: ScannerIx(*scanner),
        rssi_dbm: (sum.dbm / sum.packets) as f32,
        packets: sum.packets.min(f64::from(u16::MAX)) as u16,
    }
}
