//! `survey.csv`: how strongly a tag was heard at known places. Written by
//! `aislecast calibrate`, read with the rest of the shop and by the tools.

mod join;
mod rows;

pub use join::Joined;

use crate::problem::{Excerpt, Problem, Problems, Severity};
use engine::plan::{StorePlan, SurveyPoint};
use rows::{Kind, Rows, Wrong};
use std::fmt::Write as _;

/// Name of the file beside `store.toml`. A shop that has one is a surveyed shop.
pub const SURVEY_FILE: &str = "survey.csv";
/// Its first line.
const HEADER: &str = "x_m,y_m,level,scanner,rssi_dbm,n";

/// What a survey has of use, and how much of it is of none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sifted {
    /// For [`StorePlan::survey`].
    pub points: Vec<SurveyPoint>,
    /// What was joined, when it had too many places.
    pub joined: Option<Joined>,
    /// Rows by scanners that the plan does not have.
    pub of_unknown_scanners: u64,
    /// Rows without a strength or a count one could measure.
    pub without_value: u64,
}

/// Reads the survey of a shop's floor; `file` names it in what is said. All that
/// is wrong is said at once.
pub fn read_survey(file: &str, text: &str, plan: &StorePlan) -> Result<Vec<SurveyPoint>, Problems> {
    let (points, problems) = read(file, text, plan);
    if problems.iter().all(|p| p.severity == Severity::Warning) {
        Ok(points)
    } else {
        Err(Problems::sorted(problems))
    }
}

/// Reads a survey that was made elsewhere, of scanners that may be others: what
/// is of no use is counted. What is no survey at all is an error here, too.
pub fn sift_survey(file: &str, text: &str, plan: &StorePlan) -> Result<Sifted, Problems> {
    let Rows {
        points,
        joined,
        wrong,
    } = rows::read(text, plan);
    let count = |kind| wrong.iter().filter(|w| w.kind == kind).count() as u64;
    let sifted = Sifted {
        points,
        joined,
        of_unknown_scanners: count(Kind::UnknownScanner),
        without_value: count(Kind::NoValue),
    };
    let broken = wrong.into_iter().filter(|w| w.kind == Kind::Broken);
    let problems: Vec<Problem> = broken.map(|w| problem(file, text, w)).collect();
    if problems.is_empty() {
        Ok(sifted)
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
    let Rows {
        points,
        joined,
        mut wrong,
    } = rows::read(text, plan);
    wrong.extend(joined.map(Wrong::dense));
    if points.is_empty() && wrong.is_empty() {
        wrong.push(Wrong::broken(
            1,
            "this survey is empty",
            "walk one with `aislecast calibrate`, or remove the file",
        ));
    }
    let problems = wrong.into_iter().map(|w| problem(file, text, w));
    (points, problems.collect())
}

fn problem(file: &str, text: &str, Wrong { line, finding, .. }: Wrong) -> Problem {
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
    use engine::plan::{Point, ScannerIx};

    fn point(x: f32, rssi_dbm: f32, packets: u16) -> SurveyPoint {
        SurveyPoint {
            at: Point { x, y: 2.25 },
            level: 0,
            scanner: ScannerIx(3),
            rssi_dbm,
            packets,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let plan = demo().plan;
        let points = vec![point(1.5, -71.5, 42), point(3.5, -66.0, 1)];
        let text = write_survey(&points, &plan);
        assert_eq!(read_survey("survey.csv", &text, &plan), Ok(points));
    }

    #[test]
    fn a_survey_written_packet_by_packet_is_joined_and_that_is_said() {
        let plan = demo().plan;
        let walked: Vec<SurveyPoint> = (0..900_u16)
            .map(|n| point(f32::from(n) / 100.0, -60.0 - f32::from(n % 7), 1))
            .collect();
        let text = write_survey(&walked, &plan);
        let points = read_survey("survey.csv", &text, &plan).unwrap();
        assert_eq!(points.len(), 36);
        assert!(points.iter().all(|p| p.packets == 25));
        let (_, told) = read("survey.csv", &text, &plan);
        let told = Problems::sorted(told).to_string();
        assert!(
            told.contains("900 places are joined in 36 squares of 0.25 m"),
            "{told}"
        );
        assert!(told.contains("warning"), "{told}");
    }

    #[test]
    fn rows_of_one_place_and_scanner_are_joined_by_how_often_they_were_heard() {
        let plan = demo().plan;
        let bars = [point(1.5, -70.0, 1), point(1.5, -66.0, 3)];
        let text = write_survey(&bars, &plan);
        let joined = vec![point(1.5, -67.0, 4)];
        assert_eq!(read_survey("survey.csv", &text, &plan), Ok(joined.clone()));
        let sifted = sift_survey("survey.csv", &text, &plan).unwrap();
        assert_eq!(sifted.points, joined);
    }

    const SPOILT: &str = "x_m,y_m,scanner,rssi_dbm,n\n1,2,s-meat,-60,9\n1,2,s-maet,-60,9\n\
                          1,2,s-meat,60,9\n1,2,s-meat,loud,9\n900,2,s-meat,-60,9\n1,2\n";

    #[test]
    fn every_wrong_line_is_told_with_its_number() {
        let plan = demo().plan;
        let told = |text: &str| {
            let told = read_survey("survey.csv", text, &plan);
            told.unwrap_err().to_string()
        };
        let all = told(SPOILT);
        for (line, what) in [
            (3, "there is no scanner \"s-maet\""),
            (4, "nothing is heard like that"),
            (5, "invalid float literal"),
            (6, "this place is far from the floor"),
            (7, "got end of row"),
        ] {
            assert!(all.contains(&format!("survey.csv:{line}:")), "{all}");
            assert!(all.contains(what), "{what}: {all}");
        }
        assert!(all.contains("did you mean \"s-meat\"?"), "{all}");
        let empty = told("");
        assert!(empty.contains("this survey is empty"), "{empty}");
        let headless = told("x_m,y_m,rssi_dbm,n\n1,2,-60,9\n");
        assert!(
            headless.contains("there is no column scanner"),
            "{headless}"
        );
    }

    #[test]
    fn a_survey_made_elsewhere_is_sifted_unless_it_is_none() {
        let plan = demo().plan;
        let told = sift_survey("s.csv", SPOILT, &plan).unwrap_err().to_string();
        for (line, broken) in [(3, false), (4, false), (5, true), (6, false), (7, true)] {
            assert_eq!(told.contains(&format!("s.csv:{line}:")), broken, "{told}");
        }
        // A column too many, no count, capitals, a mark of byte order.
        let text = "\u{feff}X_m,y_m,Scanner,rssi_dbm,who\n1,2,s-meat,-60,me\n1,2,s-maet,-60,me\n\
                    1,2,s-meat,100,me\n900,2,s-meat,-61,me\n";
        let sifted = sift_survey("s.csv", text, &plan).unwrap();
        assert_eq!((sifted.of_unknown_scanners, sifted.without_value), (1, 1));
        let packets = sifted.points.iter().map(|p| (p.at.x, p.packets));
        assert_eq!(packets.collect::<Vec<_>>(), [(1.0, 1), (900.0, 1)]);
    }
}
