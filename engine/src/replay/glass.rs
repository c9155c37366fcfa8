//! Screens that paint what they are sent, as far as the recorded ones were
//! there: a replay with other offers sends other pictures, to which yesterday's
//! screens gave no answer.

use crate::{
    event::ScreenSaid,
    plan::{ScreenIx, StorePlan},
    time::Mono,
};
use protocol::screen::{ScreenCommand, ScreenStatus};

/// From order to picture, ms: what a player in a browser takes over a shop's
/// network. Slow labels take longer, but hold their pictures for hours.
const PAINTS_MS: u64 = 300;

/// One screen.
#[derive(Debug, Clone, Copy, Default)]
struct Glass {
    /// When the recorded screen last said anything.
    heard: Option<Mono>,
    painted: u64,
    ordered: Option<(Mono, u64)>,
}

/// Every screen of a plan.
#[derive(Debug)]
pub(super) struct Glasses(Vec<Glass>);

impl Glasses {
    pub(super) fn new(plan: &StorePlan) -> Self {
        Self(vec![Glass::default(); plan.screens.len()])
    }

    /// A screen is sent something.
    pub(super) fn order(&mut self, now: Mono, plan: &StorePlan, command: &ScreenCommand) {
        let screen = plan.screen(&command.screen);
        if let Some(glass) = screen.and_then(|screen| self.0.get_mut(screen.at())) {
            glass.ordered = Some((now.after_ms(PAINTS_MS), command.revision));
        }
    }

    /// What a recorded word means for the screen in this replay: that it is
    /// there, and that it began anew.
    pub(super) fn said(&mut self, now: Mono, said: &ScreenSaid) -> Option<ScreenSaid> {
        let glass = self.0.get_mut(said.screen.at())?;
        glass.heard = Some(now);
        let status = match said.status {
            ScreenStatus::Hello => {
                glass.painted = 0;
                ScreenStatus::Hello
            }
            ScreenStatus::Painted | ScreenStatus::Rejected | ScreenStatus::Alive => {
                ScreenStatus::Alive
            }
        };
        Some(ScreenSaid {
            screen: said.screen,
            revision: glass.painted,
            status,
        })
    }

    /// What has been painted by now, on screens that were there.
    pub(super) fn painted(&mut self, now: Mono, plan: &StorePlan) -> Vec<ScreenSaid> {
        let mut said = Vec::new();
        for (at, glass) in self.0.iter_mut().enumerate() {
            let Some((due, revision)) = glass.ordered else {
                continue;
            };
            let silent_ms = glass.heard.map_or(u64::MAX, |heard| now.since_ms(heard));
            if due > now || silent_ms > plan.screens[at].silent_after_ms {
                continue;
            }
            glass.ordered = None;
            glass.painted = revision;
            said.push(ScreenSaid {
                screen: ScreenIx(at as u8),
                revision,
                status: ScreenStatus::Painted,
            });
        }
        said
    }
}
