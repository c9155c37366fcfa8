//! Changes of zone: how many were said, how late, how many never.

use super::{
    interval::{Figure, figure},
    matched::Moment,
};
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
        let marks = marks(moments);
        self.said += marks.iter().filter(|m| m.said).count() as u32;
        let changed: Vec<usize> = (0..marks.len()).filter(|i| marks[*i].truly).collect();
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

    /// The same with its range; `walks` are those that were counted.
    pub fn range(&self, walks: &[Vec<Moment>]) -> Option<Figure> {
        let marks: Vec<Vec<Mark>> = walks.iter().map(|walk| marks(walk)).collect();
        self.per_true_change()?;
        figure(&marks, |marks| {
            let count = |of: fn(&Mark) -> bool| marks.iter().filter(|m| of(m)).count();
            // A resample may have drawn no true change at all.
            count(|m| m.said) as f64 / count(|m| m.truly).max(1) as f64
        })
    }

    /// Median time until a true change was said, s.
    pub fn median_latency_s(&self) -> Option<f64> {
        let n = self.latencies_s.len();
        let (low, high) = (n.checked_sub(1)? / 2, n / 2);
        Some(f64::midpoint(self.latencies_s[low], self.latencies_s[high]))
    }
}

/// What changed at a moment.
#[derive(Debug, Clone, Copy)]
struct Mark {
    truly: bool,
    said: bool,
}

/// Every change of what was said counts, also to and from "in no zone", but not
/// the first word at all.
fn marks(moments: &[Moment]) -> Vec<Mark> {
    let (mut zone, mut word) = (None, None);
    let mark = |moment: &Moment| {
        let truly = zone.is_some_and(|zone| zone != moment.zone);
        zone = Some(moment.zone);
        let now = moment.said.map(|said| said.zone);
        let first = word.is_none() && now == Some(None);
        let news = now.filter(|now| !first && word != Some(*now));
        let said = news.is_some() && word.is_some();
        word = news.or(word);
        Mark { truly, said }
    };
    moments.iter().map(mark).collect()
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
