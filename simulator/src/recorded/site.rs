//! Writes the `store.toml` of a recorded site.

use std::fmt::Write as _;

/// Corners, metres.
pub(crate) type Corners = Vec<(f64, f64)>;

/// A `store.toml` in the making.
pub(crate) struct SiteText(String);

impl SiteText {
    pub(crate) fn new(
        id: &str,
        source: &str,
        outline: &[(f64, f64)],
        obstacles: &[Corners],
    ) -> Self {
        let mut text = format!("# {source}\n[store]\nid = \"{id}\"\n\n[floor]\n");
        let _ = writeln!(text, "outline = {}", corners(outline));
        let _ = writeln!(text, "obstacles = [");
        for obstacle in obstacles {
            let _ = writeln!(text, "  {},", corners(obstacle));
        }
        text.push_str("]\n");
        Self(text)
    }

    pub(crate) fn zone(&mut self, id: &str, area: &[(f64, f64)]) {
        let area = corners(area);
        let _ = writeln!(self.0, "\n[[zones]]\nid = \"{id}\"\narea = {area}");
    }

    pub(crate) fn scanner(&mut self, id: &str, (x, y): (f64, f64)) {
        let _ = writeln!(
            self.0,
            "\n[[scanners]]\nid = \"{id}\"\nat = [{x:.3}, {y:.3}]"
        );
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

pub(crate) fn rectangle(x0: f64, y0: f64, x1: f64, y1: f64) -> Corners {
    vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
}

fn corners(corners: &[(f64, f64)]) -> String {
    let each: Vec<String> = corners
        .iter()
        .map(|(x, y)| format!("[{x:.3}, {y:.3}]"))
        .collect();
    format!("[{}]", each.join(", "))
}
