//! Each screen from decision to proof: reserve, send, wait for the screen's own
//! word, send again, expire, clear.
//!
//! ```text
//!            reserve            durable            painted             time is up
//!   house ------------> reserving ------> sent ------------> showing ------------> house
//!     ^                     | withdrawn     | rejected, no answer      | withdrawn, stock out, ...
//!     |                     v               v                          v
//!     +---------------- released        clear (sent again until the screen confirms)
//! ```
//!
//! What was charged is given back only when the picture surely never appeared.

mod command_image;
mod screen;

pub use screen::{Planned, ScreenState};

use crate::{
    Seed,
    commits::Out,
    decide::Choice,
    event::ScreenSaid,
    measure::Serials,
    money::{Bill, Ticket},
    plan::{OfferIx, ScreenIx, StorePlan},
    shopper::ShopperId,
    time::Now,
};
use protocol::id::OfferId;
use screen::{Next, Showing};

/// The next picture is decided this long before the one on the glass ends, so
/// that no house loop flashes in between, ms.
const EARLY_MS: u64 = 1_500;
/// A picture on the glass gives way to one with this many times its score.
const CLEARLY_BETTER: f32 = 2.0;
/// Revisions of one start of the gateway: a century at one command a second.
/// With 21 bits of starts above they stay below 2^53 and rise over restarts.
const REVISION_BITS: u32 = 32;

/// All screens, in the order of the plan.
#[derive(Debug)]
pub struct Deliver {
    screens: Vec<ScreenState>,
    revisions: Revisions,
    serials: Serials,
}

/// Numbers for commands.
#[derive(Debug, Clone, Copy)]
struct Revisions {
    boot: u32,
    sequence: u64,
}

impl Revisions {
    const fn next(&mut self) -> u64 {
        self.sequence += 1;
        self.first() + self.sequence
    }

    /// Every revision of this start is above it, every earlier one below.
    const fn first(self) -> u64 {
        (self.boot as u64) << REVISION_BITS
    }
}

impl Deliver {
    /// Every screen is taken to show the house loop until it says otherwise.
    pub fn new(plan: &StorePlan, boot: u32, seed: Seed) -> Self {
        Self {
            screens: plan
                .screens
                .iter()
                .map(|s| ScreenState::new(s.id.clone(), s.pace))
                .collect(),
            revisions: Revisions { boot, sequence: 0 },
            serials: Serials::new(seed),
        }
    }

    /// Takes a new plan over. What is on a glass goes on if its offer still
    /// stands under the same name; everything else is cleared.
    pub fn replan(&mut self, now: Now, plan: &StorePlan, out: &mut Out<'_>) {
        for state in &mut self.screens {
            let gone = plan.screen(&state.id).is_none();
            let lost = state.offers_mut().any(|planned| {
                plan.offer(&planned.offer_id)
                    .map(|index| planned.offer = index)
                    .is_none()
            });
            if gone || lost {
                state.clear(now, &mut self.revisions, out);
            }
        }
        let kept = std::mem::take(&mut self.screens);
        self.screens = plan
            .screens
            .iter()
            .map(|s| {
                let old = kept.iter().find(|k| k.id == s.id);
                let mut state = old
                    .cloned()
                    .unwrap_or_else(|| ScreenState::new(s.id.clone(), s.pace));
                state.pace = s.pace;
                state
            })
            .collect();
    }

    /// For a recording: every screen as it is, and the number of its last command.
    pub(crate) fn image(&self) -> (&[ScreenState], u32, u64) {
        (&self.screens, self.revisions.boot, self.revisions.sequence)
    }

    /// As it was when the image was made. `None` when it is of another plan.
    pub(crate) fn of_image(
        plan: &StorePlan,
        seed: Seed,
        (screens, boot, sequence): (Vec<ScreenState>, u32, u64),
    ) -> Option<Self> {
        let is_ours = screens
            .iter()
            .map(|s| &s.id)
            .eq(plan.screens.iter().map(|s| &s.id));
        is_ours.then(|| Self {
            screens,
            revisions: Revisions { boot, sequence },
            serials: Serials::new(seed),
        })
    }

    /// The screens, in the order of the plan.
    pub fn screens(&self) -> &[ScreenState] {
        &self.screens
    }

    /// The score a new picture must reach on this screen now; `None` when it
    /// can take none. One that is on the glass gives way only to something
    /// clearly better, and not before its minimum dwell.
    pub fn score_to_beat(&self, now: Now, plan: &StorePlan, screen: ScreenIx) -> Option<f32> {
        let state = &self.screens[screen.at()];
        let silent_ms = now.mono.since_ms(state.heard?);
        let takes_orders = silent_ms < plan.screens[screen.at()].silent_after_ms
            && state.next == Next::Nothing
            && !state.owes_clear
            && now.mono >= state.rest_until;
        if !takes_orders {
            return None;
        }
        let Some(showing) = &state.glass else {
            return Some(0.0);
        };
        let on_for_ms = now.mono.since_ms(showing.viewing.since);
        if on_for_ms < u64::from(plan.guard.at_least_floor().dwell_on_screen_ms_min) {
            return None;
        }
        let ending = now.mono.after_ms(EARLY_MS) >= showing.until;
        Some(if ending {
            0.0
        } else {
            CLEARLY_BETTER * showing.planned.score
        })
    }

    /// Reserves a showing; it is sent once the reservation is durable.
    pub fn reserve(&mut self, plan: &StorePlan, bill: Bill, choice: Choice, out: &mut Out<'_>) {
        let screen = choice.decision.screen;
        if let Some(offer) = choice.decision.chosen {
            let revision = self.revisions.next();
            let serial = self.serials.of(revision);
            let ticket = bill.ticket(plan, offer, serial).map(Ticket::text);
            let code = plan.offers[offer.at()].code.as_ref();
            let code = ticket.or_else(|| code.map(|code| code.text(serial)));
            let state = &mut self.screens[screen.at()];
            let planned = state.plan(plan, offer, choice, revision, code);
            state.reserve(screen, planned, (plan, bill), out);
        }
    }

    /// A revision for what no screen shows.
    pub fn next_revision(&mut self) -> u64 {
        self.revisions.next()
    }

    /// The revision that a code's serial names, if it names one.
    pub fn revision_of(&self, serial: u64) -> Option<u64> {
        self.serials.revision(serial, self.revisions.boot)
    }

    /// The picture waiting for this reservation, if it still is.
    pub fn reserved(&self, screen: ScreenIx, revision: u64) -> Option<&Planned> {
        match &self.screens.get(screen.at())?.next {
            Next::Reserving(planned) if planned.revision == revision => Some(planned),
            Next::Reserving(_) | Next::Nothing | Next::Sent(_) => None,
        }
    }

    /// The reservation is durable and the picture still right: send it.
    pub fn send(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        self.screens[screen.at()].send(now, out);
    }

    /// What is decided or shown is not right any more: back to the house loop
    /// at once.
    pub fn clear(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        self.screens[screen.at()].clear(now, &mut self.revisions, out);
    }

    /// The offer that a screen was sent and has not confirmed.
    pub fn awaited(&self, screen: ScreenIx) -> Option<OfferId> {
        match &self.screens[screen.at()].next {
            Next::Sent(sending) => sending.planned.as_ref().map(|p| p.offer_id.clone()),
            Next::Nothing | Next::Reserving(_) => None,
        }
    }

    /// Screens with a picture decided, sent or shown for this shopper's sake,
    /// and of which offer.
    pub fn shown_for(&self, shopper: ShopperId) -> Vec<(ScreenIx, OfferIx)> {
        let screens = self.screens.iter().enumerate();
        let pictures = screens.flat_map(|(i, s)| s.offers().map(move |p| (i, p)));
        pictures
            .filter(|(_, planned)| planned.shoppers.contains(&shopper))
            .map(|(i, planned)| (ScreenIx(i as u8), planned.offer))
            .collect()
    }

    /// A shopper is measured no longer.
    pub fn forget_viewer(&mut self, shopper: ShopperId) {
        for showing in self.screens.iter_mut().filter_map(|s| s.glass.as_mut()) {
            showing.viewing.forget(shopper);
        }
    }

    /// What is on the glass, to count who sees it.
    pub fn showing_mut(&mut self, screen: ScreenIx) -> Option<&mut Showing> {
        self.screens[screen.at()].glass.as_mut()
    }

    /// A screen said something.
    pub fn said(&mut self, now: Now, said: ScreenSaid, out: &mut Out<'_>) {
        self.screens[said.screen.at()].said(now, said, &mut self.revisions, out);
    }

    /// Time passes on one screen: end what has ended, send again what was not
    /// confirmed.
    pub fn tick(&mut self, now: Now, screen: ScreenIx, out: &mut Out<'_>) {
        self.screens[screen.at()].tick(now, screen, out);
    }
}
