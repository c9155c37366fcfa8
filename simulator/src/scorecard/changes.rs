//! Changes of zone: how many were said, how late, how many never.

use super::matched::Moment;
use serde::Serialize;

/// Changes of zone of all tags.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Changes {
    /// True changes.
    pub truly: u32,
    /// Changes said, for the same moments.
    pub said: u32,
    /// True changes that were not said before the next.
    pub missed: u32,
    /// From each true change that was found to its being said, s, rising; 0 for
    /// one that was said early.
    pub latencies_s: Vec<f64>,
}

impl Changes {
    /// Counts the changes of one tag.
    pub fn add(&mut self, moments: &[Moment]) {
        self.said += said(moments);
        let changed = (1..moments.len()).filter(|i| moments[*i].zone != moments[i - 1].zone);
        let changed: Vec<usize> = changed.collect();
        for (n, from) in changed.iter().enumerate() {
            let until = changed.get(n + 1).copied().unwrap_or(moments.len());
            let stay = &moments[*from..until];
            self.truly += 1;
            match stay.iter().find(|m| m.right()) {
                Some(found) => self.latencies_s.push(found.t_s - stay[0].t_s),
                None => self.missed += 1,
            }
        }
        self.latencies_s.sort_by(f64::total_cmp);
    }

    /// Changes said for each true one.
    pub fn per_true_change(&self) -> Option<f64> {
        (self.truly > 0).then(|| f64::from(self.said) / f64::from(self.truly))
    }

    /// Median time until a true change was said, s.
    pub fn median_latency_s(&self) -> Option<f64> {
        let n = self.latencies_s.len();
        let (low, high) = (n.checked_sub(1)? / 2, n / 2);
        Some(f64::midpoint(self.latencies_s[low], self.latencies_s[high]))
    }
}

/// Every change of what was said counts, also to and from "in no zone", but not
/// the first word at all.
fn said(moments: &[Moment]) -> u32 {
    let words = moments.iter().filter_map(|m| Some(m.said?.zone));
    let words: Vec<_> = words.skip_while(Option::is_none).collect();
    words.windows(2).filter(|w| w[0] != w[1]).count() as u32
}

#[cfg(test)]
mod tests {
    use super::{super::matched::Said, *};
    use engine::plan::ZoneIx;

    /// A letter per second, `.` for no zone and `?` for no estimate.
    fn check(truth: &str, said: &str, expected: (u32, u32, u32, Option<f64>)) {
        let zone = |c: u8| (c != b'.').then(|| ZoneIx(c - b'a'));
        let moments: Vec<Moment> = truth
            .bytes()
            .zip(said.bytes())
            .zip(0..)
            .map(|((truth, said), second)| Moment {
                t_s: f64::from(second),
                at: None,
                zone: zone(truth),
                said: (said != b'?').then(|| Said {
                    at: None,
                    error_m: None,
                    zone: zone(said),
                    forgiven: false,
                    p_zone: None,
                }),
            })
            .collect();
        let mut changes = Changes::default();
        changes.add(&moments);
        let found = (changes.truly, changes.said, changes.missed);
        let median = changes.median_latency_s();
        assert_eq!((found.0, found.1, found.2, median), expected, "{truth}");
    }

    #[test]
    fn changes_are_counted_and_timed() {
        check("aaaabbbb", "aaaaabbb", (1, 1, 0, Some(1.0)));
        // Early is not late.
        check("aaaabbbb", "aabbbbbb", (1, 1, 0, Some(0.0)));
        // Flapping costs, and finding a zone at last is finding it.
        check("aaaabbbb", "abababab", (1, 7, 0, Some(1.0)));
        // Missed: found only after the next change, or never.
        check("aabbaa", "aaaaaa", (2, 0, 1, Some(0.0)));
        // Nothing said at first is no change; "in no zone" is.
        check("aaaabbbb", "??aa.abb", (1, 3, 0, Some(2.0)));
        check("aaa", "aaa", (0, 0, 0, None));
    }
}
