//! What an offer brought, as far as can be told, and in words.

use super::{
    BUCKETS, Bucket, Cell, Incident, Pairs, RampState, TrialTally,
    stats::{self, Interval, Proportion},
};
use crate::plan::{Offer, TrialArm};
use protocol::id::{OfferId, ScreenId};
use serde::Serialize;

/// Fewer pairs of blocks tell nothing about how much blocks differ.
const PAIRS_MIN: u32 = 20;

/// What is known of one offer's effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lift {
    /// Which offer.
    pub offer: OfferId,
    /// Shoppers: those shown it against those held out, and arm against arm.
    pub comparisons: Vec<Comparison>,
    /// Blocks with it against blocks without, by screen.
    pub switchback: Vec<ScreenLift>,
    /// How far it is let loose; `None` without a ramp.
    pub ramp: Option<RampStatus>,
    /// Opt-outs, complaints, calls for help and screen errors while it was
    /// shown or had just been.
    pub incidents: [u32; 4],
}

/// Two groups of shoppers, assigned by chance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Who got it: `shown`, or the name of an arm.
    pub with: String,
    /// Against whom: `held out`, or the name of the control.
    pub without: String,
    /// What the first did.
    pub with_did: Bucket,
    /// What the second did.
    pub without_did: Bucket,
    /// Share of visits with a sale: difference and 95 % interval.
    pub buyers: Interval,
    /// Amount a visit, smallest unit of the currency: difference and 95 %
    /// interval; `None` while a group is too small for one.
    pub amount_minor: Option<Interval>,
    /// Visits of both that the comparison needs.
    pub needed: u64,
    /// What can be told.
    pub verdict: Verdict,
    /// All of that in a sentence.
    pub words: String,
}

/// A switchback on one screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScreenLift {
    /// Which screen.
    pub screen: ScreenId,
    /// Pairs of blocks.
    pub pairs: u32,
    /// Share of the shop's receipts with its products: difference between on
    /// and off and 95 % interval; `None` below two pairs.
    pub receipts: Option<Interval>,
    /// Pairs that it needs.
    pub needed: u64,
    /// What can be told.
    pub verdict: Verdict,
    /// All of that in a sentence.
    pub words: String,
}

/// How far an offer is let loose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RampStatus {
    /// Share of shoppers, thousandths.
    pub permille: u16,
    /// What took it back, if something did.
    pub halted: Option<Incident>,
    /// Running time in this step, ms.
    pub ran_ms: u64,
    /// Showings in this step.
    pub showings: u32,
    /// All of that in a sentence.
    pub words: String,
}

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Too little happened so far.
    CannotTell,
    /// It sells more.
    More,
    /// It sells less.
    Less,
    /// Enough happened, and no difference showed.
    NoDifference,
}

impl Lift {
    /// From what the ledger adds up to.
    pub fn of(offer: &Offer, tally: &TrialTally) -> Self {
        let pairs = tally.pairs.iter();
        Self {
            offer: offer.id.clone(),
            comparisons: comparisons(offer, tally),
            switchback: pairs.map(|(s, p)| ScreenLift::of(s.clone(), p)).collect(),
            ramp: offer.trial.ramp.as_ref().map(|_| tally.ramp.status()),
            incidents: tally.incidents,
        }
    }
}

impl Lift {
    /// Everything that can be told, a sentence each.
    pub fn told(&self) -> Vec<String> {
        let compared = self.comparisons.iter().map(|c| c.words.clone());
        let screens = self.switchback.iter();
        let screens = screens.map(|s| format!("{}: {}", s.screen, s.words));
        compared.chain(screens).collect()
    }
}

/// Shown against held out, and every arm against the control.
fn comparisons(offer: &Offer, tally: &TrialTally) -> Vec<Comparison> {
    let mut all = Vec::new();
    if offer.holdout_permille > 0 {
        all.push(Comparison::of(
            ("shown", groups(tally, Cell::is_shown)),
            ("held out", groups(tally, |cell| *cell == Cell::Holdout)),
            f64::from(offer.holdout_permille) / 1_000.0,
        ));
    }
    if let Some((control, others)) = offer.trial.arms.split_first() {
        let of = |arm: &TrialArm| groups(tally, |cell| *cell == Cell::Arm(arm.name.clone()));
        all.extend(others.iter().map(|arm| {
            let (one, other) = (f64::from(arm.share), f64::from(control.share));
            let without = (control.name.as_str(), of(control));
            Comparison::of((&arm.name, of(arm)), without, other / (one + other))
        }));
    }
    all
}

type Groups = [Bucket; BUCKETS as usize];

/// Every group of shoppers, cells that fit together.
fn groups(tally: &TrialTally, fits: impl Fn(&Cell) -> bool) -> Groups {
    let mut sum = Groups::default();
    let cells = tally.cells.iter().filter(|(cell, _)| fits(cell));
    for (_, buckets) in cells {
        for (all, one) in sum.iter_mut().zip(buckets) {
            *all = all.with(one);
        }
    }
    sum
}

impl Comparison {
    /// `share` is the planned part of those without among both.
    fn of((with, one): (&str, Groups), (without, other): (&str, Groups), share: f64) -> Self {
        let total = |groups: &Groups| groups.iter().fold(Bucket::default(), Bucket::with);
        let (with_did, without_did) = (total(&one), total(&other));
        let buyers = |g: &Groups| g.map(|b| (f64::from(b.buyers), f64::from(b.reached)));
        let effect = stats::design_effect([&buyers(&one), &buyers(&other)]);
        let all = |b: &Bucket| (f64::from(b.buyers), f64::from(b.reached));
        let thinned = |(x, n): Proportion| (x / effect, n / effect);
        let interval = stats::newcombe(thinned(all(&with_did)), thinned(all(&without_did)));
        let reached = f64::from(with_did.reached + without_did.reached);
        let needed = stats::visits_needed(all(&without_did), share) as f64 * effect;
        let verdict = verdict(reached >= needed, interval);
        let amounts = |g: &Groups| g.map(|b| (b.amount_minor as f64, f64::from(b.reached)));
        let amount = stats::ratio_difference(&amounts(&one), &amounts(&other));
        Self {
            words: words(
                verdict,
                interval,
                (reached, needed),
                "visits",
                with,
                without,
            ),
            with: with.to_owned(),
            without: without.to_owned(),
            with_did,
            without_did,
            buyers: interval,
            amount_minor: amount.low.is_finite().then_some(amount),
            needed: needed as u64,
            verdict,
        }
    }
}

impl ScreenLift {
    fn of(screen: ScreenId, pairs: &Pairs) -> Self {
        let interval = stats::paired(pairs.count, pairs.sum, pairs.squares);
        let off = pairs.off.1 as f64 / (pairs.off.0 as f64).max(1.0);
        let needed = stats::pairs_needed(pairs.count, pairs.sum, pairs.squares, off);
        let needed = needed.max(f64::from(PAIRS_MIN));
        let count = f64::from(pairs.count);
        let verdict = verdict(count >= needed, interval);
        let what = (count, needed);
        Self {
            words: words(verdict, interval, what, "pairs of blocks", "on", "off"),
            screen,
            pairs: pairs.count,
            receipts: interval.low.is_finite().then_some(interval),
            needed: needed as u64,
            verdict,
        }
    }
}

/// Nothing is said before the sample is as large as was planned: whoever looks
/// every day and stops at the first good number is fooled by chance far more
/// often than once in twenty times.
fn verdict(is_enough: bool, interval: Interval) -> Verdict {
    if !is_enough {
        Verdict::CannotTell
    } else if interval.low > 0.0 {
        Verdict::More
    } else if interval.high < 0.0 {
        Verdict::Less
    } else {
        Verdict::NoDifference
    }
}

fn words(
    verdict: Verdict,
    interval: Interval,
    (have, need): (f64, f64),
    of: &str,
    with: &str,
    without: &str,
) -> String {
    let each = if of == "visits" { of } else { "receipts" };
    let [value, low, high] = [interval.value, interval.low, interval.high].map(|x| x * 100.0);
    match verdict {
        Verdict::CannotTell => format!(
            "cannot tell yet whether \u{201c}{with}\u{201d} sells more than \u{201c}{without}\u{201d}: \
             {have:.0} of about {:.0} {of} needed",
            rounded(need)
        ),
        Verdict::More | Verdict::Less => {
            let word = if verdict == Verdict::More {
                "more"
            } else {
                "less"
            };
            let (near, far) = if low > 0.0 {
                (low, high)
            } else {
                (-high, -low)
            };
            format!(
                "\u{201c}{with}\u{201d} sells {word} than \u{201c}{without}\u{201d}: {:.1} {word} of \
                 100 {each}, surely {near:.1} to {far:.1}",
                value.abs()
            )
        }
        Verdict::NoDifference => format!(
            "no difference between \u{201c}{with}\u{201d} and \u{201c}{without}\u{201d} showed: \
             {value:+.1} of 100 {each}, anything from {low:+.1} to {high:+.1}"
        ),
    }
}

/// To two figures: it is an estimate, and should look like one.
fn rounded(number: f64) -> f64 {
    let mut step = 1.0;
    while number / step >= 100.0 {
        step *= 10.0;
    }
    libm::ceil(number / step) * step
}

impl RampState {
    fn status(&self) -> RampStatus {
        let share = f32::from(self.permille) / 10.0;
        let words = match self.halted {
            Some(what) => format!(
                "taken back: {} more often where it was shown than elsewhere",
                what.words()
            ),
            None if self.permille == 0 => "not begun".to_owned(),
            None if self.is_complete() => "let loose on everybody".to_owned(),
            None => format!(
                "let loose on {share} % of shoppers, {} showings in {} h of this step",
                self.showings,
                self.ran_ms / 3_600_000
            ),
        };
        RampStatus {
            permille: self.permille,
            halted: self.halted,
            ran_ms: self.ran_ms,
            showings: self.showings,
            words,
        }
    }
}
