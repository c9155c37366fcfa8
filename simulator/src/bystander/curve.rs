//! The curve: what a bystander gains against what the guard costs.

use super::sweep::Row;
use crate::evaluate::Drawing;

/// Room for the last point's name, percent.
const NAME: f64 = 3.0;
/// Width and height of the picture, width of a letter, and height of a line.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 320.0;
const LETTER: f64 = 6.5;
const LINE: f64 = 14.0;

/// Draws advantage (upwards) over value lost (to the right), both in percent.
pub(super) fn draw(rows: &[Row]) -> String {
    let most_lost = rows.iter().map(|r| r.lost_percent).fold(12.0, f64::max);
    let right = most_lost.ceil() + NAME;
    let top = rows
        .iter()
        .map(|r| r.advantage.high)
        .fold(4.0, f64::max)
        .ceil();
    let title = "What a bystander gains (points over a coin) against value lost (%)";
    let scale = (WIDTH / (right + 1.0), HEIGHT / top);
    let mut drawing = Drawing::new(title, (-1.0, 0.0), (right, top), scale);
    let aims = [(0.0, 0.0), (10.0, 0.0), (10.0, 2.0), (0.0, 2.0)];
    drawing.area(aims.into_iter(), r##"fill="#dcefe3" stroke="#2a7f4f""##);
    for step in 0..=(top / 5.0) as u32 {
        let y = f64::from(step * 5);
        drawing.line((-1.0, y), (right, y), r##"stroke="#ddd""##);
        drawing.words((-1.0, y), (-22.0, 4.0), &y.to_string());
    }
    let mut names = Names::default();
    for row in rows {
        let (x, is) = (row.lost_percent, row.advantage);
        let colour = match (row.guard, row.is_own) {
            (None, _) => "#b3261e",
            (Some(_), true) => "#0b5d3b",
            (Some(_), false) => "#4a6fa5",
        };
        let line = format!(r#"stroke="{colour}" stroke-width="1""#);
        drawing.line((x, is.low.max(0.0)), (x, is.high), &line);
        drawing.dot((x, is.is), 4.0, &format!(r#"fill="{colour}""#));
        let name = row.guard.map_or_else(
            || "off".to_owned(),
            |g| format!("{} in view, 1 in {}", g.people_in_view_min, g.turns),
        );
        let at = ((x + 1.0) * scale.0, (top - is.is) * scale.1);
        drawing.words((x, is.is), names.beside(at, &name), &name);
    }
    let legend = [
        ("#b3261e", "off"),
        ("#0b5d3b", "the shop's"),
        ("#4a6fa5", "others"),
    ];
    let legend: Vec<_> = legend.map(|(c, w)| (c.to_owned(), w.to_owned())).into();
    drawing.finish(&legend)
}

/// Where names stand, as left ends, baselines and widths.
#[derive(Default)]
struct Names(Vec<(f64, f64, f64)>);

impl Names {
    /// Where the name of a point goes, seen from there: right of it or left, and as near
    /// as no other name is in the way.
    fn beside(&mut self, (x, y): (f64, f64), name: &str) -> (f64, f64) {
        let width = name.chars().count() as f64 * LETTER;
        let up_and_down = [0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0].map(|n| 4.0 + n * LINE);
        let places = up_and_down.map(|dy| [(7.0, dy), (-7.0 - width, dy)]);
        let is_free = |(dx, dy): &(f64, f64)| {
            let (left, base) = (x + dx, y + dy);
            let inside = left >= 0.0 && left + width <= WIDTH && base <= HEIGHT + LINE;
            let apart = |(l, b, w): &(f64, f64, f64)| {
                left + width < *l || l + w < left || (base - b).abs() >= LINE
            };
            inside && !self.0.iter().any(|other| !apart(other))
        };
        let place = places.into_iter().flatten().find(is_free);
        let (dx, dy) = place.unwrap_or((7.0, 4.0));
        self.0.push((x + dx, y + dy, width));
        (dx, dy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_picture_and_not_on_one_another() {
        let mut names = Names::default();
        let points = [(500.0, 280.0), (520.0, 284.0), (540.0, 290.0), (90.0, 10.0)];
        let places = points.map(|point| names.beside(point, "3 in view, 1 in 8"));
        assert_eq!(places[3], (7.0, 4.0));
        for (at, one) in names.0.iter().enumerate() {
            assert!(one.0 + one.2 <= WIDTH, "{one:?}");
            for other in &names.0[..at] {
                let beside = one.0 + one.2 < other.0 || other.0 + other.2 < one.0;
                assert!(
                    beside || (one.1 - other.1).abs() >= LINE,
                    "{one:?} {other:?}"
                );
            }
        }
    }
}
