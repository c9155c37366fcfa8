//! Drawings: few shapes, one scale.

use std::fmt::Write as _;

/// Margin around the drawing, pixels.
const MARGIN: f64 = 46.0;
/// Height of the title, pixels.
const TITLE: f64 = 30.0;

/// A drawing in the making; coordinates are those of the world, y upwards.
pub(crate) struct Drawing {
    body: String,
    scale: (f64, f64),
    low: (f64, f64),
    size: (f64, f64),
}

impl Drawing {
    /// Of the part of the world from `low` to `high`, at so many pixels a unit.
    pub(crate) fn new(title: &str, low: (f64, f64), high: (f64, f64), scale: (f64, f64)) -> Self {
        let size = ((high.0 - low.0) * scale.0, (high.1 - low.1) * scale.1);
        let mut drawing = Self {
            body: String::new(),
            scale,
            low,
            size,
        };
        let _ = writeln!(
            drawing.body,
            r##"<text x="{MARGIN}" y="20" font-size="14" fill="#222">{title}</text>"##
        );
        drawing
    }

    fn x(&self, x: f64) -> f64 {
        MARGIN + (x - self.low.0) * self.scale.0
    }

    fn y(&self, y: f64) -> f64 {
        TITLE + self.size.1 - (y - self.low.1) * self.scale.1
    }

    /// An area; `style` is what SVG calls its attributes.
    pub(crate) fn area(&mut self, corners: impl Iterator<Item = (f64, f64)>, style: &str) {
        let points: Vec<String> = corners
            .map(|(x, y)| format!("{:.1},{:.1}", self.x(x), self.y(y)))
            .collect();
        let _ = writeln!(
            self.body,
            r#"<polygon points="{}" {style}/>"#,
            points.join(" ")
        );
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), style: &str) {
        let (x1, y1) = (self.x(from.0), self.y(from.1));
        let (x2, y2) = (self.x(to.0), self.y(to.1));
        let _ = writeln!(
            self.body,
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" {style}/>"#
        );
    }

    /// A dot of so many pixels.
    pub(crate) fn dot(&mut self, at: (f64, f64), pixels: f64, style: &str) {
        let (x, y) = (self.x(at.0), self.y(at.1));
        let _ = writeln!(
            self.body,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{pixels}" {style}/>"#
        );
    }

    /// Words, beginning so many pixels right of and below a place.
    pub(crate) fn words(&mut self, at: (f64, f64), off: (f64, f64), text: &str) {
        let (x, y) = (self.x(at.0) + off.0, self.y(at.1) + off.1);
        let _ = writeln!(
            self.body,
            r##"<text x="{x:.1}" y="{y:.1}" font-size="11" fill="#444">{text}</text>"##
        );
    }

    /// The whole file; `legend` are colours and their words.
    pub(crate) fn finish(self, legend: &[(String, String)]) -> String {
        let (width, height) = (self.size.0 + 2.0 * MARGIN, self.size.1 + TITLE + 60.0);
        let width = width.max(legend.len() as f64 * 84.0 + 2.0 * MARGIN);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}",
            self.body
        );
        let y = height - 14.0;
        for (n, (colour, words)) in legend.iter().enumerate() {
            let x = MARGIN + n as f64 * 84.0;
            let _ = writeln!(
                out,
                r##"<rect x="{x}" y="{}" width="10" height="10" fill="{colour}"/><text x="{}" y="{y}" font-size="11" fill="#444">{words}</text>"##,
                y - 9.0,
                x + 14.0
            );
        }
        out.push_str("</svg>\n");
        out
    }
}
