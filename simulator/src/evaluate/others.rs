//! Each walk after the others were heard: what a shop learns by what it hears.

use super::Site;
use crate::locate::sightings::Heard;

/// Between two walks, s: longer than a shopper who is not heard stays.
const APART_S: f64 = 300.0;

/// One site for each walk, in which all other walks went before it so many times, and are
/// not judged. The sites are of one plan.
pub(super) fn heard_before(sites: &[Site], times: usize) -> Vec<Site> {
    let tags = |site: &Site| 0..site.sightings.tags.len();
    let walks = || {
        let each = sites.iter().enumerate();
        each.flat_map(|(at, site)| tags(site).map(move |tag| (at, tag)))
    };
    let judged = walks().map(|judged| {
        let (at, tag) = judged;
        let mut site = sites[at].clone();
        let name = site.sightings.tags[tag].clone();
        site.truths.retain(|of, _| *of == name);
        let own = heard(&sites[at], tag, 0);
        let mut until_s = own.first().map_or(0.0, |first| first.t_s) - APART_S;
        site.sightings.tags = vec![name];
        site.sightings.heard = own;
        let others = (0..times).flat_map(|_| walks().filter(|walk| *walk != judged));
        for (n, (at, tag)) in others.enumerate() {
            let mut before = heard(&sites[at], tag, n as u32 + 1);
            let late_s = before.last().map_or(0.0, |last| last.t_s) - until_s;
            before.iter_mut().for_each(|heard| heard.t_s -= late_s);
            until_s = before.first().map_or(until_s, |first| first.t_s) - APART_S;
            site.sightings.tags.push(format!("before-{}", n + 1));
            site.sightings.heard.splice(0..0, before);
        }
        site
    });
    judged.collect()
}

/// What was heard of one tag, as of another.
pub(super) fn heard(site: &Site, tag: usize, as_tag: u32) -> Vec<Heard> {
    let of_tag = site.sightings.heard.iter();
    let of_tag = of_tag.filter(|heard| heard.tag as usize == tag);
    of_tag
        .map(|heard| Heard {
            tag: as_tag,
            ..*heard
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::four_nodes;

    #[test]
    fn every_walk_is_judged_once_and_heard_after_all_others() {
        let mut site = four_nodes::case(four_nodes::BOUNDARY).open().unwrap();
        site.sightings.tags.truncate(3);
        site.sightings.heard.retain(|heard| heard.tag < 3);
        let twice = heard_before(&[site.clone()], 2);
        for (n, one) in twice.iter().enumerate() {
            let more = one.sightings.heard.len() - site.sightings.heard.len();
            let of_others = site.sightings.heard.iter().filter(|h| h.tag as usize != n);
            assert_eq!(more, of_others.count());
        }
        let sites = heard_before(&[site.clone()], 1);
        assert_eq!(sites.len(), 3);
        for (n, one) in sites.iter().enumerate() {
            assert_eq!(one.sightings.tags[0], site.sightings.tags[n]);
            assert_eq!(one.truths.len(), 1);
            let heard = &one.sightings.heard;
            assert_eq!(heard.len(), site.sightings.heard.len());
            assert!(heard.is_sorted_by(|a, b| a.t_s <= b.t_s));
            let own = heard.iter().position(|heard| heard.tag == 0).unwrap();
            assert!(heard[own..].iter().all(|heard| heard.tag == 0));
            assert!(heard[own].t_s - heard[own - 1].t_s >= APART_S - 1e-6);
        }
    }
}
