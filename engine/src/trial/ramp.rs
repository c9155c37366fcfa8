//! Letting an offer loose step by step, and taking it back by itself when
//! something happens too often where it is shown.
//!
//! Steps advance on running time with a known date and on showings, both
//! counted, never on a difference of two dates: a clock that jumps ahead or is
//! not known advances nothing.
//!
//! The guard is Wald's sequential probability ratio test, one-sided and never
//! ended for want of evidence (Wald, "Sequential tests of statistical
//! hypotheses", Ann. Math. Stat. 16, 1945). Each time something happens, either
//! where the offer is shown or elsewhere, the likelihood of that is compared
//! under "twice the bound" and under "the bound". The product is a
//! supermartingale as long as the bound is kept, so by Ville's inequality it
//! ever reaches 100 with a probability of at most 1 %: per step and kind, and
//! however often one looks.

use super::Cell;
use crate::plan::{Ramp, RampGuard};
use serde::{Deserialize, Serialize};

/// Evidence at which an offer is taken back: one false alarm in so many steps.
const EVIDENCE_MAX: f64 = 100.0;
/// The alternative that the guard looks for: so many times the bound.
const ALTERNATIVE: f64 = 2.0;

/// Something that should not happen more often because of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incident {
    /// A shopper took the consent to offers back on a day it was reached.
    OptOut,
    /// Somebody complained about a screen.
    Complaint,
    /// Somebody called for help near a screen.
    Help,
    /// A screen refused a picture or never confirmed it.
    ScreenError,
}

/// How far an offer is let loose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RampState {
    /// Share of shoppers let in now, thousandths.
    pub permille: u16,
    /// What took it back.
    pub halted: Option<Incident>,
    /// Running time in this step, ms.
    pub ran_ms: u64,
    /// Showings painted in this step.
    pub showings: u32,
    /// For each [`Incident`] how often it could have happened in this step with
    /// the offer and without it: shoppers reached, screen-seconds (twice),
    /// pictures sent.
    pub chances: [(u64, u64); 4],
    /// Evidence against the offer for each [`Incident`].
    pub evidence: [f64; 4],
}

/// What a ramp does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RampMove {
    /// To the next share, thousandths.
    Advanced(u16),
    /// Back to nobody, because of this.
    Reverted(Incident),
    /// By hand, to begin anew.
    Resumed,
}

impl Incident {
    /// Every kind, in the order of [`RampState::evidence`].
    pub const ALL: [Self; 4] = [Self::OptOut, Self::Complaint, Self::Help, Self::ScreenError];

    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OptOut => "shoppers take their consent back",
            Self::Complaint => "people complain",
            Self::Help => "people call for help",
            Self::ScreenError => "screens fail to paint it",
        }
    }

    /// The name, as a bounded label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OptOut => "opt_out",
            Self::Complaint => "complaint",
            Self::Help => "help",
            Self::ScreenError => "screen_error",
        }
    }
}

impl RampMove {
    /// What it does, in words.
    pub fn words(self) -> String {
        match self {
            Self::Advanced(permille) => {
                format!("let loose on {} %", f32::from(permille) / 10.0)
            }
            Self::Reverted(what) => {
                format!("taken back: {} more often where it is shown", what.words())
            }
            Self::Resumed => "let loose anew, by hand".to_owned(),
        }
    }
}

impl Default for RampState {
    fn default() -> Self {
        Self::at(0)
    }
}

impl RampGuard {
    /// How many times as often is allowed; 0 for not watched.
    pub const fn times(&self, what: Incident) -> u8 {
        match what {
            Incident::OptOut => self.opt_outs,
            Incident::Complaint => self.complaints,
            Incident::Help => self.help,
            Incident::ScreenError => self.screen_errors,
        }
    }
}

impl RampState {
    /// At the beginning of the step with this share.
    pub const fn at(permille: u16) -> Self {
        Self {
            permille,
            halted: None,
            ran_ms: 0,
            showings: 0,
            chances: [(0, 0); 4],
            evidence: [1.0; 4],
        }
    }

    /// Whether everybody is let in.
    pub const fn is_complete(&self) -> bool {
        self.permille >= 1_000
    }

    /// Whether it came to its end: everybody is let in, and the last step was
    /// watched for as long as the others.
    pub const fn is_over(&self, ramp: &Ramp) -> bool {
        self.is_complete() && self.ran_ms >= ramp.every_ms && self.showings >= ramp.showings_min
    }

    /// Time has passed with a known date. Returns the next share once the step
    /// is over.
    pub fn run(&mut self, ms: u64, ramp: &Ramp) -> Option<RampMove> {
        if self.halted.is_some() {
            return None;
        }
        self.ran_ms = self.ran_ms.saturating_add(ms);
        let is_over = self.ran_ms >= ramp.every_ms && self.showings >= ramp.showings_min;
        if self.permille > 0 && !is_over {
            return None;
        }
        let next = ramp.after(self.permille)?;
        *self = Self::at(next);
        Some(RampMove::Advanced(next))
    }

    /// Something happened, where the offer is shown or elsewhere. Returns what
    /// follows when it is one too many.
    pub fn incident(
        &mut self,
        what: Incident,
        is_inside: bool,
        guard: &RampGuard,
    ) -> Option<RampMove> {
        let times = f64::from(guard.times(what));
        let (with, without) = self.chances[what as usize];
        // Without anything to compare with there is nothing to tell.
        if times == 0.0 || without == 0 || self.halted.is_some() || self.permille == 0 {
            return None;
        }
        let ratio = |times: f64| times * with.max(1) as f64 / without as f64;
        let share = |ratio: f64| ratio / (1.0 + ratio);
        let bound = share(ratio(times));
        let worse = share(ratio(times * ALTERNATIVE));
        let evidence = &mut self.evidence[what as usize];
        *evidence *= if is_inside {
            worse / bound
        } else {
            (1.0 - worse) / (1.0 - bound)
        };
        if *evidence < EVIDENCE_MAX {
            return None;
        }
        *self = Self {
            halted: Some(what),
            ..Self::at(0)
        };
        Some(RampMove::Reverted(what))
    }

    /// Something could have happened, `count` times.
    pub fn chance(&mut self, what: Incident, is_inside: bool, count: u64) {
        let (with, without) = &mut self.chances[what as usize];
        let side = if is_inside { with } else { without };
        *side = side.saturating_add(count);
    }

    pub(super) fn reached(&mut self, cell: &Cell) {
        self.chance(Incident::OptOut, cell.is_shown(), 1);
    }
}

impl Cell {
    /// Whether the offer is shown to those in it.
    pub const fn is_shown(&self) -> bool {
        matches!(self, Self::Shown | Self::Arm(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUARD: RampGuard = RampGuard {
        opt_outs: 2,
        complaints: 2,
        help: 2,
        screen_errors: 2,
    };

    fn ramp() -> Ramp {
        Ramp {
            steps: vec![10, 50, 100, 250, 500, 1_000],
            every_ms: 86_400_000,
            showings_min: 10,
            guard: GUARD,
        }
    }

    /// A stream of even numbers in 0..1 (Steele, Lea and Flood's `SplitMix64`).
    fn draws(seed: u64) -> impl Iterator<Item = f64> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ z >> 31) as f64 / u64::MAX as f64
        })
    }

    /// Complaints until the offer is taken back, when they come so many times as
    /// often where it is shown; at most 400 are looked at.
    fn until_reverted(seed: u64, times: f64) -> Option<usize> {
        let mut state = RampState::at(250);
        state.chance(Incident::Complaint, true, 2_500);
        state.chance(Incident::Complaint, false, 7_500);
        let inside = times * 2_500.0 / (times * 2_500.0 + 7_500.0);
        let mut complaints = draws(seed).take(400);
        complaints.position(|draw| {
            let moved = state.incident(Incident::Complaint, draw < inside, &GUARD);
            moved.is_some()
        })
    }

    #[test]
    fn an_offer_that_keeps_the_bound_is_taken_back_in_at_most_one_step_of_a_hundred() {
        let share = |times: f64| {
            let runs = 0..2_000;
            let alarms = runs.filter(|seed| until_reverted(*seed, times).is_some());
            alarms.count() as f64 / 2_000.0
        };
        // Of 2,000 runs 1 % is 20 with a deviation of 4.4.
        assert!(share(2.0) <= 0.0166, "{}", share(2.0));
        assert!(share(1.0) <= 0.001, "{}", share(1.0));
    }

    #[test]
    fn an_offer_that_breaks_it_clearly_is_taken_back_after_a_few_dozen() {
        let mut needed: Vec<usize> = (0..500)
            .map(|seed| until_reverted(seed, 8.0).unwrap_or(400))
            .collect();
        needed.sort_unstable();
        assert!(needed[250] < 40, "half of them after {}", needed[250]);
        assert!(needed[475] < 90, "nearly all after {}", needed[475]);
    }

    #[test]
    fn a_step_ends_by_running_time_and_showings_together() {
        let ramp = ramp();
        let mut state = RampState::default();
        assert_eq!(state.run(1, &ramp), Some(RampMove::Advanced(10)));
        assert_eq!(state.run(90_000_000, &ramp), None, "nobody saw it");
        state.showings = 10;
        assert_eq!(state.run(1_000, &ramp), Some(RampMove::Advanced(50)));
        state.showings = 10;
        assert_eq!(state.run(86_000_000, &ramp), None, "the day is not over");
        assert_eq!(state.run(400_000, &ramp), Some(RampMove::Advanced(100)));
        state = RampState::at(1_000);
        state.showings = 1_000;
        assert_eq!(state.run(90_000_000, &ramp), None, "there is no next");
    }

    #[test]
    fn what_was_taken_back_stays_back() {
        let mut state = RampState::at(500);
        state.chance(Incident::ScreenError, true, 100);
        state.chance(Incident::ScreenError, false, 100);
        let mut errors = 0;
        while state.halted.is_none() {
            state.incident(Incident::ScreenError, true, &GUARD);
            errors += 1;
        }
        assert_eq!((errors, state.permille), (26, 0));
        assert_eq!(state.run(1 << 40, &ramp()), None);
    }

    #[test]
    fn without_a_baseline_nothing_is_told() {
        let mut state = RampState::at(500);
        state.chance(Incident::Help, true, 100);
        for _ in 0..1_000 {
            assert_eq!(state.incident(Incident::Help, true, &GUARD), None);
        }
    }
}
