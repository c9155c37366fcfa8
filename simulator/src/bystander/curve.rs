//! The curve: what a bystander gains against what the guard costs.

use super::sweep::Row;
use crate::evaluate::Drawing;

/// Draws advantage (upwards) over value lost (to the right), both in percent.
pub(super) fn draw(rows: &[Row]) -> String {
    let right = rows
        .iter()
        .map(|r| r.lost_percent)
        .fold(12.0, f64::max)
        .ceil();
    let top = rows
        .iter()
        .map(|r| r.advantage.high)
        .fold(4.0, f64::max)
        .ceil();
    let title = "What a bystander gains (points over a coin) against value lost (%)";
    let scale = (560.0 / (right + 1.0), 320.0 / top);
    let mut drawing = Drawing::new(title, (-1.0, 0.0), (right, top), scale);
    let aims = [(0.0, 0.0), (10.0, 0.0), (10.0, 2.0), (0.0, 2.0)];
    drawing.area(aims.into_iter(), r##"fill="#dcefe3" stroke="#2a7f4f""##);
    for step in 0..=(top / 5.0) as u32 {
        let y = f64::from(step * 5);
        drawing.line((-1.0, y), (right, y), r##"stroke="#ddd""##);
        drawing.words((-1.0, y), (-22.0, 4.0), &y.to_string());
    }
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
        drawing.words((x, is.is), (7.0, 4.0), &name);
    }
    let legend = [
        ("#b3261e", "off"),
        ("#0b5d3b", "the shop's"),
        ("#4a6fa5", "others"),
    ];
    let legend: Vec<_> = legend.map(|(c, w)| (c.to_owned(), w.to_owned())).into();
    drawing.finish(&legend)
}
