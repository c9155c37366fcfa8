//! `survey.csv`: how strongly a tag was heard at known places. Written by
//! `aislecast calibrate`, read with the rest of the shop.

use crate::{
    compile::geometry::distance_to,
    doc::Finding,
    problem::{Excerpt, Problem, Problems},
    suggest::{listed, nearest},
};
use engine::plan::{MAX_SURVEY, Point, ScannerIx, StorePlan, SurveyPoint};
use serde::Deserialize;
use std::fmt::Write as _;

/// Name of the file beside `store.toml`. A shop that has one is a surveyed shop.
pub const SURVEY_FILE: &str = "survey.csv";
/// Its first line.
const HEADER: &str = "x_m,y_m,level,scanner,rssi_dbm,n";
/// Weakest and strongest mean a receiver can mean, dBm.
const RSSI_DBM: std::ops::RangeInclusive<f32> = -127.0..=0.0;

/// How far from the floor a tag may have been held, metres: just outside the door.
const AWAY_M: f32 = 3.0;

/// A line as it is written.
#[derive(Debug, Deserialize)]
struct Line {
    x_m: f32,
    y_m: f32,
    /// The ground floor, if there is no such column.
    #[serde(default)]
    level: u8,
    scanner: String,
    rssi_dbm: f32,
    n: u32,
}

/// Reads a survey of a shop's floor; `file` names it in what is said. All that
/// is wrong is said at once.
pub fn read_survey(file: &str, text: &str, plan: &StorePlan) -> Result<Vec<SurveyPoint>, Problems> {
    let (points, problems) = read(file, text, plan);
    if problems.is_empty() {
        Ok(points)
    } else {
        Err(Problems::sorted(problems))
    }
}

/// Writes a survey as [`read_survey`] reads it.
pub fn write_survey(points: &[SurveyPoint], plan: &StorePlan) -> String {
    let mut text = format!("{HEADER}\n");
    for point in points {
        let Some(scanner) = plan.scanners.get(point.scanner.at()) else {
            continue;
        };
        writeln!(
            text,
            "{:.2},{:.2},{},{},{:.1},{}",
            point.at.x, point.at.y, point.level, scanner.id, point.rssi_dbm, point.packets
        )
        .expect("a text takes any text");
    }
    text
}

/// What can be used, and what is wrong.
pub(crate) fn read(file: &str, text: &str, plan: &StorePlan) -> (Vec<SurveyPoint>, Vec<Problem>) {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut points, mut problems) = (Vec::new(), Vec::new());
    for (n, line) in reader.deserialize::<Line>().enumerate() {
        // The header is line 1.
        let number = n + 2;
        let found = line
            .map_err(|why| shapeless(&why))
            .and_then(|line| point(&line, plan));
        match found {
            Ok(point) if points.len() < MAX_SURVEY => points.push(point),
            Ok(_) => {
                let what = format!("there are more than {MAX_SURVEY} lines");
                let finding =
                    Finding::error(what, "survey fewer places: one in two metres is enough");
                problems.push(problem(file, text, number, finding));
                break;
            }
            Err(finding) => problems.push(problem(file, text, number, finding)),
        }
    }
    if points.is_empty() && problems.is_empty() {
        let finding = Finding::error(
            "this survey is empty",
            "walk one with `aislecast calibrate`, or remove the file",
        );
        problems.push(problem(file, text, 1, finding));
    }
    (points, problems)
}

fn shapeless(why: &csv::Error) -> Finding {
    let what = match why.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        _ => why.to_string(),
    };
    Finding::error(what, format!("write numbers in the columns {HEADER}"))
}

fn point(line: &Line, plan: &StorePlan) -> Result<SurveyPoint, Finding> {
    let at = Point {
        x: line.x_m,
        y: line.y_m,
    };
    let Some((outline, _)) = plan.levels().nth(usize::from(line.level)) else {
        let what = format!("there is no storey {}", line.level);
        return Err(Finding::error(what, "0 is the ground floor"));
    };
    if distance_to(outline, at) > AWAY_M {
        return Err(Finding::error(
            "this place is far from the floor",
            "give metres from the south-west corner",
        ));
    }
    if !RSSI_DBM.contains(&line.rssi_dbm) || line.n == 0 {
        return Err(Finding::error(
            "nothing is heard like that",
            "rssi_dbm is -127 to 0, and n at least 1",
        ));
    }
    let known = || plan.scanners.iter().map(|s| s.id.as_str());
    let Some(scanner) = known().position(|id| id == line.scanner) else {
        let finding = Finding::error(
            format!("there is no scanner {:?}", line.scanner),
            format!("known: {}", listed(known())),
        );
        return Err(finding.meaning(nearest(&line.scanner, known())));
    };
    Ok(SurveyPoint {
        at,
        level: line.level,
        scanner: ScannerIx(scanner as u8),
        rssi_dbm: line.rssi_dbm,
        packets: u16::try_from(line.n).unwrap_or(u16::MAX),
    })
}

fn problem(file: &str, text: &str, line: usize, finding: Finding) -> Problem {
    let value = text.lines().nth(line - 1).unwrap_or_default();
    Problem {
        severity: finding.severity,
        file: file.to_owned(),
        line,
        column: 1,
        key: String::new(),
        value: String::new(),
        what: finding.what,
        did_you_mean: finding.did_you_mean,
        remedy: finding.remedy,
        excerpt: Excerpt::cut(value, 0, value.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;

    #[test]
    fn what_is_written_is_read_again() {
        let plan = demo().plan;
        let points = vec![
            SurveyPoint {
                at: Point { x: 1.5, y: 2.25 },
                level: 0,
                scanner: ScannerIx(3),
                rssi_dbm: -71.5,
                packets: 42,
            };
            2
        ];
        let text = write_survey(&points, &plan);
        assert_eq!(read_survey("survey.csv", &text, &plan), Ok(points));
    }

    #[test]
    fn every_wrong_line_is_told_with_its_number() {
        let plan = demo().plan;
        let text = "x_m,y_m,scanner,rssi_dbm,n\n1,2,s-meat,-60,9\n1,2,s-maet,-60,9\n\
                    1,2,s-meat,60,9\n1,2,s-meat,loud,9\n900,2,s-meat,-60,9\n1,2\n";
        let told = read_survey("survey.csv", text, &plan)
            .unwrap_err()
            .to_string();
        for (line, what) in [
            (3, "there is no scanner \"s-maet\""),
            (4, "nothing is heard like that"),
            (5, "invalid float literal"),
            (6, "this place is far from the floor"),
            (7, "record 6"),
        ] {
            assert!(told.contains(&format!("survey.csv:{line}:")), "{told}");
            assert!(told.contains(what), "{what}: {told}");
        }
        assert!(told.contains("did you mean \"s-meat\"?"), "{told}");
        let empty = read_survey("survey.csv", "", &plan)
            .unwrap_err()
            .to_string();
        assert!(empty.contains("this survey is empty"), "{empty}");
    }
}
