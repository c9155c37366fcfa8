//! Two pictures: where on the floor we err, and how belief moves along a walk.

use super::{EVERY_MS, svg::Drawing};
use crate::{
    locate::{follow, sightings::Sightings},
    recorded::Site,
    scorecard::matched,
};
use anyhow::{Context as _, Result};
use engine::plan::{Point, Polygon, StorePlan, ZoneIx};
use std::{fs, path::Path};

/// Colours of errors up to so many metres, and beyond; from a palette that
/// colour-blind people can tell apart (Okabe and Ito).
const ERRORS: [(f64, &str, &str); 4] = [
    (1.0, "#009e73", "up to 1 m"),
    (2.0, "#56b4e9", "to 2 m"),
    (3.0, "#e69f00", "to 3 m"),
    (f64::INFINITY, "#d55e00", "more"),
];
/// Colours of zones.
const ZONES: [&str; 8] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999",
];
/// Pixels a metre, and a second.
const PER_METRE: f64 = 26.0;
const PER_SECOND: f64 = 7.0;
/// Height of the belief, pixels.
const BELIEF: f64 = 220.0;

/// Draws both into a folder.
pub(super) fn draw(site: &Site, into: &Path) -> Result<()> {
    let failed = || format!("failed to write plots into {}", into.display());
    fs::create_dir_all(into).with_context(failed)?;
    fs::write(into.join("presence-errors.svg"), errors(site)).with_context(failed)?;
    fs::write(into.join("presence-belief.svg"), belief(site)).with_context(failed)?;
    Ok(())
}

fn errors(site: &Site) -> String {
    let followed = follow::follow(&site.plan, &site.sightings, EVERY_MS);
    let walks = matched(&site.plan, &followed.estimates, &site.truths);
    let (low, high) = site.plan.outline.bounds();
    let mut drawing = Drawing::new(
        "True places, a second apart, and where they were taken to be",
        point(low),
        point(high),
        (PER_METRE, PER_METRE),
    );
    floor(&site.plan, &mut drawing);
    for moment in walks.iter().flatten() {
        let said = moment.said.and_then(|said| said.at.zip(said.error_m));
        let Some((at, (said, error))) = moment.at.zip(said) else {
            continue;
        };
        let (_, colour, _) = ERRORS[ERRORS.iter().position(|e| error <= e.0).unwrap_or(0)];
        drawing.line(
            at,
            said,
            &format!("stroke=\"{colour}\" stroke-opacity=\"0.5\""),
        );
        drawing.dot(at, 2.5, &format!("fill=\"{colour}\""));
    }
    let legend = ERRORS.map(|(_, colour, words)| (colour.to_owned(), words.to_owned()));
    drawing.finish(&legend)
}

fn floor(plan: &StorePlan, drawing: &mut Drawing) {
    let corners = |polygon: &Polygon| {
        let points: Vec<(f64, f64)> = polygon.0.iter().copied().map(point).collect();
        points.into_iter()
    };
    drawing.area(corners(&plan.outline), "fill=\"#fafafa\" stroke=\"#222\"");
    for zone in &plan.zones {
        drawing.area(corners(&zone.area), "fill=\"none\" stroke=\"#bbb\"");
        let (low, high) = zone.area.bounds();
        let corner = (f64::from(low.x), f64::from(high.y));
        drawing.words(corner, (4.0, 13.0), zone.id.as_str());
    }
    for obstacle in &plan.obstacles {
        drawing.area(corners(obstacle), "fill=\"#ddd\" stroke=\"none\"");
    }
    for scanner in &plan.scanners {
        drawing.dot(point(scanner.at), 4.0, "fill=\"#222\"");
    }
}

/// Of the walk that goes through most zones.
fn belief(site: &Site) -> String {
    let zones_of = |tag: &str| {
        let moments = site.truths.get(tag).map_or(&[][..], Vec::as_slice);
        moments
            .windows(2)
            .filter(|w| w[0].zone != w[1].zone)
            .count()
    };
    let tag = site.sightings.tags.iter().max_by_key(|tag| zones_of(tag));
    let tag = tag.map_or("", String::as_str);
    let followed = follow::follow(&site.plan, &only(&site.sightings, tag), EVERY_MS);
    let truth = site.truths.get(tag).map_or(&[][..], Vec::as_slice);
    let begin = truth.first().map_or(0.0, |t| t.t_s);
    let seconds = truth.last().map_or(1.0, |t| t.t_s - begin).max(1.0);
    let title = format!("Probability of each zone along the walk {tag}; above: said, and true");
    let scale = (PER_SECOND, BELIEF);
    let mut drawing = Drawing::new(&title, (0.0, 0.0), (seconds, 1.17), scale);
    let colours = colours(&site.plan, &followed.belief);
    let bar = |drawing: &mut Drawing, t_s: f64, low: f64, high: f64, colour: &str| {
        let (from, to) = (t_s - begin, t_s - begin + 1.0);
        if from >= 0.0 && from < seconds && high > low {
            let corners = [(from, low), (to, low), (to, high), (from, high)];
            drawing.area(corners.into_iter(), &format!("fill=\"{colour}\""));
        }
    };
    for (t_s, zones) in &followed.belief {
        let mut low = 0.0;
        for (zone, p) in zones.iter().enumerate() {
            bar(&mut drawing, *t_s, low, low + f64::from(*p), &colours[zone]);
            low += f64::from(*p);
        }
    }
    let colour = |zone: Option<ZoneIx>| zone.map_or("#fff", |z| &colours[z.at()]);
    for estimate in &followed.estimates {
        bar(
            &mut drawing,
            estimate.t_s,
            1.02,
            1.08,
            colour(estimate.zone),
        );
    }
    for moment in truth {
        bar(&mut drawing, moment.t_s, 1.1, 1.16, colour(moment.zone));
    }
    axes(&mut drawing, seconds);
    let shown = site
        .plan
        .zones
        .iter()
        .zip(&colours)
        .filter(|(_, c)| *c != OTHER);
    let legend: Vec<_> = shown.map(|(z, c)| (c.clone(), z.id.to_string())).collect();
    drawing.finish(&legend)
}

/// Zones that never matter.
const OTHER: &str = "#eeeeee";

/// A colour for each zone that is likely at some time.
fn colours(plan: &StorePlan, belief: &[(f64, Vec<f32>)]) -> Vec<String> {
    let mut free = ZONES.iter();
    let colour = |zone: usize| {
        let likely = belief.iter().any(|(_, p)| p[zone] > 0.4);
        let colour = likely.then(|| free.next()).flatten();
        colour.map_or(OTHER, |c| *c).to_owned()
    };
    (0..plan.zones.len()).map(colour).collect()
}

fn axes(drawing: &mut Drawing, seconds: f64) {
    for percent in [0, 50, 100] {
        let y = f64::from(percent) / 100.0;
        drawing.line(
            (0.0, y),
            (seconds, y),
            "stroke=\"#222\" stroke-opacity=\"0.3\"",
        );
        drawing.words((0.0, y), (-40.0, 4.0), &format!("{percent} %"));
    }
    for ten in 0..=(seconds / 10.0) as u32 {
        let t_s = f64::from(ten) * 10.0;
        drawing.words((t_s, 0.0), (0.0, 14.0), &format!("{t_s} s"));
    }
}

fn only(sightings: &Sightings, tag: &str) -> Sightings {
    let kept = sightings.tags.iter().position(|t| t == tag);
    let heard = sightings.heard.iter();
    Sightings {
        tags: vec![tag.to_owned()],
        heard: heard
            .filter(|h| Some(h.tag as usize) == kept)
            .map(|h| crate::locate::sightings::Heard { tag: 0, ..*h })
            .collect(),
        ..Sightings::default()
    }
}

fn point(p: Point) -> (f64, f64) {
    (f64::from(p.x), f64::from(p.y))
}
