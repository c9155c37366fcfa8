//! Copied identities on recordings: is any tag taken for two that was one, and are two
//! noticed that send the same?

use super::{Site, others, without_survey};
use crate::locate::{
    follow::{self, Followed},
    sightings::{Heard, Sightings},
};
use engine::plan::StorePlan;
use serde::Serialize;
use std::fmt::Write as _;

/// Two tags never send at the same moment; the second of a pair sends so much later, s.
const LATER_S: f64 = 0.137;
/// A pair is heard for so long, s.
const PAIR_S: f64 = 60.0;
/// From this distance on two tags are far from each other, metres.
const FAR_M: f64 = 6.0;

/// What was made of one recording's tags.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Copies {
    /// Which recording.
    pub case: String,
    /// Tags followed alone, and those of them that were taken for two.
    pub alone: Share,
    /// For how long, hours.
    pub hours: f64,
    /// Pairs sending the same identity nearer to each other than 6 m, and those noticed
    /// within a minute.
    pub near: Share,
    /// The same, farther from each other.
    pub far: Share,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// So many ...
    pub is: u32,
    /// ... of so many.
    pub of: u32,
}

impl Share {
    fn add(&mut self, is: bool) {
        self.is += u32::from(is);
        self.of += 1;
    }
}

/// One tag's way.
struct Walk<'a> {
    site: &'a Site,
    name: &'a str,
    heard: Vec<Heard>,
}

/// How tags are followed.
type Follow = fn(&StorePlan, &Sightings, u64) -> Followed;

/// Follows every tag alone, and every two as if they were one; of places nothing is
/// surveyed.
pub(super) fn find(case: &str, sites: &[Site]) -> Copies {
    found(case, sites, follow::follow)
}

/// The same, told by sensor nodes of ours.
pub(super) fn find_in_frames(case: &str, sites: &[Site]) -> Copies {
    found(
        &format!("{case}, by our nodes"),
        sites,
        follow::follow_frames,
    )
}

fn found(case: &str, sites: &[Site], follow: Follow) -> Copies {
    let bare: Vec<Site> = sites.iter().map(without_survey).collect();
    let walks: Vec<Walk<'_>> = bare.iter().flat_map(walks).collect();
    let mut found = Copies {
        case: case.to_owned(),
        alone: Share::default(),
        hours: walks.iter().map(Walk::length_s).sum::<f64>() / 3_600.0,
        near: Share::default(),
        far: Share::default(),
    };
    for (n, walk) in walks.iter().enumerate() {
        found
            .alone
            .add(is_taken_for_two(walk, walk.heard.clone(), follow));
        for other in &walks[..n] {
            let (heard, apart_m) = as_one(walk, other);
            let Some(apart_m) = apart_m else { continue };
            let share = if apart_m < FAR_M {
                &mut found.near
            } else {
                &mut found.far
            };
            share.add(is_taken_for_two(walk, heard, follow));
        }
    }
    found
}

fn walks(site: &Site) -> impl Iterator<Item = Walk<'_>> {
    let tags = site.sightings.tags.iter().enumerate();
    tags.filter_map(move |(tag, name)| {
        let heard = others::heard(site, tag, 0);
        let walk = Walk { site, name, heard };
        (!walk.heard.is_empty()).then_some(walk)
    })
}

impl Walk<'_> {
    fn begin_s(&self) -> f64 {
        self.heard[0].t_s
    }

    fn length_s(&self) -> f64 {
        self.heard[self.heard.len() - 1].t_s - self.begin_s()
    }

    /// Where the tag is so long after the beginning.
    fn at(&self, after_s: f64) -> Option<(f64, f64)> {
        let truths = self.site.truths.get(self.name)?;
        let next = truths.partition_point(|truth| truth.t_s < self.begin_s() + after_s);
        truths.get(next).or(truths.last())?.at
    }
}

/// What is heard when both set out at once and send the same, and how far they are from
/// each other on average, metres.
fn as_one(walk: &Walk<'_>, other: &Walk<'_>) -> (Vec<Heard>, Option<f64>) {
    let length_s = walk.length_s().min(other.length_s()).min(PAIR_S);
    let part = |of: &Walk<'_>, later_s: f64| -> Vec<Heard> {
        let begin_s = of.begin_s();
        let within = of.heard.iter().filter(|h| h.t_s - begin_s <= length_s);
        let moved = within.map(|heard| Heard {
            t_s: walk.begin_s() + heard.t_s - begin_s + later_s,
            ..*heard
        });
        moved.collect()
    };
    let mut heard = part(walk, 0.0);
    heard.extend(part(other, LATER_S));
    heard.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
    let seconds = 0..=length_s as u32;
    let apart = seconds.filter_map(|s| {
        let (a, b) = (walk.at(s.into())?, other.at(s.into())?);
        Some((a.0 - b.0).hypot(a.1 - b.1))
    });
    let apart: Vec<f64> = apart.collect();
    let mean_m = apart.iter().sum::<f64>() / apart.len() as f64;
    (heard, Some(mean_m).filter(|m| m.is_finite()))
}

fn is_taken_for_two(walk: &Walk<'_>, heard: Vec<Heard>, follow: Follow) -> bool {
    let sightings = Sightings {
        tags: vec![walk.name.to_owned()],
        heard,
        ..Sightings::default()
    };
    let followed = follow(&walk.site.plan, &sightings, super::EVERY_MS);
    !followed.copied.is_empty()
}

/// As text.
pub(super) fn table(all: &[Copies]) -> String {
    let mut out = String::new();
    if all.is_empty() {
        return out;
    }
    let _ = writeln!(
        out,
        "\n{:<32}{:>8}{:>20}{:>18}{:>18}",
        "copied identities", "hours", "one taken for two", "two, < 6 m apart", "two, farther"
    );
    for one in all {
        let share = |share: Share| format!("{} of {}", share.is, share.of);
        let _ = writeln!(
            out,
            "{:<32}{:>8.1}{:>20}{:>18}{:>18}",
            one.case,
            one.hours,
            share(one.alone),
            share(one.near),
            share(one.far)
        );
    }
    out
}
