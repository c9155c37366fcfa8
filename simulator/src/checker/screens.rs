//! Promise 6: once the world has healed every screen shows what it was last
//! told; and at all times revisions rise.

use super::{Call, Complaints};
use engine::{
    Effect, Event,
    plan::{OfferIx, ScreenIx, StorePlan},
};
use protocol::screen::{ScreenAction, ScreenCommand, ScreenStatus};
use std::sync::Arc;

/// A healthy screen has painted a command after this long, ms: network and
/// paint at their slowest, and one sending again.
const PAINTED_WITHIN_MS: u64 = 3_000;

/// What is truly on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glass {
    /// Which screen.
    pub screen: ScreenIx,
    /// The picture people see; `None` for the house loop.
    pub offer: Option<OfferIx>,
    /// Newest revision painted since it started; 0 for none.
    pub painted: u64,
}

/// The last command to every screen.
#[derive(Debug)]
pub struct Screens {
    plan: Arc<StorePlan>,
    told: Vec<Option<Told>>,
    start: u32,
}

#[derive(Debug, Clone)]
struct Told {
    command: ScreenCommand,
    first_ms: u64,
    start: u32,
    /// The screen said that it cannot paint it: what was there before stays.
    refused: bool,
}

impl Screens {
    /// Nobody was told anything.
    pub fn new(plan: Arc<StorePlan>) -> Self {
        Self {
            told: vec![None; plan.screens.len()],
            plan,
            start: 0,
        }
    }

    /// The gateway starts.
    pub fn started(&mut self) {
        self.start += 1;
    }

    /// One call of the engine.
    pub fn called(&mut self, call: &Call<'_>, complaints: &mut Complaints) {
        if let Event::Screen(said) = call.event
            && said.status == ScreenStatus::Rejected
            && let Some(told) = &mut self.told[said.screen.at()]
            && told.command.revision == said.revision
        {
            told.refused = true;
        }
        for effect in call.effects {
            let Effect::Command(command) = effect else {
                continue;
            };
            let Some(screen) = self.plan.screen(&command.screen) else {
                complaints.add(6, call.at_ms, "a command to no screen of the plan");
                continue;
            };
            let told = &mut self.told[screen.at()];
            if let Some(before) = told {
                let again = before.start == self.start && is_repeat(&before.command, command);
                if again {
                    continue;
                }
                if command.revision <= before.command.revision {
                    let what = format!(
                        "revision {} follows revision {} on screen {}",
                        command.revision, before.command.revision, command.screen
                    );
                    complaints.add(6, call.at_ms, what);
                }
            }
            *told = Some(Told {
                command: command.clone(),
                first_ms: call.at_ms,
                start: self.start,
                refused: false,
            });
        }
    }

    /// Ground truth of a screen that runs, in a healthy world.
    pub fn settled(&self, glass: &Glass, at_ms: u64, complaints: &mut Complaints) {
        let name = &self.plan.screens[glass.screen.at()].id;
        let Some(told) = &self.told[glass.screen.at()] else {
            if glass.offer.is_some() {
                complaints.add(6, at_ms, format!("screen {name} shows what nobody sent"));
            }
            return;
        };
        if told.refused || at_ms < told.first_ms + PAINTED_WITHIN_MS {
            return;
        }
        let (wanted, over) = match &told.command.action {
            ScreenAction::Clear => (None, false),
            ScreenAction::Show {
                offer,
                shown_for_ms,
                ..
            } => {
                let ends_ms = told.first_ms + u64::from(*shown_for_ms);
                (self.plan.offer(offer), at_ms >= ends_ms)
            }
        };
        // A picture's time begins when it is painted: near its end both are right.
        let right = glass.offer == wanted || (over && glass.offer.is_none());
        // A player that was started since shows the house loop and has painted nothing.
        let confirmed = glass.painted == told.command.revision
            || (glass.painted == 0 && (wanted.is_none() || over));
        if !right || !confirmed {
            complaints.add(
                6,
                at_ms,
                format!(
                    "screen {name} was told revision {} {} ms ago and has painted {} ({})",
                    told.command.revision,
                    at_ms - told.first_ms,
                    glass.painted,
                    if right {
                        "the right picture"
                    } else {
                        "a wrong picture"
                    },
                ),
            );
        }
    }
}

/// The same command once more. A player that started late is given the rest
/// of the time only.
fn is_repeat(before: &ScreenCommand, command: &ScreenCommand) -> bool {
    let same = match (&before.action, &command.action) {
        (ScreenAction::Clear, ScreenAction::Clear) => true,
        (
            ScreenAction::Show {
                offer: a,
                creative: b,
                code: c,
                ..
            },
            ScreenAction::Show {
                offer,
                creative,
                code,
                ..
            },
        ) => a == offer && b == creative && c == code,
        (ScreenAction::Clear, ScreenAction::Show { .. })
        | (ScreenAction::Show { .. }, ScreenAction::Clear) => false,
    };
    same && before.revision == command.revision
}

#[cfg(test)]
mod tests {
    use super::super::trace::{BREAD, Trace};
    use super::*;

    fn glass(trace: &Trace, offer: Option<&str>, painted: u64) -> Glass {
        Glass {
            screen: ScreenIx(0),
            offer: offer.and_then(|o| trace.plan.offer(&o.parse().unwrap())),
            painted,
        }
    }

    #[test]
    fn a_screen_that_shows_something_else_than_it_was_told_is_found() {
        for (offer, painted, after_ms, broken) in [
            (Some(BREAD), 5, 4_000, vec![]),
            (None, 0, 1_000, vec![]),
            (None, 0, 4_000, vec![6]),
            (Some(BREAD), 4, 4_000, vec![6]),
            (Some("warm-day"), 5, 4_000, vec![6]),
            (None, 5, 16_000, vec![]),
            (None, 0, 16_000, vec![]),
            (Some("warm-day"), 5, 16_000, vec![6]),
        ] {
            let mut trace = Trace::new();
            trace.reserve(BREAD, 5, &[]).durable().show(BREAD, 5);
            let seen = glass(&trace, offer, painted);
            let at = trace.at_ms + after_ms;
            trace.checker.settled(&seen, at);
            assert_eq!(trace.broken(), broken, "{offer:?} {painted} {after_ms}");
        }
    }

    #[test]
    fn a_revision_that_does_not_rise_is_found_also_over_a_start() {
        let mut trace = Trace::new();
        let clear = trace.clear_command(7);
        trace.call(&Event::Woke, &[clear.clone(), clear.clone()]);
        assert_eq!(trace.broken(), Vec::<u8>::new(), "sent again");
        trace.checker.started();
        trace.call(&Event::Woke, &[clear]);
        assert_eq!(trace.broken(), [6], "another start must not repeat it");
        let lower = trace.clear_command(6);
        trace.call(&Event::Woke, &[lower]);
        assert_eq!(trace.broken(), [6, 6]);
    }
}
